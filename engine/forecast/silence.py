"""Series that sold and have stopped: silence that their own level would not explain."""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Floats, Ints, ratio
from engine.forecast.training import Training

LEAST_SILENT_DAYS = 56
# Logarithm of the chance of the silence at the level sold before. On VN2, series silent at odds of
# one in ten thousand still sold two thirds of their former level afterwards, so only what is next
# to impossible counts as an end.
LOG_CHANCE = float(np.log(1e-6))
HALF_LIFE_DAYS = 91.0
PRIOR_SHAPE = 1.0  # how firmly the former level is believed against the silence
METHOD = "demand has ended"
REASON = "It has stopped selling, so only what the silence leaves possible is kept."


@dataclass(frozen=True, kw_only=True)
class Silent:
    """`rows` are positions of the series; level and its uncertainty after the silence."""

    rows: Ints
    level: Floats
    level_cv: Floats


def find_silent(training: Training, shape: Floats, spread: Floats) -> Silent:
    """Series in stock whose silence up to the origin is next to impossible at their former level.

    The former level is gamma with shape 1; the silent buckets, at their season, update it.
    """
    quiet = np.logical_and.accumulate((training.sold <= 0)[:, ::-1], axis=1)[:, ::-1]
    offered = training.weight * shape
    exposure = (offered * quiet).sum(axis=1)
    days = (training.weight * quiet).sum(axis=1) * training.bucket_days
    level = _level_before(training, offered, quiet.sum(axis=1))
    buckets = np.maximum((offered * quiet > 0).sum(axis=1), 1)
    chance = -buckets * np.log1p(spread * level * exposure / buckets) / spread
    rows = np.flatnonzero((chance < LOG_CHANCE) & (days >= LEAST_SILENT_DAYS))
    after = PRIOR_SHAPE / (PRIOR_SHAPE / np.maximum(level[rows], 1e-9) + exposure[rows])
    return Silent(rows=rows, level=after, level_cv=np.full(len(rows), PRIOR_SHAPE**-0.5))


def _level_before(training: Training, offered: Floats, silent_buckets: Ints) -> Floats:
    """Weighted mean up to the last sale, the quarter before it counting most."""
    last = training.shape[1] - silent_buckets
    age = last[:, None] - np.arange(training.shape[1])[None, :]
    fade = np.where(age > 0, 0.5 ** (np.maximum(age, 0) / training.buckets(HALF_LIFE_DAYS)), 0.0)
    return ratio((training.sold * fade).sum(axis=1), (offered * fade).sum(axis=1))
