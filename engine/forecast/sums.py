"""Quantiles of demand summed over a protection period, from the same noise as the paths."""

import numpy as np

from engine.demand.arrays import Floats, Ints
from engine.errors import InvalidInput
from engine.forecast.counts import count_quantiles
from engine.model.forecast import Forecast


def summed_mean(forecast: Forecast, rows: Ints, days: float) -> Floats:
    """[row] expected demand over the next `days`, which may end inside a bucket."""
    return _weighted(forecast, rows, days).sum(axis=1)


def cumulative_quantiles(forecast: Forecast, rows: Ints, days: float) -> Floats:
    """[row, level] quantiles of demand summed over the next `days` calendar days, whole units.

    The level factor is common to all buckets, the rest independent, so the size of the sum is
    M^2 / sum(m^2 / size) before the level and 1 / (cv^2 + (1 + cv^2) / that) with it. A bucket
    that the period enters only in part brings that part of its mean and of its variance. Beyond
    the horizon the horizon's mean continues.
    """
    mean, size = cumulative_moments(forecast, rows, days)
    return count_quantiles(mean, size, forecast.levels)


def cumulative_moments(forecast: Forecast, rows: Ints, days: float) -> tuple[Floats, Floats]:
    """[row] mean and negative-binomial size of the sum over the next `days`."""
    parts, whole = _weighted(forecast, rows, days), _extended(forecast, rows, days)
    mean = parts.sum(axis=1)
    excess = (parts * whole).sum(axis=1) / forecast.noise.size[rows]
    passing = np.divide(excess, mean**2, out=np.zeros_like(mean), where=mean > 0)
    lasting = forecast.noise.level_cv[rows] ** 2
    return mean, 1.0 / np.maximum(lasting + (1.0 + lasting) * passing, 1e-9)


def _extended(forecast: Forecast, rows: Ints, days: float) -> Floats:
    if not 0 <= days < np.inf:
        raise InvalidInput(f"A protection period has 0 or more days, got {days!r}.")
    needed = int(np.ceil(days / forecast.bucket_days))
    mean = forecast.mean[rows]
    beyond = max(needed - mean.shape[1], 0)
    tail = np.repeat(mean.mean(axis=1, keepdims=True), beyond, axis=1)
    return np.concatenate([mean, tail], axis=1)[:, :needed]


def _weighted(forecast: Forecast, rows: Ints, days: float) -> Floats:
    whole = _extended(forecast, rows, days)
    position: Floats = np.arange(whole.shape[1], dtype=np.float64)
    return whole * np.clip(days / forecast.bucket_days - position, 0.0, 1.0)
