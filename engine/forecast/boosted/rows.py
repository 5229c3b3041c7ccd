"""Which (series, origin, step) rows train the challenger: drawn by name, not by position."""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Ints, Keys
from engine.forecast.boosted.inputs import Asked
from engine.forecast.training import Training

ROWS = 60_000  # more of them made no forecast better by more than half a per cent
SERIES = 6_000
BACK_DAYS = 730  # older origins describe another business
LEAST_DAYS = 28  # of a series before an origin
_STRIDE, _WORD = 0x9E3779B97F4A7C15, 1 << 64
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def scrambled(keys: Keys, salt: int) -> Keys:
    """Well-mixed numbers for each key and salt (splitmix64, Steele, Lea and Flood 2014)."""
    mixed = keys + np.uint64(_STRIDE * (salt + 1) % _WORD)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
    return mixed ^ (mixed >> np.uint64(31))


def chosen_series(keys: Keys, most: int) -> Ints:
    """Positions of at most `most` series, those with the lowest scrambled keys; sorted."""
    order = np.argsort(scrambled(keys, 0), kind="stable")
    return np.sort(order[:most]).astype(np.int64)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """`series` are positions in the training; `asked.series` positions in `series`."""

    series: Ints
    asked: Asked


def draw_rows(training: Training, reach: int) -> Drawn:
    """Rows whose target lies inside `training`, in stock, and not too near the series' start.

    `reach` is the largest number of steps ahead, counted from 1.
    """
    series = chosen_series(training.keys, SERIES)
    draws = min(max(ROWS // max(len(series), 1), 1), training.shape[1])
    buckets = training.shape[1]
    back = np.uint64(max(min(round(training.buckets(BACK_DAYS)), buckets), 1))
    position = np.tile(np.arange(len(series)), draws)
    random = np.concatenate([scrambled(training.keys[series], 1 + draw) for draw in range(draws)])
    step = ((random >> np.uint64(32)) % np.uint64(reach)).astype(np.int64)
    origin = buckets - 1 - (random % back).astype(np.int64)
    origin = np.minimum(origin, buckets - 1 - step)
    begun = np.argmax(training.begun[series] > 0, axis=1)[position]
    old_enough = (origin - begun >= training.buckets(LEAST_DAYS)) & (origin > 0)
    kept = old_enough & (training.weight[series[position], np.maximum(origin + step, 0)] > 0)
    return Drawn(
        series=series,
        asked=Asked(series=position[kept], origin=origin[kept], step=step[kept]),
    )
