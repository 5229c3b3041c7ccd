"""Candidates for the level and its course over the horizon, for all series at once.

Each is [series, step]: demand per bucket with season, holidays and promotions taken out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, ratio
from engine.demand.groups import Groups
from engine.demand.response import LEAST_SPREAD, trust
from engine.forecast.kin import moved_level
from engine.forecast.training import Training

# Half-lives of the weighted means, days: from what just happened to the whole year. Mixtures of a
# short and a long one follow a jump and keep what lasts.
HALF_LIVES = {
    "last days": 3.5, "last week": 7.0, "last two weeks": 14.0, "last month": 28.0,
    "last two months": 56.0, "last season": 112.0, "last year": 364.0,
}  # fmt: skip
FORGOTTEN = 24.0  # half-lives after which a bucket no longer counts
TREND = "damped trend"
OWN = (*HALF_LIVES, TREND)  # what a series says by itself
KIN = "last month of its kind"
POOLED = (*OWN, KIN)  # the names of `pooled_candidates`, in order
LATELY, YEAR = "last month", "last year"  # of what is compared for its kind
CARRIED = "last two months"  # the mean that the trend carries on
TREND_WINDOW_DAYS = 91  # two windows of a quarter show growth
LEAST_TREND_DAYS = 546  # with less than a year and a half, growth cannot be told from season
DAMPING_PER_WEEK = 0.9  # of growth, each week ahead
LARGEST_GROWTH = 1.0  # of the logarithm, over the whole horizon


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One way to carry the level forward: `level` [series] and `course` [series, step]."""

    name: str
    level: Floats
    course: Floats


@dataclass(frozen=True, kw_only=True)
class Faded:
    """[half-life, series] exponentially weighted sums over buckets in stock.

    `offered` is in buckets of level demand. A promoted week of four times the usual demand misses
    by four times as many units: its weight is that of its noise, so that it does not decide alone.
    """

    units: Floats
    offered: Floats


def fade(training: Training, shape: Floats) -> Faded:
    """For all of HALF_LIVES, in their order."""
    offered = training.weight * shape
    counts = trust(training.sold, offered, LEAST_SPREAD)
    parts = training.sold * counts, offered * counts
    sums = [_faded(training, parts, half_life) for half_life in HALF_LIVES.values()]
    return Faded(
        units=np.stack([units for units, _ in sums]),
        offered=np.stack([scaled for _, scaled in sums]),
    )


def weighted_means(faded: Faded) -> Floats:
    """[half-life, series] levels.

    Where a short half-life has seen no bucket in stock, the next longer one speaks for it.
    """
    levels = ratio(faded.units, faded.offered)
    for row in range(len(levels) - 2, -1, -1):
        levels[row] = np.where(faded.offered[row] > 0, levels[row], levels[row + 1])
    return levels


def recorded_level(training: Training, shape: Floats, half_life: float) -> tuple[Floats, Floats]:
    """[series] the level had every stockout been read as no demand, and the level as it is."""
    offered = training.weight * shape
    counts = trust(training.sold, offered, LEAST_SPREAD)
    columns = (training.uncorrected, training.begun * shape, training.sold, offered)
    parts = [column * counts for column in columns]
    recorded, begun, sold, scaled = _faded(training, parts, half_life)
    return ratio(recorded, begun), ratio(sold, scaled)


def _faded(training: Training, amounts: Sequence[Floats], half_life_days: float) -> list[Floats]:
    """Sums [series] in which a bucket one half-life older counts half as much."""
    half_life = training.buckets(half_life_days)
    buckets = min(training.shape[1], max(round(FORGOTTEN * half_life), 1))
    fade = 0.5 ** (np.arange(buckets - 1, -1, -1.0) / half_life)
    first = training.shape[1] - buckets
    return [np.einsum("sb,b->s", amount[:, first:], fade) for amount in amounts]


def pooled_candidates(training: Training, shape: Floats, steps: int) -> list[Candidate]:
    """Weighted means held flat, one carried on by a trend, and a year moved by its kind."""
    faded = fade(training, shape)
    levels = weighted_means(faded)
    flat = [_flat(name, level, steps) for name, level in zip(HALF_LIVES, levels, strict=True)]
    carried, lately, year = (list(HALF_LIVES).index(name) for name in (CARRIED, LATELY, YEAR))
    trending = _trending(training, shape, levels[carried], steps)
    kin = moved_level(levels[year], faded.units[lately], faded.offered[lately], training.groups)
    return [*flat, trending, _flat(KIN, kin, steps)]


def _flat(name: str, level: Floats, steps: int) -> Candidate:
    return Candidate(name=name, level=level, course=np.repeat(level[:, None], steps, axis=1))


def _trending(training: Training, shape: Floats, level: Floats, steps: int) -> Candidate:
    growth = damped_growth(training, shape)
    per_bucket = DAMPING_PER_WEEK ** (training.bucket_days / 7)
    ahead = np.cumsum(per_bucket ** np.arange(1, steps + 1))
    # A weighted mean stands for the middle of what it has seen, about one mean age ago.
    age = min(training.buckets(HALF_LIVES[CARRIED]) / np.log(2), training.shape[1] / 2)
    exponent = np.clip(growth[:, None] * (age + ahead), -LARGEST_GROWTH, LARGEST_GROWTH)
    return Candidate(name=TREND, level=level, course=level[:, None] * np.exp(exponent))


def damped_growth(training: Training, shape: Floats) -> Floats:
    """Growth of the logarithm per bucket, believed as far as it exceeds its own noise.

    It compares the last quarter with the one before. The variance of true growth is what the
    observed variance across a category has beyond counting noise (James-Stein); a category's
    common growth is kept, a series' own deviation shrunk by its evidence.
    """
    window = round(training.buckets(TREND_WINDOW_DAYS))
    if training.shape[1] < training.buckets(LEAST_TREND_DAYS):
        return np.zeros(training.shape[0])
    units, scaled = training.sold, training.weight * shape
    new_units, old_units = (
        units[:, -window:].sum(axis=1),
        units[:, -2 * window : -window].sum(axis=1),
    )
    new_scaled = scaled[:, -window:].sum(axis=1)
    old_scaled = scaled[:, -2 * window : -window].sum(axis=1)
    usable = (new_scaled > 0) & (old_scaled > 0)
    observed = np.log((new_units + 1.0) / np.maximum(new_scaled, 1e-9))
    observed -= np.log((old_units + 1.0) / np.maximum(old_scaled, 1e-9))
    noise = 1.0 / (new_units + 1.0) + 1.0 / (old_units + 1.0) + _LEVEL_NOISE
    believed = _shrunk(np.where(usable, observed, 0.0), noise, usable, training.groups)
    return believed / window


_LEVEL_NOISE = 0.05  # variance of a quarter's log-level beyond counting: fashion, weather, chance


def _shrunk(observed: Floats, noise: Floats, usable: Bools, groups: Groups) -> Floats:
    """Empirical-Bayes growth per series, drawn towards its top category and towards zero."""
    weight = np.where(usable, 1.0 / noise, 0.0)
    codes = groups.levels[min(1, len(groups.levels) - 1)]
    size = int(codes.max(initial=-1)) + 1
    total = np.bincount(codes, weights=weight, minlength=size)
    common = np.bincount(codes, weights=weight * observed, minlength=size) / (total + 20.0)
    rest = observed - common[codes]
    spread = float((weight * (rest**2 - noise)).sum()) / max(float(weight.sum()), 1e-12)
    signal = max(spread, 0.0)
    return np.where(usable, common[codes] + rest * signal / (signal + noise), 0.0)
