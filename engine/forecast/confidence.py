"""How much a forecast can be trusted, in three classes, with the reason."""

import numpy as np

from engine.demand.arrays import Bools, Floats, Texts
from engine.model.forecast import DemandNoise

LOOK_AHEAD_DAYS = 28
HIGH, MEDIUM = 0.45, 0.9  # coefficient of variation of demand over the next four weeks
LONG_DAYS = 364
LATELY_DAYS = 56


def relative_error(mean: Floats, noise: DemandNoise, bucket_days: int) -> Floats:
    """[series] coefficient of variation of demand over the next four weeks.

    With the usual error of the level: the rare wide one threatens every item alike.
    """
    steps = max(LOOK_AHEAD_DAYS // bucket_days, 1)
    part = mean[:, :steps]
    total = part.sum(axis=1)
    passing = np.divide((part**2).sum(axis=1), total**2, out=np.ones_like(total), where=total > 0)
    lasting = noise.level_cv**2
    counting = np.divide(1.0, total, out=np.full_like(total, np.inf), where=total > 0)
    return np.sqrt(counting + lasting + (1.0 + lasting) * passing / noise.size)


def confidence(
    error: Floats, in_stock_days: Floats, lately: Floats, fresh: Bools
) -> tuple[Texts, Texts]:
    """Class and reason per series.

    `lately` is the share in stock over the last eight weeks; a series that could hardly be bought
    is never better than medium, one with less than a year never high.
    """
    seldom = lately < 0.5  # noqa: PLR2004  less than half the time
    young = in_stock_days < LONG_DAYS
    low = fresh | (error >= MEDIUM)
    high = ~low & (error < HIGH) & ~seldom & ~young
    level = np.where(low, "low", np.where(high, "high", "medium")).astype(object)
    reason = np.full(len(error), "Steady sales over a long history.", dtype=object)
    reason[~high] = "Demand varies, so the band is wide."
    reason[~low & young] = "Less than a year of history."
    reason[seldom] = "It was out of stock for most of the last weeks."
    reason[low & ~fresh & ~seldom] = "Demand is rare or very uneven."
    reason[fresh] = "It has not sold long enough to speak for itself."
    return level, reason
