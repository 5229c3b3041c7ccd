"""What a forecast may learn from: clean demand up to an origin, on the panel's axes."""

from dataclasses import dataclass, replace

import pandas as pd

from engine.demand.arrays import Bools, Floats, Keys
from engine.demand.groups import Groups
from engine.demand.levers import Levers
from engine.forecast.calendar import HolidayGrid
from engine.forecast.family import Family


@dataclass(frozen=True, kw_only=True)
class Training:
    """[series, bucket] up to the origin.

    `sold` is clean demand where it was in stock and 0 elsewhere; `weight` the share in stock.
    Filled stockouts therefore teach nothing: they were filled from the same neighbours.
    """

    sold: Floats
    weight: Floats
    uncorrected: Floats  # net units as recorded, stockouts read as no demand
    begun: Floats  # 1 from the series' start on, else 0
    levers: Levers  # promotions and list prices
    holidays: HolidayGrid
    starts: pd.DatetimeIndex
    bucket_days: int
    groups: Groups
    family: Family  # which series may take demand from one another
    launches: pd.DataFrame  # planned by people, Decisions.launches
    keys: Keys  # [series] hash of the names, by which samples are drawn

    @property
    def shape(self) -> tuple[int, int]:
        return self.sold.shape[0], self.sold.shape[1]

    @property
    def known(self) -> Bools:
        return self.weight > 0

    def buckets(self, days: float) -> float:
        """A span of days in buckets."""
        return days / self.bucket_days

    def foreseen(self, origin: int, steps: int) -> "Training":
        """`steps` buckets more than at the origin, with prices as they were known then."""
        longer = self.before(origin + steps)
        return replace(longer, levers=longer.levers.foreseen(origin))

    def before(self, origin: int) -> "Training":
        """The same series as they stood at bucket `origin`: nothing from it or later."""
        return replace(
            self,
            sold=self.sold[:, :origin],
            weight=self.weight[:, :origin],
            uncorrected=self.uncorrected[:, :origin],
            begun=self.begun[:, :origin],
            levers=self.levers.between(0, origin),
            holidays=self.holidays.between(0, origin),
            starts=self.starts[:origin],
        )
