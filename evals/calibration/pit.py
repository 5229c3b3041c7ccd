"""Where actual demand falls in the distribution that was forecast for it."""

import numpy as np

from engine.forecast.noise import effective_size
from engine.model.forecast import Forecast
from evals.scores import Floats, randomised_pit


def forecast_pit(forecast: Forecast, actual: Floats, seed: int) -> Floats:
    """[series, step] randomised PIT of single buckets; NaN where the actual is."""
    mean = forecast.mean[:, : actual.shape[1]]
    size = effective_size(forecast.noise)[:, None]
    return randomised_pit(mean, size, np.asarray(actual, dtype=np.float64), seed)
