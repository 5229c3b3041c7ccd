"""How far chance among the items could have moved a comparison: a bootstrap over SKUs.

A block is a SKU with all its locations and weeks, so what happens together stays together. Efron &
Tibshirani, An Introduction to the Bootstrap (1993), chapters 8 and 13 (percentile intervals).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.simulate.outcome import Scores
from engine.simulate.rows import Floats

DRAWS = 2_000
LEVEL = 0.95
MEASURES = ("fill_rate", "lost_margin", "average_stock", "ordered", "order_lines")
_SUMS = ("wanted", "sold", "lost_margin", "stock", "ordered", "lines")


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A figure with the interval in which LEVEL of the resampled assortments put it."""

    value: float
    low: float
    high: float


def estimates(
    scores: Mapping[str, Scores], *, seed: int, draws: int = DRAWS
) -> dict[str, dict[str, Estimate]]:
    """By policy and measure; money in minor units. Every policy meets the same resampled SKUs."""
    resampled = _resampled(scores, seed, draws)
    return {name: _judged(values) for name, values in resampled.items()}


def differences(
    scores: Mapping[str, Scores], ours: str, *, seed: int, draws: int = DRAWS
) -> dict[str, dict[str, Estimate]]:
    """Ours less each other policy, SKU by SKU, so what both had in common drops out."""
    resampled = _resampled(scores, seed, draws)
    return {
        name: _judged(resampled[ours] - values)
        for name, values in resampled.items()
        if name != ours
    }


def interval_of_total(values: Floats, *, seed: int, draws: int = DRAWS) -> Estimate:
    """The sum of one value per SKU, with the interval over resampled SKUs; 0 of nothing."""
    count = len(values)
    if count == 0 or not values.any():
        return Estimate(value=0.0, low=0.0, high=0.0)
    random = np.random.default_rng(seed)
    sums = random.multinomial(count, np.full(count, 1 / count), size=draws) @ values
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(sums, [tail, 1 - tail])
    return Estimate(value=float(values.sum()), low=float(low), high=float(high))


def _resampled(scores: Mapping[str, Scores], seed: int, draws: int) -> dict[str, Floats]:
    """[draw, measure] of each policy; draw 0 is the assortment as it is."""
    totals = {name: _per_sku(each) for name, each in scores.items()}
    count = len(next(iter(totals.values())))
    random = np.random.default_rng(seed)
    times = random.multinomial(count, np.full(count, 1 / max(count, 1)), size=draws)
    weights = np.concatenate([np.ones((1, count)), times])
    return {name: _measured(weights @ each) for name, each in totals.items()}


def _per_sku(scores: Scores) -> Floats:
    """[sku, sum]."""
    frame = pd.DataFrame({name: getattr(scores, name) for name in _SUMS})
    block, skus = pd.factorize(scores.series["sku"], sort=True)
    sums = np.zeros((len(skus), len(_SUMS)))
    np.add.at(sums, block, frame.to_numpy(dtype=np.float64))
    return sums


def _measured(sums: Floats) -> Floats:
    wanted, sold, *others = sums.T
    fill = np.divide(sold, wanted, out=np.ones_like(sold), where=wanted > 0)
    return np.stack([fill, *others], axis=1)


def _judged(values: Floats) -> dict[str, Estimate]:
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(values[1:], [tail, 1 - tail], axis=0)
    return {
        name: Estimate(value=float(values[0, i]), low=float(low[i]), high=float(high[i]))
        for i, name in enumerate(MEASURES)
    }
