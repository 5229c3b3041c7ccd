"""What the trees are told: where a series stands at an origin, and the step ahead.

Demand enters as logarithms of ratios to the level, with the shape (season, events, promotions)
taken out, so that large and small series teach each other and a change of units changes nothing.
No input names a series, a category or a date: the trees cannot learn any of them by heart.
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Floats, Ints, ratio
from engine.forecast.boosted.history import History
from engine.forecast.boosted.trees import Inputs

LEVEL, STEP = 0, 1  # columns: logarithm of the level, the one input with a unit; days ahead
WINDOW_DAYS = (3, 7, 14, 28, 56, 91, 182, 364)
QUIET_DAYS = (28, 91, 364)
VARIATION_DAYS = 91
WEEKDAY_WEEKS = (4, 8, 26)
YEAR_DAYS, YEAR_NEAR_DAYS, YEAR_WIDE_DAYS = 364, 3, 49
PRIOR_SHARE, PRIOR_BUCKETS = 0.15, 0.5  # of a window, for which the level stands in it
WEEKDAY_PRIOR, YEAR_PRIOR = 1.5, 4.0  # buckets


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One row per forecast: series (position in the history), origin, and steps ahead (0, 1 ..)."""

    series: Ints
    origin: Ints
    step: Ints

    @property
    def target(self) -> Ints:
        return self.origin + self.step


def describe(history: History, asked: Asked, outside: Floats) -> Inputs:
    """[row, input]; `outside` [row, factor]: logarithms of the factors in force at the target."""
    level = history.level[asked.series, asked.origin]
    columns = [
        np.log(level),
        asked.step * float(history.bucket_days),
        *(_window(history, asked, level, days) for days in WINDOW_DAYS),
        *(_quiet(history, asked, days) for days in QUIET_DAYS),
        _variation(history, asked),
        *_ages(history, asked),
        *_year_ago(history, asked, level),
        *(_weekday(history, asked, level, weeks) for weeks in WEEKDAY_WEEKS),
        *outside.T,
    ]
    described = np.empty((len(level), len(columns)), dtype=np.float32)
    for position, column in enumerate(columns):
        described[:, position] = column
    return described


def _span(sums: Floats, asked: Asked, first: Ints, last: Ints) -> Floats:
    """Sum over buckets first .. last - 1 of each row's series, as far as there is history."""
    most = sums.shape[1] - 1
    upper = sums[asked.series, np.clip(last, 0, most)]
    return upper - sums[asked.series, np.clip(first, 0, most)]


def _back(sums: Floats, asked: Asked, buckets: int) -> Floats:
    return _span(sums, asked, asked.origin - buckets, asked.origin)


def _window(history: History, asked: Asked, level: Floats, days: int) -> Floats:
    """The mean of the last days against the level; daily data only where less than a bucket."""
    if days < history.bucket_days:
        return np.full(len(level), np.nan)
    buckets = history.buckets(days)
    prior = PRIOR_SHARE * buckets + PRIOR_BUCKETS
    units = _back(history.units, asked, buckets) + prior * level
    offset = _back(history.offset, asked, buckets) + prior
    return _log(units / (offset * level))


def _quiet(history: History, asked: Asked, days: int) -> Floats:
    """Share of the time in stock without a sale."""
    buckets = history.buckets(days)
    return ratio(_back(history.quiet, asked, buckets), _back(history.in_stock, asked, buckets), 1.0)


def _variation(history: History, asked: Asked) -> Floats:
    """Logarithm of the squared coefficient of variation over a quarter."""
    buckets = history.buckets(VARIATION_DAYS)
    mean = ratio(_back(history.units, asked, buckets), _back(history.offset, asked, buckets))
    in_stock = _back(history.in_stock, asked, buckets)
    square = ratio(_back(history.squares, asked, buckets), in_stock)
    return np.log(ratio(np.maximum(square - mean**2, 0.0), mean**2) + 0.01)


def _ages(history: History, asked: Asked) -> tuple[Floats, Floats]:
    """Days since the last sale, and since the first day, as logarithms."""
    since = asked.origin - 1 - history.last_sale[asked.series, asked.origin]
    age = np.maximum(asked.origin - history.first[asked.series], 0)
    return np.log1p(since * history.bucket_days), np.log1p(age * history.bucket_days)


def _year_ago(history: History, asked: Asked, level: Floats) -> tuple[Floats, Floats]:
    """The same days a year ago against the months around them; those against the level now."""
    middle = asked.target - history.buckets(YEAR_DAYS)
    near, wide = history.buckets(YEAR_NEAR_DAYS), history.buckets(YEAR_WIDE_DAYS)
    # What lies at or after the origin is not known there, however far ahead the target is.
    end = np.minimum(middle + wide + 1, asked.origin)
    near_end = np.minimum(middle + near + 1, asked.origin)
    offset = _span(history.offset, asked, middle - wide, end)
    then = _span(history.units, asked, middle - wide, end) + YEAR_PRIOR * level
    then = then / (offset + YEAR_PRIOR)
    units = _span(history.units, asked, middle - near, near_end) + YEAR_PRIOR * then
    around = units / (_span(history.offset, asked, middle - near, near_end) + YEAR_PRIOR)
    known = offset > 0
    return (
        np.where(known, _log(around / then), np.nan),
        np.where(known, _log(then / level), np.nan),
    )


def _weekday(history: History, asked: Asked, level: Floats, weeks: int) -> Floats:
    """The target's weekday over the last weeks against all days of those weeks; daily only."""
    if history.bucket_days > 1:
        return np.full(len(level), np.nan)
    units, offset = np.zeros(len(level)), np.zeros(len(level))
    last = asked.target - 7 * (asked.step // 7 + 1)
    for week in range(weeks):
        day = last - 7 * week
        units += _span(history.units, asked, day, day + 1)
        offset += _span(history.offset, asked, day, day + 1)
    every = _back(history.units, asked, 7 * weeks) + level
    every = every / (_back(history.offset, asked, 7 * weeks) + 1.0)
    return _log((units + WEEKDAY_PRIOR * every) / ((offset + WEEKDAY_PRIOR) * every))


def _log(values: Floats) -> Floats:
    return np.log(np.maximum(values, 1e-6))
