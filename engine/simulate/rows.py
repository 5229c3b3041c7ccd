"""Where rows of a frame belong among the days and series of a replay."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.presence import SERIES
from engine.model.snapshot import Snapshot

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Axes [day, series]; `series` has the columns sku and location."""

    first_day: date
    days: int
    series: pd.DataFrame = field(repr=False)

    @cached_property
    def _index(self) -> "pd.Series[int]":
        return pd.Series(
            np.arange(len(self.series)), index=pd.MultiIndex.from_frame(self.series[SERIES])
        )

    def place(self, frame: pd.DataFrame) -> Ints:
        """Row in `series` of each row's sku and location; -1 where it is none of them."""
        wanted = pd.MultiIndex.from_frame(frame[SERIES].astype(str))
        return self._index.reindex(wanted, fill_value=-1).to_numpy().astype(np.int64)

    def day_of(self, dates: "pd.Series[pd.Timestamp]") -> Ints:
        """Day numbers of dates."""
        days = dates.to_numpy(dtype="datetime64[D]") - np.datetime64(self.first_day, "D")
        return days.astype(np.int64)

    def dates(self, days: Ints) -> pd.DatetimeIndex:
        first = np.datetime64(self.first_day, "ns")
        return pd.DatetimeIndex(first + days.astype("timedelta64[D]"))

    def summed(self, rows: pd.DataFrame, when: str) -> Ints:
        """Units [day, series]; what belongs to no series or day is left out."""
        total = np.zeros((self.days, len(self.series)), np.int64)
        row, day = self.place(rows), self.day_of(rows[when])
        inside = (row >= 0) & (day >= 0) & (day < self.days)
        units = rows["units"].to_numpy(dtype=np.int64)
        np.add.at(total, (day[inside], row[inside]), units[inside])
        return total

    def counted(self, sales: pd.DataFrame, snapshot: Snapshot) -> Ints:
        """Units [day, series] of sales rows, with gift sets taken apart."""
        plain = sales[["date", *SERIES, "units"]].astype({"sku": object, "location": object})
        parts = plain.merge(snapshot["bundles"], left_on="sku", right_on="bundle_sku")
        parts = parts.assign(sku=parts["component_sku"], units=parts["units"] * parts["quantity"])
        both = pd.concat([plain, parts[["date", *SERIES, "units"]]], ignore_index=True)
        return self.summed(both, "date")


def presence_grid(rows: Rows, stock: pd.DataFrame, sold: Ints) -> Floats:
    """Share of each day [day, series] in stock; a day that is not on record counts if it sold.

    Where the share was not recorded, units on hand in the evening stand for the whole day.
    """
    recorded = stock["in_stock_fraction"].clip(0, 1)
    share = recorded.fillna((stock["on_hand"] > 0).astype(float)).to_numpy(dtype=np.float64)
    grid = (sold > 0).astype(np.float64)
    row, day = rows.place(stock), rows.day_of(stock["date"])
    inside = (row >= 0) & (day >= 0) & (day < rows.days)
    grid[day[inside], row[inside]] = share[inside]
    return grid
