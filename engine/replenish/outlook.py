"""Demand, stock and time of the places under decision."""

import numpy as np
from numpy.typing import NDArray

from engine.forecast.paths import demand_paths
from engine.replenish.context import Context
from engine.replenish.demand_paths import DemandPaths
from engine.replenish.echelon import Flow
from engine.replenish.shortfall import Window

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_MONTH_DAYS = 28.0


def flow_of(context: Context, chosen: Ints) -> Flow:
    """Own demand, stock and supply of the places."""
    config, forecast = context.config, context.forecast
    rows = context.places.row[chosen]
    demand = np.zeros((len(chosen), config.paths, forecast.mean.shape[1]), dtype=np.int32)
    sold = rows >= 0
    demand[sold] = demand_paths(forecast, rows[sold], config.paths, config.seed)
    return Flow(
        demand=DemandPaths.of(demand, forecast.bucket_days),
        available=context.available[chosen].astype(np.float64),
        coming=context.inflows.coming(chosen),
    )


def window_of(context: Context, chosen: Ints) -> Window:
    """When a decision of today helps and until when; places that do not buy wait for transfers."""
    config = context.config
    shape = (len(chosen), config.paths)
    start = np.full(shape, float(config.transfer_days))
    lost = np.zeros(shape, dtype=np.bool_)
    window = Window(start=start, end=start + config.review_days, lost=lost)
    buyer = context.buyer[chosen]
    buys = np.flatnonzero(buyer >= 0)
    if len(buys):
        bought = context.chances.window(buyer[buys], context.strata, context.keys[chosen[buys]])
        window.start[buys], window.end[buys] = bought.start, bought.end
        if bought.lost is not None:
            lost[buys] = bought.lost
    return window


def rate_after_of(demand: DemandPaths, window: Window) -> Floats:
    """Mean demand per day after the window: of the rest of the horizon where there is a month."""
    rest = demand.horizon_days - window.end.mean(axis=1)
    later = demand.upto[:, :, -1] - demand.by(window.end)
    within: Floats = np.maximum(later, 0.0).mean(axis=1) / np.maximum(rest, 1.0)
    return np.where(rest >= _MONTH_DAYS, within, demand.rate_after.mean(axis=1))
