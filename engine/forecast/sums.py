"""Quantiles of demand summed over a protection period, from the same noise as the paths."""

import numpy as np

from engine.demand.arrays import Floats, Ints, ratio
from engine.errors import InvalidInput
from engine.forecast.counts import count_quantiles
from engine.model.forecast import Forecast


def summed_mean(forecast: Forecast, rows: Ints, days: float) -> Floats:
    """[row] expected demand over the next `days`, which may end inside a bucket."""
    return _parts(forecast, rows, days).sum(axis=1)


def cumulative_quantiles(forecast: Forecast, rows: Ints, days: float) -> Floats:
    """[row, level] quantiles of demand summed over the next `days` calendar days, whole units.

    The level factor is common to all buckets, the rest independent, so the sum's variance beyond
    counting is cv^2 M^2 + (1 + cv^2) sum(m^2 / size). A bucket that the period enters only in part
    brings that part of its mean and of its variance. Beyond the horizon its mean continues.
    """
    mean, size = cumulative_moments(forecast, rows, days)
    return count_quantiles(mean, size, forecast.levels)


def cumulative_moments(forecast: Forecast, rows: Ints, days: float) -> tuple[Floats, Floats]:
    """[row] mean and negative-binomial size of the sum over the next `days`."""
    parts, whole = _parts(forecast, rows, days), _buckets(forecast, rows, days)
    mean = parts.sum(axis=1)
    passing = (parts * whole).sum(axis=1) / forecast.noise.size[rows]
    lasting = forecast.noise.level_cv[rows] ** 2
    return mean, _size(mean, lasting * mean**2 + (1.0 + lasting) * passing)


def quantiles_over_random_days(forecast: Forecast, rows: Ints, pmf: Floats) -> Floats:
    """[row, level] the same when the period itself is random: `pmf[row, d]` is P(d days).

    Moments of the mixture over d: the spread of the period adds (1 + cv^2) Var(M_d), which is the
    d^2 sigma_L^2 of the textbook with the demand of the very days in question.
    """
    mean, passing = _by_day(forecast, rows, pmf.shape[1])
    lasting = forecast.noise.level_cv[rows] ** 2
    first = (pmf * mean).sum(axis=1)
    second = (pmf * mean**2).sum(axis=1)
    beyond = (1.0 + lasting) * (second + (pmf * passing).sum(axis=1)) - first**2
    return count_quantiles(first, _size(first, beyond), forecast.levels)


def _by_day(forecast: Forecast, rows: Ints, days: int) -> tuple[Floats, Floats]:
    """[row, day] mean and passing variance of the sum over the first 0, 1, 2, ... days."""
    length = forecast.bucket_days
    whole = np.repeat(_buckets(forecast, rows, float(days)), length, axis=1)[:, : max(days - 1, 0)]
    nothing = np.zeros((len(rows), 1))
    mean = np.concatenate([nothing, np.cumsum(whole / length, axis=1)], axis=1)
    squares = np.cumsum(whole**2 / length, axis=1)
    passing = np.concatenate([nothing, squares], axis=1) / forecast.noise.size[rows, None]
    return mean, passing


def _size(mean: Floats, beyond: Floats) -> Floats:
    """Negative binomial size of a mean and a variance beyond counting; huge where that is nil."""
    return 1.0 / np.maximum(ratio(beyond, mean**2), 1e-9)


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
