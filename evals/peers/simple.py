"""Peers that need no model. `history` is [series, bucket], NaN before a series begins."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def seasonal_naive(history: Floats, season: int, steps: int) -> Floats:
    """[series, step] what was sold a season ago, repeated; 0 where nothing had begun."""
    last = np.nan_to_num(history[:, -season:])
    return np.tile(last, (1, -(-steps // season)))[:, :steps]


def window_mean(history: Floats, window: int, steps: int) -> Floats:
    """[series, step] mean of the last `window` buckets; of those since it began, if fewer."""
    part = history[:, -window:]
    known = np.isfinite(part)
    mean = np.nan_to_num(part).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.repeat(mean[:, None], steps, axis=1)
