"""What the checks look at: the tables, and the sales by series and day."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.connect.assembled import Assembled, Columns
from engine.connect.columns import Mask, Numbers, Text, group_rows
from engine.connect.coverage import Coverage, date_of, days_of
from engine.model.money import MICROS

Ints = NDArray[np.int64]
EXAMPLES = 5


@dataclass(frozen=True, kw_only=True)
class View:
    """The finished tables; absent tables are absent here too."""

    tables: Mapping[str, Assembled]
    given: frozenset[str]  # tables that the source had; others are derived or assumed
    coverage: Coverage

    @cached_property
    def sales(self) -> "Sales":
        return Sales(self.tables["sales"], self.coverage)

    def text(self, table: str, column: str) -> Text:
        """A text column; empty where the table or the column is absent."""
        found = self.tables[table].columns.get(column) if table in self.tables else None
        return found if isinstance(found, Text) else Text(codes=np.empty(0, np.int32), distinct=[])

    def numbers(self, table: str, column: str) -> Numbers:
        """A number column; gaps where the table has rows but not the column."""
        part = self.tables.get(table)
        found = part.columns.get(column) if part is not None else None
        if isinstance(found, Numbers):
            return found
        rows = len(part) if part is not None else 0
        return Numbers(cells=np.zeros(rows, np.int64), valid=np.zeros(rows, np.bool_))


class Sales:
    """Units that customers took, by series (SKU x location) and day. Returns are left out."""

    def __init__(self, table: Assembled, coverage: Coverage) -> None:
        self.step = 7 if coverage.bucket == "week" else 1
        columns = table.columns
        self.sku, self.location = _text(columns, "sku"), _text(columns, "location")
        self.series, self.first_row = group_rows([self.sku, self.location])
        self.day = days_of(table)
        self.units = _ints(columns, "units")
        kind = _text(columns, "kind")
        is_sale = kind.where([value == "sale" for value in kind.distinct])
        self.is_demand: Mask = is_sale & (self.units > 0)
        self.unit_price = _unit_prices(columns, self.is_demand)

    @cached_property
    def daily(self) -> pd.DataFrame:
        """Columns series, day, units: one row per series and day with demand, in that order."""
        chosen = self.is_demand
        width = int(self.day.max()) + 1
        back, keys = pd.factorize(self.series[chosen] * width + self.day[chosen], sort=True)
        units = np.bincount(back, weights=self.units[chosen].astype(np.float64))
        return pd.DataFrame({"series": keys // width, "day": keys % width, "units": units})

    @property
    def buckets(self) -> str:
        return "weeks" if self.step > 1 else "days"

    def name(self, series: int) -> str:
        """'LAMP-OAK-01 at LEEDS'."""
        row = int(self.first_row[series])
        return f"{self.sku.at(row)} at {self.location.at(row)}"


def shown_day(day: float) -> str:
    return date_of(int(day)).isoformat()


def _text(columns: Columns, name: str) -> Text:
    cells = columns[name]
    assert isinstance(cells, Text), "a text column of the contract"  # noqa: S101  an invariant
    return cells


def _ints(columns: Columns, name: str) -> Ints:
    cells = columns[name]
    assert isinstance(cells, Numbers), "a number column of the contract"  # noqa: S101  an invariant
    return np.where(cells.valid, cells.cells.astype(np.int64), 0)


def _unit_prices(columns: Columns, demand: Mask) -> NDArray[np.float64]:
    """Price of one unit per row, in currency; NaN where neither price nor revenue is known."""
    price, revenue = columns.get("price"), columns.get("net_revenue")
    found = np.full(len(demand), np.nan)
    if isinstance(revenue, Numbers):
        units = _ints(columns, "units")
        known = revenue.valid & demand
        found[known] = revenue.cells[known].astype(np.float64) / units[known] / MICROS
    if isinstance(price, Numbers):
        found = np.where(price.valid, price.cells.astype(np.float64) / MICROS, found)
    return found


def only(frame: pd.DataFrame, rows: "pd.Series[bool] | Mask") -> pd.DataFrame:
    """Some rows of a frame (spelled so that its type stays known)."""
    return frame.loc[np.asarray(rows, dtype=np.bool_)]
