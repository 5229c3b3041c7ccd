"""Corrections that past weeks taught, applied to a forecast: its mean and the width of its band."""

from dataclasses import replace

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats
from engine.forecast.mixture import mixture_quantiles
from engine.forecast.noise import bucket_excess
from engine.model.forecast import DRIVERS, DemandNoise, Forecast

OVERRIDE = DRIVERS.index("override")
LEAST_OVERRIDE = 1e-9  # units; less is no override


def recalibrated(forecast: Forecast, learnt: pd.DataFrame) -> Forecast:
    """The forecast with the factors in force; columns of `learnt`: engine.model.decisions.LEARNT.

    A factor on the mean scales every driver alike, so that drivers still add up and each still
    vanishes with its input; steps that a person has set stay as they were set. A factor on the band
    scales the spread of the level and of what passes. Scopes are first parts of categories.
    """
    tops = np.asarray([str(path or "").split("/")[0] for path in forecast.series["category"]])
    mean, band = (_factors(learnt, kind, tops) for kind in ("bias", "band"))
    touched = np.flatnonzero((mean != 1.0) | (band != 1.0))
    if len(touched) == 0:
        return forecast
    free = np.abs(forecast.drivers[:, :, OVERRIDE]) <= LEAST_OVERRIDE
    scale: Floats = np.where(free, mean[:, None], 1.0)
    noise = _widened(forecast.noise, band)
    moved = forecast.mean * scale
    quantiles = forecast.quantiles.copy()
    excess = bucket_excess(noise.of(touched))
    quantiles[touched] = mixture_quantiles(moved[touched], excess, forecast.levels)
    return replace(
        forecast,
        mean=moved,
        quantiles=quantiles,
        drivers=forecast.drivers * scale[:, :, None],
        noise=noise,
        by_channel=forecast.by_channel * (scale[:, None, :] if forecast.channels else 1.0),
    )


def _factors(
    learnt: pd.DataFrame, kind: str, tops: "np.ndarray[tuple[int], np.dtype[np.str_]]"
) -> Floats:
    """[series] 1 where nothing was learnt."""
    rows = learnt[learnt["kind"] == kind]
    named = dict(zip(rows["scope"].astype(str), rows["value"].astype(float), strict=True))
    return np.asarray([named.get(top, 1.0) for top in tops.tolist()], dtype=np.float64)


def _widened(noise: DemandNoise, band: Floats) -> DemandNoise:
    return replace(
        noise,
        level_cv=noise.level_cv * band,
        wide_cv=None if noise.wide_cv is None else noise.wide_cv * band,
        size=noise.size / band**2,
    )
