"""Bands of others: seasonal naive and AutoETS from their own residuals, counts around a mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.forecast.counts import count_quantiles
from evals.histories.history import Floats
from evals.peers.autoets import autoets
from evals.peers.croston import conformal_quantiles
from evals.peers.simple import seasonal_naive, window_mean

LEVELS = (0.005, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.995)
WINDOW = 13  # buckets of the moving average
SAMPLE = 300  # series on which AutoETS is tried; it needs minutes for thousands
LATEST = 400  # buckets of history that AutoETS is given


@dataclass(frozen=True, kw_only=True)
class Quantiles:
    """[series, step, level]."""

    values: Floats = field(repr=False)
    levels: Floats = field(repr=False)


Peer = Callable[[Floats, int, int], Quantiles]  # past, steps, season


def _of(values: Floats) -> Quantiles:
    return Quantiles(values=values, levels=np.asarray(LEVELS))


def naive_bands(past: Floats, steps: int, season: int) -> Quantiles:
    """Seasonal naive with its own errors in four earlier windows; without a season, the last."""
    season = season if past.shape[1] > 2 * season else 1
    return _of(
        conformal_quantiles(lambda units, h: seasonal_naive(units, season, h), past, steps, LEVELS)
    )


def counted_bands(past: Floats, steps: int, season: int) -> Quantiles:
    """Negative binomial around the moving average, spread by moments over the last year or so."""
    del season
    mean = window_mean(past, WINDOW, steps)
    recent = past[:, -52:]
    seen = np.isfinite(recent)
    average = np.nan_to_num(recent).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    square = np.where(seen, (np.nan_to_num(recent) - average[:, None]) ** 2, 0.0).sum(axis=1)
    beyond = square / np.maximum(seen.sum(axis=1) - 1, 1) - average
    spread = np.maximum(beyond, 0.0) / np.maximum(average, 1e-9) ** 2
    return _of(count_quantiles(mean, (1.0 / np.maximum(spread, 1e-6))[:, None], LEVELS))


def autoets_bands(past: Floats, steps: int, season: int) -> Quantiles:
    """AutoETS with conformal errors of four windows, on evenly spaced series; NaN elsewhere."""
    del season
    values = np.full((len(past), steps, len(LEVELS)), np.nan)
    rows = np.arange(len(past))[:: max(len(past) // SAMPLE, 1)]
    units = past[rows, -LATEST:]
    values[rows] = conformal_quantiles(
        lambda known, h: autoets(known, 1, h, jobs=1), units, steps, LEVELS
    )
    return _of(values)


PEERS: Mapping[str, Peer] = {
    "seasonal_naive": naive_bands, "moving_average_nb": counted_bands, "autoets": autoets_bands,
}  # fmt: skip
