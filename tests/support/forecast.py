"""Forecasts for tests: made from sales, or made up from a mean and a noise."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from engine.demand import clean_demand
from engine.forecast import forecast_demand
from engine.forecast.mixture import mixture_quantiles
from engine.forecast.noise import bucket_excess
from engine.model.config import QUANTILE_LEVELS, PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import DRIVERS, DemandNoise, Forecast
from engine.model.snapshot import Snapshot


def forecast_of(
    snapshot: Snapshot, config: PlanConfig | None = None, decisions: Decisions | None = None
) -> Forecast:
    """Clean and forecast a snapshot in one go."""
    config = config or PlanConfig()
    panel = clean_demand(snapshot, config)
    return forecast_demand(panel, snapshot, config, decisions or Decisions())


def made_up(
    mean: Sequence[Sequence[float]],
    *,
    level_cv: float = 0.3,
    size: float = 4.0,
    wide_cv: float | None = None,
) -> Forecast:
    """A weekly forecast with this mean [series, step]; series are S0, S1, ... in MAIN."""
    means = np.asarray(mean, dtype=np.float64)
    count = len(means)
    noise = DemandNoise(
        level_cv=np.full(count, level_cv),
        size=np.full(count, size),
        wide_cv=None if wide_cv is None else np.full(count, wide_cv),
    )
    drivers = np.zeros((*means.shape, len(DRIVERS)))
    drivers[..., 0] = means
    return Forecast(
        bucket="week",
        starts=pd.date_range("2026-11-23", periods=means.shape[1], freq="7D"),
        series=pd.DataFrame({"sku": [f"S{i}" for i in range(count)], "location": "MAIN"}),
        levels=QUANTILE_LEVELS,
        mean=means,
        quantiles=mixture_quantiles(means, bucket_excess(noise), QUANTILE_LEVELS),
        drivers=drivers,
        noise=noise,
    )


def row_of(forecast: Forecast, sku: str, location: str = "MAIN") -> int:
    series = forecast.series
    found = np.flatnonzero((series["sku"] == sku) & (series["location"] == location))
    return int(found[0])


def column(forecast: Forecast, name: str, sku: str) -> Any:
    return forecast.series[name].iloc[row_of(forecast, sku)]
