"""Pinball loss, coverage and width of quantiles of days."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.scores import pinball

Floats = NDArray[np.float64]
LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
_INTERVALS = {"50": (2, 4), "80": (1, 5), "95": (0, 6)}
MANY = 30  # shipments of a vendor


def scores(quantiles: Floats, actual: Floats) -> dict[str, Any]:
    """Mean pinball loss over LEVELS in days; percent that central intervals hold; mean width."""
    return {
        "shipments": len(actual),
        "pinball": round(float(pinball(quantiles, actual, LEVELS).mean()), 3),
        "coverage": {
            name: round(100 * float(_inside(quantiles, actual, low, high).mean()), 1)
            for name, (low, high) in _INTERVALS.items()
        },
        "width_80": round(float((quantiles[:, 5] - quantiles[:, 1]).mean()), 1),
    }


def _inside(quantiles: Floats, actual: Floats, low: int, high: int) -> NDArray[np.bool_]:
    return (actual >= quantiles[:, low]) & (actual <= quantiles[:, high])


def by_history(
    quantiles: Floats, actual: Floats, history: NDArray[np.int64]
) -> dict[str, dict[str, Any]]:
    """Scores per group of vendors, by their shipments known at sending; empty groups left out."""
    groups = {
        "30 or more": history >= MANY,
        "fewer": (history > 0) & (history < MANY),
        "none": history == 0,
    }
    return {
        name: scores(quantiles[rows], actual[rows]) for name, rows in groups.items() if rows.any()
    }
