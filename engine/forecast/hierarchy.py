"""Totals over locations, categories and the company: coherent, because they are sums.

Bottom-up: a total's mean is the sum of its series' means, its channels the sums of theirs. Its
quantiles are those of summed demand paths: paths of different series are independent, so their
variances add, and a negative binomial with the sum's mean and variance is read (tests hold it
against the paths themselves). What moves a whole category at once is not in the paths, so bands
of large totals are on the narrow side.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats, Ints, ratio, sum_groups
from engine.forecast.counts import count_quantiles
from engine.forecast.noise import bucket_excess
from engine.model.forecast import Forecast

COMPANY, LOCATION, CATEGORY = "company", "location", "category"


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Axes: [total, step]. `names` has columns level (company, location, category) and name."""

    names: pd.DataFrame
    mean: Floats
    quantiles: Floats  # [total, step, level]
    by_channel: Floats  # [total, channel, step]


def totals(forecast: Forecast) -> Totals:
    """Every total that a person asks for: the company, each location, each category path."""
    mean = _summed(forecast, forecast.mean)
    beyond = _summed(forecast, bucket_excess(forecast.noise).whole * forecast.mean**2)
    size = 1.0 / np.maximum(ratio(beyond, mean**2), 1e-9)
    channels, steps = forecast.by_channel.shape[1], forecast.mean.shape[1]
    parts = _summed(forecast, forecast.by_channel.reshape(len(forecast.mean), channels * steps))
    return Totals(
        names=pd.concat([names for names, _, _ in _levels(forecast)], ignore_index=True),
        mean=mean,
        quantiles=count_quantiles(mean, size, forecast.levels),
        by_channel=parts.reshape(len(mean), channels, steps),
    )


def _levels(forecast: Forecast) -> Iterator[tuple[pd.DataFrame, Ints, int]]:
    """Names and codes of the company, the locations, and every depth of the category tree.

    A series whose category is not that deep has the code -1 there.
    """
    series = forecast.series
    count = len(series)
    yield _named(COMPANY, [""]), np.zeros(count, dtype=np.int64), 1
    codes, places = pd.factorize(series["location"].astype(str), sort=True)
    yield _named(LOCATION, list(places)), codes.astype(np.int64), len(places)
    kinds, paths = pd.factorize(series["category"].fillna("").astype(str), sort=True)
    parts = [str(path).split("/") for path in paths]
    for depth in range(1, max((len(p) for p in parts), default=0) + 1):
        here = ["/".join(p[:depth]) if len(p) >= depth and p[0] else None for p in parts]
        code, names = pd.factorize(np.array(here, dtype=object), sort=True)
        yield _named(CATEGORY, list(names)), code.astype(np.int64)[kinds], len(names)


def _named(level: str, names: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"level": level, "name": pd.Series(names, dtype=object)})


def _summed(forecast: Forecast, values: Floats) -> Floats:
    """[total, k] sums of [series, k] for all levels, one below the other."""
    return np.concatenate([_sum(values, codes, size) for _, codes, size in _levels(forecast)])


def _sum(values: Floats, codes: Ints, size: int) -> Floats:
    inside = codes >= 0
    return sum_groups(values[inside], codes[inside], size)
