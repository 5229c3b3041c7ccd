"""The band of a forecast where people have said from how many to how many it will be."""

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import ndtri

from engine.demand.arrays import Floats, ratio
from engine.forecast.mixture import WIDE_SHARE
from engine.forecast.overrides import Reach, column, reaches
from engine.model.forecast import DemandNoise

# A range is the middle 80 % of what a person holds possible: this many standard deviations wide.
WIDTHS = float(2.0 * ndtri(0.9))


def ranged_noise(
    noise: DemandNoise, mean: Floats, overrides: pd.DataFrame, series: pd.DataFrame,
    start: int, bucket_days: int,
) -> DemandNoise:  # fmt: skip
    """The noise with the level's error as wide as ranges say, on the days that they cover.

    A person may know the level better than the history does, or less well; how customers scatter
    around it nobody knows better, so counting and passing noise stay: a range narrower than those
    leaves no error of the level. `mean` is the forecast with overrides in force.
    """
    low, high = column(overrides, "low"), column(overrides, "high")
    if not np.isfinite(low).any():
        return noise
    steps = mean.shape[1]
    before = np.ones(mean.shape) if noise.level_share is None else noise.level_share
    error = noise.level_cv[:, None] * before  # [series, step] of the level
    for number, reach in enumerate(reaches(overrides, series, start, bucket_days, steps)):
        middle = (low[number] + high[number]) / 2.0
        if np.isfinite(middle) and middle > 0:
            width = (high[number] - low[number]) / WIDTHS / middle
            error[reach.rows] = _ranged(noise, mean, error[reach.rows], reach, width)
    return _with_error(noise, error)


def _ranged(noise: DemandNoise, mean: Floats, error: Floats, reach: Reach, width: float) -> Floats:
    """[row, step] error of the level that gives the covered sum a coefficient of variation.

    `width` is that coefficient. Variance of a sum M: M + cv^2 M^2 + (1 + cv^2) sum(m^2) / size.
    """
    rows = reach.rows
    parts = mean[rows] * reach.share
    total = parts.sum(axis=1)
    passing = (parts**2).sum(axis=1) / noise.size[rows]
    lasting = ratio((width * total) ** 2 - total - passing, total**2 + passing)
    # The level is wide now and then; all of it together is to be what was said.
    times = ratio(noise.wide[rows], noise.level_cv[rows], 1.0)
    spread = 1.0 - WIDE_SHARE + WIDE_SHARE * times**2
    wanted = np.sqrt(np.maximum(lasting, 0.0) / spread)[:, None]
    return error * (1.0 - reach.share) + wanted * reach.share


def _with_error(noise: DemandNoise, error: Floats) -> DemandNoise:
    """The level's error per step as its largest value and shares of it."""
    largest = np.maximum(error.max(axis=1, initial=0.0), 1e-9)
    return replace(
        noise,
        level_cv=largest,
        wide_cv=noise.wide * ratio(largest, noise.level_cv, 1.0),
        level_share=error / largest[:, None],
    )
