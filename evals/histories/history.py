"""A sales history as a matrix, cut at any bucket and handed to the engine as a snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InvalidInput
from engine.model.snapshot import Snapshot
from evals.snapshots import snapshot_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class History:
    """Axes: [series, bucket]. NaN in `units`: not recorded, or out of stock; never a zero.

    A series without any number before some bucket had not begun by then. `categories` are paths.
    """

    name: str
    skus: Sequence[str]
    locations: Sequence[str]
    categories: Sequence[str]
    units: Floats = field(repr=False)
    first_day: date
    bucket_days: int

    @property
    def buckets(self) -> int:
        return self.units.shape[1]

    def between(self, first: int, last: int) -> "History":
        """The buckets from `first` up to, not including, `last`."""
        day = self.first_day + timedelta(days=first * self.bucket_days)
        return replace(self, units=self.units[:, first:last], first_day=day)

    def of(self, rows: Ints) -> "History":
        """Only these series, in this order."""
        return replace(
            self,
            skus=[self.skus[row] for row in rows],
            locations=[self.locations[row] for row in rows],
            categories=[self.categories[row] for row in rows],
            units=self.units[rows],
        )

    def snapshot(self) -> Snapshot:
        """The whole history as the engine sees it on the day after its last bucket.

        Series must be in the order of (sku, location), so that rows match those of the panel.
        A bucket without a record after the first one is one in which it could not be bought.
        """
        as_of = self.first_day + timedelta(days=self.buckets * self.bucket_days)
        return snapshot_of(
            self.name,
            as_of=as_of,
            bucket="week" if self.bucket_days > 1 else "day",
            sales=self._sales(),
            stock=self._stock(),
            items=self._items(),
        )

    def _starts(self) -> pd.DatetimeIndex:
        every = f"{self.bucket_days}D"
        return pd.date_range(self.first_day, periods=self.buckets, freq=every)

    def _sales(self) -> pd.DataFrame:
        row, bucket = np.nonzero(np.nan_to_num(self.units) > 0)
        sold = self._keys(row, bucket)
        return sold.assign(units=self.units[row, bucket], kind="sale", channel="web")

    def _stock(self) -> pd.DataFrame:
        recorded = np.isfinite(self.units)
        begun = np.maximum.accumulate(recorded, axis=1)
        row, bucket = np.nonzero(begun)
        share = recorded[row, bucket].astype(np.float64)
        return self._keys(row, bucket).assign(in_stock_fraction=share)

    def _items(self) -> pd.DataFrame:
        items = pd.DataFrame({"sku": list(self.skus), "category": list(self.categories)})
        items["launch_date"] = self._launches()
        return items.groupby("sku", sort=True).first().reset_index()

    def _launches(self) -> pd.DatetimeIndex:
        """First recorded bucket; nothing where the history simply begins."""
        recorded = np.isfinite(self.units)
        first = np.where(recorded.any(axis=1), recorded.argmax(axis=1), 0)
        return self._starts()[first].where(first > 0)

    def _keys(self, row: Ints, bucket: Ints) -> pd.DataFrame:
        return pd.DataFrame({
            "date": self._starts()[bucket],
            "sku": pd.Categorical(np.asarray(self.skus, dtype=object)[row]),
            "location": pd.Categorical(np.asarray(self.locations, dtype=object)[row]),
        })  # fmt: skip


def found(folder: Path, names: Sequence[str], file: str) -> Path:
    """The file in `folder` itself or in one of its subfolders `names`."""
    for place in (folder, *(folder / name for name in names)):
        if (place / file).is_file():
            return place / file
    looked = ", ".join(str(folder / name) for name in names)
    raise InvalidInput(f"No {file!r} in {folder} or {looked}. Pass its folder with --data.")
