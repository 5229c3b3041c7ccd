"""What moves demand of many series at once: season, holidays, promotions; each pooled."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats
from engine.demand.cycles import week_cycle, year_cycle
from engine.demand.elasticity import fit_elasticity, price_factor, usual_price
from engine.demand.expected import local_rate
from engine.demand.levers import Levers
from engine.demand.lift import Response, no_response
from engine.demand.response import Sold, fit_response
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
    response: Response  # to promotions and list prices
    usual_price: Floats  # [series] log price at which the level of late was sold; NaN if unknown

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

    def promotion(self, levers: Levers) -> Floats:
        """[series, bucket] lifts while promotions run, and the dips around them."""
        return self.response.factor(levers)

    def price(self, levers: Levers) -> Floats:
        """[series, bucket] list price against the usual one; one column where nothing moves."""
        return price_factor(self.response.elasticity, levers.log_price, self.usual_price)


def fit_structure(training: Training, response: Response | None = None) -> Structure:
    """Season and promotions explain each other, so they are fitted in turn; holidays come last.

    A holiday on a fixed date is in the season already; its own factor is what remains, which is
    everything for a holiday that moves. Without a year of history there is no yearly season. Where
    the response to promotions is given, only the rest is fitted.
    """
    wide = round(training.buckets(LEVEL_DAYS))
    quiet_week = None
    if training.bucket_days == 1 and training.shape[1]:
        cycle = week_cycle(training.starts)
        quiet_week = fit_profile(training.sold, training.weight, cycle, training.groups, wide)
    structure = Structure(
        year=None, week=quiet_week, holiday=np.ones(len(training.holidays.names)),
        response=response or no_response(training.shape[0], training.bucket_days),
        usual_price=usual_price(training.levers.log_price, training.weight, training.bucket_days),
    )  # fmt: skip
    if response is None:
        structure = replace(structure, response=_response(training, structure))
    structure = replace(structure, year=_yearly(training, structure, wide))
    if response is None and not structure.response.is_flat:
        structure = replace(structure, response=_response(training, structure))
        structure = replace(structure, year=_yearly(training, structure, wide))
    return replace(structure, holiday=_holidays(training, structure))


def _moved(training: Training, structure: Structure) -> Floats:
    """[series, bucket] what promotions and prices make of demand."""
    levers = training.levers
    return structure.promotion(levers) * structure.price(levers)


def _yearly(training: Training, structure: Structure, wide: int) -> Profile | None:
    if training.shape[1] * training.bucket_days < YEAR_DAYS:
        return None
    given = training.weight * _moved(training, structure)
    if structure.week is not None:
        given = given * structure.week.at(week_cycle(training.starts).phase)
    cycle = year_cycle(training.starts, training.bucket_days)
    return fit_profile(training.sold, given, cycle, training.groups, wide)


def _response(training: Training, structure: Structure) -> Response:
    """Lifts given prices, then elasticities given lifts, both given the season."""
    levers, days = training.levers, training.bucket_days
    season = structure.season(training.starts, days, training.shape[0])
    exposure = training.weight * season
    earlier = None if structure.response.is_flat else structure.response
    priced = Sold(units=training.sold, exposure=exposure * structure.price(levers))
    answer = fit_response(priced, levers, training.groups, days, earlier)
    if levers.log_price is None:
        return answer
    promoted = Sold(units=training.sold, exposure=exposure * answer.factor(levers))
    elasticity = fit_elasticity(promoted, levers.log_price, training.groups, days)
    return replace(answer, elasticity=elasticity)


def _holidays(training: Training, structure: Structure) -> Floats:
    """Sold over expected in the buckets of each holiday, over all series, drawn towards 1."""
    grid = training.holidays
    if not grid.names or not grid.present.any():
        return np.ones(len(grid.names))
    shape = structure.season(training.starts, training.bucket_days, training.shape[0])
    shape = shape * _moved(training, structure)
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
