"""Quantiles of demand summed over a protection period, from the same noise as the paths."""

import numpy as np

from engine.demand.arrays import Floats, Ints, ratio
from engine.errors import InvalidInput
from engine.forecast.mixture import LEAST_EXCESS, Excess, mixture_quantiles
from engine.forecast.noise import sum_excess
from engine.model.forecast import Forecast


def summed_mean(forecast: Forecast, rows: Ints, days: float) -> Floats:
    """[row] expected demand over the next `days`, which may end inside a bucket."""
    return _parts(forecast, rows, days).sum(axis=1)


def cumulative_quantiles(forecast: Forecast, rows: Ints, days: float) -> Floats:
    """[row, level] quantiles of demand summed over the next `days` calendar days, whole units.

    The level is common to all buckets, the rest independent, so the sum's variance beyond counting
    is cv^2 M^2 + (1 + cv^2) sum(m^2 / size), for the usual level and for the wide one. A bucket
    that the period enters only in part brings that part of its mean and of its variance. Beyond
    the horizon its mean continues.
    """
    mean, excess = cumulative_moments(forecast, rows, days)
    return mixture_quantiles(mean, excess, forecast.levels)


def running_quantiles(forecast: Forecast, levels: tuple[float, ...]) -> Floats:
    """[series, step, level] quantiles of demand summed over the first 1, 2, ... buckets."""
    chosen = [forecast.levels.index(level) for level in levels]
    rows = np.arange(len(forecast.mean))
    sums = np.empty((*forecast.mean.shape, len(levels)))
    for step in range(forecast.mean.shape[1]):
        days = float((step + 1) * forecast.bucket_days)
        sums[:, step] = cumulative_quantiles(forecast, rows, days)[:, chosen]
    return sums


def cumulative_moments(forecast: Forecast, rows: Ints, days: float) -> tuple[Floats, Excess]:
    """[row] mean of the sum over the next `days`, and its variance beyond counting."""
    parts, whole = _parts(forecast, rows, days), _buckets(forecast, rows, days)
    return parts.sum(axis=1), sum_excess(forecast.noise, rows, parts, whole)


def quantiles_over_random_days(forecast: Forecast, rows: Ints, pmf: Floats) -> Floats:
    """[row, level] the same when the period itself is random: `pmf[row, d]` is P(d days)."""
    mean, excess = moments_over_random_days(forecast, rows, pmf)
    return mixture_quantiles(mean, excess, forecast.levels)


def moments_over_random_days(forecast: Forecast, rows: Ints, pmf: Floats) -> tuple[Floats, Excess]:
    """[row] moments of the mixture over d, the length of the period.

    Its spread adds (1 + cv^2) Var(M_d), which is the d^2 sigma_L^2 of the textbook with the demand
    of the very days in question.
    """
    mean, passing = _by_day(forecast, rows, pmf.shape[1])
    first, second = (pmf * mean).sum(axis=1), (pmf * mean**2).sum(axis=1)
    noise, share = forecast.noise, _share(forecast, rows)
    parts: list[Floats] = []
    for cv in (noise.level_cv[rows] * share, noise.wide[rows] * share):
        beyond = (1.0 + cv**2) * (second + (pmf * passing).sum(axis=1)) - first**2
        parts.append(np.maximum(ratio(beyond, first**2), LEAST_EXCESS))
    return first, Excess(narrow=parts[0], wide=parts[1])


def _share(forecast: Forecast, rows: Ints) -> Floats:
    """[row] how much of the level's error the steps have, on average over the horizon."""
    share = forecast.noise.level_share
    return np.ones(len(rows)) if share is None else share[rows].mean(axis=1)


def _by_day(forecast: Forecast, rows: Ints, days: int) -> tuple[Floats, Floats]:
    """[row, day] mean and passing variance of the sum over the first 0, 1, 2, ... days."""
    length = forecast.bucket_days
    whole = np.repeat(_buckets(forecast, rows, float(days)), length, axis=1)[:, : max(days - 1, 0)]
    nothing = np.zeros((len(rows), 1))
    mean = np.concatenate([nothing, np.cumsum(whole / length, axis=1)], axis=1)
    squares = np.cumsum(whole**2 / length, axis=1)
    passing = np.concatenate([nothing, squares], axis=1) / forecast.noise.size[rows, None]
    return mean, passing


def _buckets(forecast: Forecast, rows: Ints, days: float) -> Floats:
    """[row, bucket] mean of every bucket that the next `days` touch."""
    if not 0 <= days < np.inf:
        raise InvalidInput(f"A protection period has 0 or more days, got {days!r}.")
    needed = int(np.ceil(days / forecast.bucket_days))
    mean = forecast.mean[rows]
    beyond = max(needed - mean.shape[1], 0)
    tail = np.repeat(mean.mean(axis=1, keepdims=True), beyond, axis=1)
    return np.concatenate([mean, tail], axis=1)[:, :needed]


def _parts(forecast: Forecast, rows: Ints, days: float) -> Floats:
    """[row, bucket] expected demand of the part of each bucket inside the period."""
    whole = _buckets(forecast, rows, days)
    position: Floats = np.arange(whole.shape[1], dtype=np.float64)
    return whole * np.clip(days / forecast.bucket_days - position, 0.0, 1.0)
