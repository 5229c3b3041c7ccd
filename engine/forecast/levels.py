"""Candidates for the level and its course over the horizon, for all series at once.

Each is [series, step]: demand per bucket with season, holidays and promotions taken out.
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Floats, ratio
from engine.demand.groups import Groups
from engine.forecast.training import Training

# Half-lives of the weighted means, days: what just happened, this season, this year.
HALF_LIVES = {"last weeks": 21.0, "last quarter": 63.0, "last year": 182.0}
TREND = "damped trend"
POOLED = (*HALF_LIVES, TREND)  # the names of `pooled_candidates`, in order
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


def weighted_mean(training: Training, shape: Floats, half_life_days: float) -> Floats:
    """Level by exponentially weighted sums over buckets in stock, units per bucket."""
    fade = _fade(training, half_life_days)
    return ratio((training.sold * fade).sum(axis=1), (training.weight * shape * fade).sum(axis=1))


def uncorrected_mean(training: Training, shape: Floats, half_life_days: float) -> Floats:
    """The same level had every stockout been read as no demand."""
    fade = _fade(training, half_life_days)
    scaled = (training.begun * shape * fade).sum(axis=1)
    return ratio((training.uncorrected * fade).sum(axis=1), scaled)


def _fade(training: Training, half_life_days: float) -> Floats:
    age = np.arange(training.shape[1] - 1, -1, -1.0)
    return 0.5 ** (age / training.buckets(half_life_days))


def pooled_candidates(training: Training, shape: Floats, steps: int) -> list[Candidate]:
    """Weighted means held flat, and the quarter's mean carried on by a damped trend."""
    flat = [
        _flat(name, weighted_mean(training, shape, half_life), steps)
        for name, half_life in HALF_LIVES.items()
    ]
    return [*flat, _trending(training, shape, steps)]


def _flat(name: str, level: Floats, steps: int) -> Candidate:
    return Candidate(name=name, level=level, course=np.repeat(level[:, None], steps, axis=1))


def _trending(training: Training, shape: Floats, steps: int) -> Candidate:
    level = weighted_mean(training, shape, HALF_LIVES["last quarter"])
    growth = damped_growth(training, shape)
    per_bucket = DAMPING_PER_WEEK ** (training.bucket_days / 7)
    ahead = np.cumsum(per_bucket ** np.arange(1, steps + 1))
    # The mean of the last quarter stands for its middle, about one mean age ago.
    age = min(training.buckets(HALF_LIVES["last quarter"]) / np.log(2), training.shape[1] / 2)
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


def _shrunk(observed: Floats, noise: Floats, usable: "Floats", groups: Groups) -> Floats:
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
