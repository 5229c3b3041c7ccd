"""Buckets that do not say what demand is: one-off peaks, and silence of what should sell."""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints, ratio
from engine.demand.censoring import at_least
from engine.demand.expected import Expected

SPIKE_CHANCE, SPIKE_TIMES, SPIKE_UNITS = 1e-6, 3.0, 5.0
SPIKE_KEPT_DEVIATIONS = 2.0  # a damped spike stays a good week
LEAST_SALES = 4  # buckets with a sale, before another one can be unusual
HALF_LIFE_DAYS = 56.0  # of the level before a silence
LONGEST_PHANTOM_DAYS = 182
PHANTOM_LOG_CHANCE = float(np.log(1e-4))  # chance of the silence, had there been stock
# Squared variation of a level between one month and the next: demand ebbs by itself, and buckets
# taken as independent would call every long ebb of a slow item phantom stock.
LEVEL_DRIFT = 0.25


@dataclass(frozen=True, kw_only=True)
class Damped:
    """Which buckets were damped, and to how many units."""

    which: Bools
    units: Floats


def deviation(mean: Floats, spread: Floats) -> Floats:
    """Standard deviation of a negative binomial bucket."""
    return np.sqrt(mean + spread[:, None] * mean**2)


@dataclass(frozen=True, kw_only=True)
class Peaks:
    """[series, bucket] buckets far beyond anything around them, and what speaks for keeping each.

    `good` is what a damped one is brought down to: a good bucket, not an ordinary one.
    """

    high: Bools
    good: Floats
    promoted: Bools
    last_year: Bools  # the same time of the year before, or after, is high as well
    beside: Bools  # the bucket before or after is high as well: maybe a new level
    latest: Bools  # nothing has come after it


def peaks(sold: Floats, exposure: Floats, expected: Expected, promoted: Floats, year: int) -> Peaks:
    """Buckets that neighbours, season and promotion do not explain.

    Also far beyond the series' third-largest bucket, because a lumpy item is nothing but spikes.
    `year` is the number of buckets in a year.
    """
    mean = expected.others * exposure
    usual = np.maximum(mean, _third_largest(np.where(exposure > 0, sold, 0.0)))
    high = (exposure > 0) & (sold > SPIKE_TIMES * usual + SPIKE_UNITS)
    high = unlikely(high, sold, mean, expected.spread, SPIKE_CHANCE)
    last_year = np.zeros_like(high)
    for lag in (year - 1, year, year + 1):
        last_year |= shifted(high, lag) | shifted(high, -lag)
    latest = np.zeros_like(high)
    latest[:, -1:] = True
    return Peaks(
        high=high,
        good=mean + SPIKE_KEPT_DEVIATIONS * deviation(mean, expected.spread),
        promoted=high & (promoted > 0),
        last_year=high & last_year,
        beside=high & (shifted(high, 1) | shifted(high, -1)),
        latest=high & latest,
    )


def _third_largest(sold: Floats) -> Floats:
    """[series, 1]; infinite for a series with fewer than four sales, which has no usual one."""
    if sold.shape[1] < LEAST_SALES:
        return np.full((len(sold), 1), np.inf)
    third = np.partition(sold, -3, axis=1)[:, -3]
    return np.where((sold > 0).sum(axis=1) >= LEAST_SALES, third, np.inf)[:, None]


def unlikely(flags: Bools, sold: Floats, mean: Floats, spread: Floats, chance: float) -> Bools:
    """Of the buckets flagged, those that a negative binomial reaches with less than `chance`.

    A bound in standard deviations would cut off the ordinary tail of sparse demand, and with it
    a good part of its mean.
    """
    row = np.nonzero(flags)[0]
    tail = at_least(sold[flags], np.maximum(mean[flags], 1e-9), 1.0 / spread[row])
    found = flags.copy()
    found[flags] = tail < chance
    return found


def shifted(flags: Bools, buckets: int) -> Bools:
    """flags[t - buckets] at t; False beyond the ends."""
    moved = np.zeros_like(flags)
    if 0 < abs(buckets) < flags.shape[1]:
        if buckets > 0:
            moved[:, buckets:] = flags[:, :-buckets]
        else:
            moved[:, :buckets] = flags[:, -buckets:]
    return moved


@dataclass(frozen=True, kw_only=True)
class Silence:
    """[series, bucket] silence that stock on a shelf would not explain."""

    unlikely: Bools
    missed: Floats  # units that the level before would have sold


def silences(
    sold: Floats, exposure: Floats, shape: Floats, spread: Floats, bucket_days: int
) -> Silence:
    """Runs of buckets without sales although it could be bought, as far as is known.

    A run is unlikely where its chance, at the level sold before it began, is below one in ten
    thousand; up to half a year, after which silence is demand that has ended. Given the level,
    buckets are negative binomial, so each is zero with exp(-a), a = log(1 + spread m) / spread; the
    level itself is gamma with squared variation d, which makes it (1 + d sum a)^(-1/d) for the
    whole run.
    """
    silent = (sold <= 0) & (exposure > 0)
    level = _level_before(sold, exposure, shape, _run_start(silent), HALF_LIFE_DAYS / bucket_days)
    mean = level * exposure * shape
    surprise = np.where(silent, np.log1p(spread[:, None] * mean) / spread[:, None], 0.0)
    log_chance = -np.log1p(LEVEL_DRIFT * _run_total(surprise, silent)) / LEVEL_DRIFT
    days = _run_total(silent.astype(np.float64), silent) * bucket_days
    found = silent & (log_chance < PHANTOM_LOG_CHANCE) & (days <= LONGEST_PHANTOM_DAYS)
    return Silence(unlikely=found, missed=np.where(found, mean, 0.0))


def _run_start(flags: Bools) -> Ints:
    """For each bucket the first bucket of the run of True that holds it (itself where False)."""
    position: Ints = np.broadcast_to(np.arange(flags.shape[1], dtype=np.int64), flags.shape)
    begins = flags & ~shifted(flags, 1)
    last_begin = np.maximum.accumulate(np.where(begins, position, 0), axis=1)
    return np.where(flags, last_begin, position)


def _run_total(values: Floats, flags: Bools) -> Floats:
    """Sum over the whole run of True that holds each bucket; 0 elsewhere."""
    begins = flags & ~shifted(flags, 1)
    run = np.cumsum(begins.ravel())  # a run never crosses a series: its first bucket begins anew
    totals = np.bincount(run, weights=np.where(flags, values, 0.0).ravel(), minlength=1)
    return np.where(flags, totals[run].reshape(flags.shape), 0.0)


def _level_before(
    sold: Floats, exposure: Floats, shape: Floats, began: Ints, half_life: float
) -> Floats:
    """Demand per bucket over everything in stock before the run, recent buckets counting most."""
    fade = 0.5 ** (np.arange(sold.shape[1] - 1, -1, -1.0) / half_life)
    units = np.cumsum(np.where(exposure > 0, sold, 0.0) * fade, axis=1)
    offset = np.cumsum(exposure * shape * fade, axis=1)
    level = ratio(units, offset)
    before = np.maximum(began - 1, 0)
    return np.where(began > 0, np.take_along_axis(level, before, axis=1), 0.0)
