"""By what a company's year repeats: by calendar week, or by the nth weekday of the month.

A feast on the third Monday of a month moves by a week against the calendar weeks every few years,
and with it the largest peak of the year. No holiday table has a company's own sales weeks, so its
totals decide: the reckoning under which its past years agree better is taken.
"""

from typing import Literal

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats, ratio, sum_groups, window_total
from engine.demand.cycles import month_cycle, year_cycle
from engine.demand.season import LEAST_SPREAD, PSEUDO_UNITS, Cycle

YearBy = Literal["week", "weekday of the month"]
# Chance alone makes years agree by .15 either way, so only where the season is plain, and plainly
# better repeated by weekday of the month, is that taken.
LEAST_AGREEMENT, MARGIN = 0.5, 0.08


def cycle_of(by: YearBy, starts: pd.DatetimeIndex, bucket_days: int) -> Cycle:
    """Where buckets stand in the year, by either reckoning."""
    return year_cycle(starts, bucket_days) if by == "week" else month_cycle(starts, bucket_days)


def year_by(
    sold: Floats, offset: Floats, starts: pd.DatetimeIndex, bucket_days: int, half_width: int
) -> YearBy:
    """The reckoning under which years agree; calendar weeks where there is no second year.

    `offset` [series, bucket] is what else scales demand; `half_width` buckets on either side give
    the local level.
    """
    moved = _company(sold, offset, half_width)
    agree = [_agreement(moved, cycle_of(by, starts, bucket_days)) for by in _BOTH]
    return _BOTH[int(agree[1] > max(agree[0] + MARGIN, LEAST_AGREEMENT))]


_BOTH: tuple[YearBy, YearBy] = ("week", "weekday of the month")


def _company(sold: Floats, offset: Floats, half_width: int) -> Floats:
    """[bucket] logarithm of what all sold over what their own means make one expect, without level.

    Each series counts by its precision, so that a giant does not speak for everyone.
    """
    units = np.where(offset > 0, sold, 0.0)
    mean = ratio(units.sum(axis=1), offset.sum(axis=1))
    weight = 1.0 / (1.0 + LEAST_SPREAD * mean)
    total = weight @ units
    expected = np.einsum("s,sb->b", weight * mean, offset)
    level = ratio(window_total(total[None], half_width), window_total(expected[None], half_width))
    moved = np.log((total + PSEUDO_UNITS) / (expected * level[0] + PSEUDO_UNITS))
    return np.where(expected > 0, moved, 0.0)


def _agreement(moved: Floats, cycle: Cycle) -> float:
    """Share of what repetitions show that they have in common, from -1 to 1; 0 with only one."""
    cell = cycle.repetition * cycle.phases + cycle.phase
    shape = (cycle.repetitions, cycle.phases)
    sums = sum_groups(np.column_stack([moved, np.ones(len(moved))]), cell, shape[0] * shape[1])
    mean = ratio(sums[:, 0], sums[:, 1]).reshape(shape)
    pairs = np.maximum((sums[:, 1] > 0).reshape(shape).sum(axis=0) - 1, 0)
    whole = float((pairs * (mean**2).sum(axis=0)).sum())
    shared = float((mean.sum(axis=0) ** 2 - (mean**2).sum(axis=0)).sum())
    return shared / whole if whole > 0 else 0.0
