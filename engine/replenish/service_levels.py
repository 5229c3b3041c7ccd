"""Units that reach a service target: a share of cycles without shortage, or of demand served."""

import numpy as np
from numpy.typing import NDArray

from engine.model.config import PlanConfig
from engine.replenish.following import quantile_rows
from engine.replenish.shortfall import Shortfall

Floats = NDArray[np.float64]


def target_units(missing: Shortfall, config: PlanConfig) -> Floats:
    """Units that reach the service target, [place]; infinite for the economic objective.

    Cycle service: the share of windows that end without shortage. Fill rate: the share of demand
    served from stock. They are not the same thing.
    """
    last = missing.need[-1]
    if config.objective == "cycle_service":
        return quantile_rows(last, np.full(len(last), config.service_target))
    if config.objective == "fill_rate":
        allowed = (1 - config.service_target) * missing.demand.mean(axis=1)
        lasting = _level_for_shortage(missing, allowed) - missing.position
        return np.clip(lasting, 0.0, _units_for_shortage(last, allowed))
    return np.full(len(last), np.inf)


def _level_for_shortage(missing: Shortfall, allowed: Floats) -> Floats:
    """Lowest position [place] from which a window's mean shortage is at most `allowed`.

    Demand above the position at the end of the window less that before its beginning: the exact
    periodic-review form of sigma [G(k) - G(k')] (Silver, Pyke and Thomas, 4th ed., ch. 6). It is
    the long run that the fill rate is a share of; a window that must reach the target whatever it
    begins with would let the others serve far more than was asked for.
    """
    ends = missing.before + missing.demand
    low: Floats = np.zeros(len(ends))
    high: Floats = ends.max(axis=1)
    for _ in range(40):
        middle = ((low + high) / 2)[:, None]
        short = np.maximum(ends - middle, 0.0) - np.maximum(missing.before - middle, 0.0)
        enough = short.mean(axis=1) <= allowed
        low, high = np.where(enough, low, middle[:, 0]), np.where(enough, middle[:, 0], high)
    return high


def _units_for_shortage(need: Floats, allowed: Floats) -> Floats:
    """Fewest units [row] after which the mean need left over is at most `allowed`."""
    low: Floats = np.zeros(len(need))
    high: Floats = need.max(axis=1)
    for _ in range(40):
        middle = (low + high) / 2
        enough = np.maximum(need - middle[:, None], 0.0).mean(axis=1) <= allowed
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(np.maximum(need, 0.0).mean(axis=1) <= allowed, 0.0, high)
