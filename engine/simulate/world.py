"""What comes to pass whatever a policy decides: wanted units, returns, goods already ordered."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.model.snapshot import Snapshot
from engine.simulate.policy import Past
from engine.simulate.rows import Ints, Rows

Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class World:
    """Axes [day, series]; day 0 is `first_day`. Units are whole; gift sets are in their parts.

    `series` columns: sku, location, supplier, cost and price (base currency per unit, as reals),
    sorted by (sku, location). `known` is the company as it knew itself on the first morning.
    """

    first_day: date
    known: Snapshot = field(repr=False)
    series: pd.DataFrame = field(repr=False)
    opening: Ints = field(repr=False)  # [series] on hand on the first morning
    wanted: Ints = field(repr=False)
    returned: Ints = field(repr=False)
    arriving: Ints = field(repr=False)  # good units of orders placed before the first day
    inbound: Ints = field(repr=False)  # [series] units of such orders still out on that morning
    deliveries: pd.DataFrame = field(repr=False)  # receipts behind `arriving`
    # Cancellations of such orders that are heard of later: po, line, row,
    # cancelled_units (in all), units (newly), told_on.
    cancelled: pd.DataFrame = field(repr=False)
    before: Past = field(repr=False)  # half a year before the first day, where there is
    established: Bools = field(repr=False)  # [series] sold or was stocked before the first day

    @property
    def days(self) -> int:
        return len(self.wanted)

    def cancelled_before(self, day: int) -> pd.DataFrame:
        """Those that are known on the morning of day number `day`."""
        told = self.rows.day_of(self.cancelled["told_on"]) < day
        return self.cancelled[told]

    @cached_property
    def rows(self) -> Rows:
        return Rows(first_day=self.first_day, days=self.days, series=self.series)
