"""What single orders say of a bucket: a wholesale line, or one customer who took a lot."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats, Ints
from engine.demand.axes import SeriesAxis, TimeAxis
from engine.demand.ledger import Ledger


@dataclass(frozen=True, kw_only=True)
class LargestOrder:
    """[cell] units of the largest order in each cell asked for; 0 where no order is on record."""

    units: Floats
    wholesale: Bools  # it came through a wholesale channel


@dataclass(frozen=True, kw_only=True)
class OrderLines:
    """Sales by order, looked at only where a bucket stands out."""

    ledger: Ledger = field(repr=False)
    series: SeriesAxis = field(repr=False)
    time: TimeAxis

    def largest(self, rows: Ints, buckets: Ints) -> LargestOrder:
        """The largest order in each of these cells; lines without an order number name none."""
        wanted = rows * self.time.buckets + buckets
        lines = self._lines(np.unique(wanted))
        orders = lines.groupby(["cell", "order"], sort=True).agg(
            units=("units", "sum"), wholesale=("wholesale", "max")
        )
        largest = orders.reset_index().sort_values(["cell", "units"]).groupby("cell").last()
        found = largest.reindex(wanted)
        return LargestOrder(
            units=found["units"].fillna(0.0).to_numpy(np.float64),
            wholesale=found["wholesale"].eq(other=True).to_numpy(np.bool_),
        )

    def _lines(self, cells: Ints) -> pd.DataFrame:
        ledger = self.ledger
        row, bucket = self.series.rows(ledger.place), self.time.bucket_of(ledger.day)
        cell = np.where(row >= 0, row * self.time.buckets + bucket, -1)
        usable = np.isin(cell, cells) & (ledger.units > 0) & ~ledger.test
        usable[usable] &= pd.notna(ledger.order[usable])
        return pd.DataFrame(
            {
                "cell": cell[usable],
                "order": ledger.order[usable].astype(str),
                "units": ledger.units[usable],
                "wholesale": ledger.wholesale[usable],
            }
        )
