"""While a pulse is on, the near future is less certain than the far one."""

from dataclasses import replace

import numpy as np

from engine.demand.arrays import Floats
from engine.model.forecast import DemandNoise


def with_doubt(noise: DemandNoise, doubt: Floats) -> DemandNoise:
    """The noise with the variance of the pulse ahead in it, step by step.

    `doubt` [series, step] is that variance as a share of the squared mean. It is common to the
    steps, as the level is: whether a pulse is real is one question, not one per day. Moments of a
    product of independent factors: 1 + cv^2 multiply.
    """
    share: Floats = np.ones_like(doubt) if noise.level_share is None else noise.level_share
    wanted = np.sqrt((1.0 + (noise.level_cv[:, None] * share) ** 2) * (1.0 + doubt) - 1.0)
    largest = wanted.max(axis=1, initial=0.0)
    largest = np.where(largest > 0, largest, noise.level_cv)
    return replace(
        noise,
        level_cv=largest,
        # A level that is far off for other reasons is so for good, not while the pulse lasts.
        wide_cv=noise.wide * np.maximum(largest / np.maximum(noise.level_cv, 1e-9), 1.0),
        level_share=wanted / np.maximum(largest, 1e-9)[:, None],
    )
