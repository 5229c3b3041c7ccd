"""What moves demand of many series at once: season, holidays, promotions; each pooled."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats
from engine.demand.cycles import week_cycle, year_cycle
from engine.demand.expected import local_rate
from engine.demand.lift import promotion_rates
from engine.demand.season import Profile, fit_profile
from engine.forecast.calendar import HolidayGrid
from engine.forecast.training import Training

LEVEL_DAYS = 182  # half a year on either side carries the level from which seasons are read
NEAR_DAYS = 28
YEAR_DAYS = 364  # less history than this cannot tell season from trend
HOLIDAY_PRIOR_UNITS = 50.0  # expected units at which a holiday's own effect counts half
LEAST_EFFECT, MOST_EFFECT = 0.05, 5.0


@dataclass(frozen=True, kw_only=True)
class Structure:
    """Pooled effects as factors of the level."""

    year: Profile | None  # None: too little history
    week: Profile | None  # None: weekly buckets
    holiday: Floats  # [holiday] factor of a bucket that holds it, beyond the season
    rates: Floats  # [series] promotion lift per unit of dose

    def season(self, starts: pd.DatetimeIndex, bucket_days: int, series: int) -> Floats:
        """[series, bucket] for any buckets, past or future."""
        factors = np.ones((series, len(starts)))
        if self.year is not None:
            factors = factors * self.year.at(year_cycle(starts, bucket_days).phase)
        if self.week is not None:
            factors = factors * self.week.at(week_cycle(starts).phase)
        return factors

    def event(self, grid: HolidayGrid) -> Floats:
        """[series, bucket] product over the holidays in the bucket."""
        if not grid.names:
            return np.ones((len(grid.zone), grid.present.shape[1]))
        return np.where(grid.present, self.holiday, 1.0).prod(axis=2)[grid.zone]

    def promotion(self, dose: Floats) -> Floats:
        return 1.0 + self.rates[:, None] * dose


def fit_structure(training: Training) -> Structure:
    """Season and promotions explain each other, so they are fitted in turn; holidays come last.

    A holiday on a fixed date is in the season already; its own factor is what remains, which is
    everything for a holiday that moves. Without a year of history there is no yearly season.
    """
    series, buckets = training.shape
    ones = np.ones((series, buckets))
    wide = round(training.buckets(LEVEL_DAYS))
    quiet_week = None
    if training.bucket_days == 1 and buckets:
        cycle = week_cycle(training.starts)
        quiet_week = fit_profile(training.sold, training.weight, cycle, training.groups, wide)
    weekly = ones if quiet_week is None else quiet_week.at(week_cycle(training.starts).phase)
    year, rates = None, np.zeros(series)
    for _ in range(2 if (training.dose > 0).any() else 1):
        lifted = weekly * (1.0 + rates[:, None] * training.dose)
        year = _yearly(training, lifted, wide)
        base = _base(training, weekly if year is None else weekly * _at(year, training))
        rates = promotion_rates(training.sold, base, training.dose, training.groups)
    structure = Structure(
        year=year, week=quiet_week, holiday=np.ones(len(training.holidays.names)), rates=rates
    )
    return Structure(
        year=year, week=quiet_week, holiday=_holidays(training, structure), rates=rates
    )


def _at(year: Profile, training: Training) -> Floats:
    return year.at(year_cycle(training.starts, training.bucket_days).phase)


def _yearly(training: Training, lifted: Floats, wide: int) -> Profile | None:
    if training.shape[1] * training.bucket_days < YEAR_DAYS:
        return None
    cycle = year_cycle(training.starts, training.bucket_days)
    return fit_profile(training.sold, training.weight * lifted, cycle, training.groups, wide)


def _base(training: Training, season: Floats) -> Floats:
    """Expected sales without promotion, from the unpromoted buckets around."""
    quiet = np.where(training.dose > 0, 0.0, training.weight)
    near = round(training.buckets(NEAR_DAYS))
    return local_rate(training.sold, quiet, season, near) * training.weight


def _holidays(training: Training, structure: Structure) -> Floats:
    """Sold over expected in the buckets of each holiday, over all series, drawn towards 1."""
    grid = training.holidays
    if not grid.names or not grid.present.any():
        return np.ones(len(grid.names))
    shape = structure.season(training.starts, training.bucket_days, training.shape[0])
    shape = shape * structure.promotion(training.dose)
    special: Bools = np.any(grid.present, axis=2)
    ordinary = np.where(special[grid.zone], 0.0, training.weight)
    near = round(training.buckets(NEAR_DAYS))
    rate = local_rate(training.sold, ordinary, shape, near) * training.weight
    weight = 1.0 / (1.0 + rate.mean(axis=1, keepdims=True))
    sold, expected = training.sold * weight * (rate > 0), rate * weight
    effects = np.ones(len(grid.names))
    for holiday in range(len(grid.names)):
        here = grid.present[:, :, holiday][grid.zone]
        numerator = float(sold[here].sum()) + HOLIDAY_PRIOR_UNITS
        effects[holiday] = numerator / (float(expected[here].sum()) + HOLIDAY_PRIOR_UNITS)
    return np.clip(effects, LEAST_EFFECT, MOST_EFFECT)
