"""Scores of probabilistic forecasts that several harnesses share."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
M5_LEVELS = (0.005, 0.025, 0.165, 0.25, 0.5, 0.75, 0.835, 0.975, 0.995)


def pinball(quantiles: Floats, actual: Floats, levels: tuple[float, ...]) -> Floats:
    """Mean over levels of the pinball loss; `quantiles` has the levels on its last axis."""
    over = actual[..., None] - quantiles
    level = np.asarray(levels)
    return np.maximum(level * over, (level - 1.0) * over).mean(axis=-1)


def scaled_pinball(quantiles: Floats, actual: Floats, scale: Floats) -> Floats:
    """[series] mean pinball loss at the M5 levels over the steps that have an actual, per scale.

    NaN for a series without a scale or without an actual.
    """
    loss = pinball(quantiles, np.nan_to_num(actual), M5_LEVELS)
    seen = np.isfinite(actual)
    total, count = np.where(seen, loss, 0.0).sum(axis=1), seen.sum(axis=1) * scale
    return np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)


def wape(forecast: Floats, actual: Floats) -> float:
    """Sum of absolute errors over sum of actuals."""
    return float(np.abs(forecast - actual).sum() / actual.sum())


def central_shares(pit: Floats) -> dict[str, float]:
    """Share of PIT values inside the central 50, 80 and 95 %, in percent."""
    return {
        str(width): round(100 * float(np.mean(np.abs(pit - 0.5) <= width / 200)), 2)
        for width in (50, 80, 95)
    }
