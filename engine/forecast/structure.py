"""What moves demand of many series at once: season, holidays, promotions; each pooled."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.demand.alignment import YearBy, cycle_of, year_by
from engine.demand.arrays import Floats
from engine.demand.cycles import week_cycle
from engine.demand.elasticity import fit_elasticity, price_factor, usual_price
from engine.demand.groups import Groups
from engine.demand.levers import Levers
from engine.demand.lift import Response, no_response
from engine.demand.response import Sold, fit_response
from engine.demand.season import Profile, fit_profile
from engine.forecast.calendar import HolidayGrid
from engine.forecast.events import Events, fit_events, no_events
from engine.forecast.training import Training

LEVEL_DAYS = 182  # half a year on either side carries the level from which seasons are read
NEAR_DAYS = 28
YEAR_DAYS = 364  # less history than this cannot tell season from trend


@dataclass(frozen=True, kw_only=True)
class Structure:
    """Pooled effects as factors of the level."""

    year: Profile | None  # None: too little history
    week: Profile | None  # None: weekly buckets
    events: Events
    response: Response  # to promotions and list prices
    usual_price: Floats  # [series] log price at which the level of late was sold; NaN if unknown
    year_by: YearBy = "week"  # by what the year repeats

    def season(self, starts: pd.DatetimeIndex, bucket_days: int, series: int) -> Floats:
        """[series, bucket] for any buckets, past or future."""
        if self.year is None:
            year = np.ones((series, len(starts)))
        else:
            year = self.year.at(cycle_of(self.year_by, starts, bucket_days).phase)
        return year if self.week is None else year * self.week.at(week_cycle(starts).phase)

    def event(self, grid: HolidayGrid) -> Floats:
        """[series, bucket] holidays, custom events and the days around them."""
        return self.events.factor(grid)

    def promotion(self, levers: Levers) -> Floats:
        """[series, bucket] lifts while promotions run, and the dips around them."""
        return self.response.factor(levers)

    def price(self, levers: Levers) -> Floats:
        """[series, bucket] list price against the usual one; one column where nothing moves."""
        return price_factor(self.response.elasticity, levers.log_price, self.usual_price)


def fit_structure(training: Training, response: Response | None = None) -> Structure:
    """Season, events and promotions explain each other, so they are fitted in turn.

    Events come before the yearly season, which would smear a feast over its week and learn nothing
    of one that moves; they are fitted once more around it. Without a year of history there is no
    yearly season. Where the response to promotions is given, only the rest is fitted.
    """
    structure = Structure(
        year=None, week=_weekly(training), events=no_events(training.shape[0], training.holidays),
        response=response or no_response(training.shape[0], training.bucket_days),
        usual_price=usual_price(training.levers.log_price, training.weight, training.bucket_days),
    )  # fmt: skip
    structure = replace(structure, events=_events(training, structure))
    if response is None:
        structure = replace(structure, response=_response(training, structure))
    structure = _with_year(training, structure)
    if response is None and not structure.response.is_flat:
        structure = replace(structure, response=_response(training, structure))
        structure = _with_year(training, structure)
    return replace(structure, events=_events(training, structure))


def standing_at(training: Training, earlier: Structure) -> Structure:
    """An earlier origin's structure, with prices measured against those of now."""
    levers, days = training.levers, training.bucket_days
    return replace(earlier, usual_price=usual_price(levers.log_price, training.weight, days))


def _weekly(training: Training) -> Profile | None:
    """Weekday profiles down to the single series; weekly buckets have none."""
    if training.bucket_days > 1 or not training.shape[1]:
        return None
    groups = Groups(levels=(training.groups.root, *training.groups.nest))
    near = round(training.buckets(NEAR_DAYS))
    cycle = week_cycle(training.starts)
    return fit_profile(training.sold, training.weight, cycle, groups, near)


def _events(training: Training, structure: Structure) -> Events:
    season = structure.season(training.starts, training.bucket_days, training.shape[0])
    return fit_events(training, season * _moved(training, structure))


def _moved(training: Training, structure: Structure) -> Floats:
    """[series, bucket] what promotions and prices make of demand."""
    levers = training.levers
    return structure.promotion(levers) * structure.price(levers)


def _with_year(training: Training, structure: Structure) -> Structure:
    """With its yearly season, where there is a year to learn it from."""
    if training.shape[1] * training.bucket_days < YEAR_DAYS:
        return structure
    given = training.weight * _moved(training, structure) * structure.event(training.holidays)
    if structure.week is not None:
        given = given * structure.week.at(week_cycle(training.starts).phase)
    days, wide = training.bucket_days, round(training.buckets(LEVEL_DAYS))
    by = year_by(training.sold, given, training.starts, days, wide)
    cycle = cycle_of(by, training.starts, days)
    year = fit_profile(training.sold, given, cycle, training.groups, wide)
    return replace(structure, year=year, year_by=by)


def _response(training: Training, structure: Structure) -> Response:
    """Lifts given prices, then elasticities given lifts, both given season and events."""
    levers, days = training.levers, training.bucket_days
    season = structure.season(training.starts, days, training.shape[0])
    exposure = training.weight * season * structure.event(training.holidays)
    earlier = None if structure.response.is_flat else structure.response
    priced = Sold(units=training.sold, exposure=exposure * structure.price(levers))
    answer = fit_response(priced, levers, training.groups, days, earlier)
    if levers.log_price is None:
        return answer
    promoted = Sold(units=training.sold, exposure=exposure * answer.factor(levers))
    elasticity = fit_elasticity(promoted, levers.log_price, training.groups, days)
    return replace(answer, elasticity=elasticity)
