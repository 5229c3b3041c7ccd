"""Where actual demand falls in the distribution that was forecast for it."""

import numpy as np

from engine.forecast.mixture import Excess, chance_at_most
from engine.forecast.noise import bucket_excess
from engine.model.forecast import Forecast
from evals.scores import Floats


def forecast_pit(forecast: Forecast, actual: Floats, seed: int) -> Floats:
    """[series, step] randomised PIT of single buckets; NaN where the actual is."""
    mean = forecast.mean[:, : actual.shape[1]]
    excess = bucket_excess(forecast.noise)
    narrow, wide = (np.broadcast_to(e, forecast.mean.shape) for e in (excess.narrow, excess.wide))
    part = slice(actual.shape[1])
    return mixture_pit(mean, Excess(narrow=narrow[:, part], wide=wide[:, part]), actual, seed)


def mixture_pit(mean: Floats, excess: Excess, actual: Floats, seed: int) -> Floats:
    """F(y - 1) + v (F(y) - F(y - 1)), v uniform; uniform if calibrated. NaN where `actual` is.

    Czado, Gneiting and Held (2009).
    """
    counts = np.nan_to_num(np.asarray(actual, dtype=np.float64))
    below = chance_at_most(counts - 1.0, mean, excess)
    upto = chance_at_most(counts, mean, excess)
    drawn = below + np.random.default_rng(seed).random(mean.shape) * (upto - below)
    return np.where(np.isfinite(actual), drawn, np.nan)
