"""A waterfall over a stretch of time: units per driver, their shares, and their lifts."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def over_steps(drivers: Floats, steps: int | None = None) -> tuple[Floats, Floats]:
    """Units [..., driver] over the first steps of drivers [..., step, driver], and their percent.

    Percentages are of the first driver (the baseline), so units and percentages both add up
    exactly to the forecast; NaN where there is no baseline.
    """
    units: Floats = drivers[..., :steps, :].sum(axis=-2)
    baseline = units[..., :1]
    percent = np.divide(
        100.0 * units, baseline, out=np.full_like(units, np.nan), where=baseline > 0
    )
    return units, percent


def lifts(units: Floats) -> Floats:
    """[..., driver] what each driver multiplies by: the forecast with it over that without it.

    A factor, never an addend; NaN for the first driver and where there is nothing to multiply.
    """
    stages = np.cumsum(units, axis=-1)
    before = np.concatenate([np.zeros_like(stages[..., :1]), stages[..., :-1]], axis=-1)
    return np.divide(stages, before, out=np.full_like(stages, np.nan), where=before > 0)
