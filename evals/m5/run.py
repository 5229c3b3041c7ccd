"""One window of M5: forecast it, and score it beside its peers."""

from dataclasses import replace

import numpy as np
import pandas as pd

from engine.demand import clean_demand
from engine.forecast import forecast_demand
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import Forecast
from evals.m5.adapter import snapshot_at
from evals.m5.files import M5Data
from evals.m5.protocol import HORIZON, Floats, Window, calibration, point_scores, window_at, wspl
from evals.peers.autoets import autoets
from evals.peers.boosted import boosted
from evals.peers.croston import LIBRARY, peers as croston_family
from evals.peers.simple import seasonal_naive, window_mean

CONFIG = PlanConfig(bucket="day", horizon=HORIZON)
SEASON = 7
LEARNED_DAYS = 800  # of history that the LightGBM peer learns from


def score_window(data: M5Data, cut: int, *, slow_peers: bool) -> dict[str, object]:
    """Every figure of 07 for the 28 days after the first `cut`."""
    window = window_at(data, cut)
    forecast = in_item_order(forecast_at(data, cut), data.items)
    ours = point_scores(window, forecast.mean)
    peers = {
        name: point_scores(window, mean) for name, mean in _peers(window, slow=slow_peers).items()
    }
    base = peers["mean_28_days"]["weighted_rmsse"]
    return {
        "scored_days": [cut + 1, cut + HORIZON],
        **ours,
        "wspl": wspl(window, forecast.quantiles, forecast.levels),
        "ratio_to_ma28": round(ours["weighted_rmsse"] / base, 5),
        "items_dropped": int((~window.scored).sum()),
        **calibration(window, forecast),
        "peers": peers,
    }


def forecast_at(data: M5Data, cut: int) -> Forecast:
    snapshot = snapshot_at(data, cut)
    panel = clean_demand(snapshot, CONFIG)
    return forecast_demand(panel, snapshot, CONFIG, Decisions())


def in_item_order(forecast: Forecast, items: tuple[str, ...]) -> Forecast:
    """Rows in the order of the file; an item that had not sold by then is forecast at nothing."""
    at = pd.Index(forecast.series["sku"]).get_indexer(pd.Index(items))
    known = (at >= 0)[:, None]
    noise = forecast.noise
    return replace(
        forecast,
        series=forecast.series.iloc[at].reset_index(drop=True),
        mean=np.where(known, forecast.mean[at], 0.0),
        quantiles=np.where(known[:, :, None], forecast.quantiles[at], 0.0),
        drivers=np.where(known[:, :, None], forecast.drivers[at], 0.0),
        noise=noise.of(at),
    )


def _peers(window: Window, *, slow: bool) -> dict[str, Floats]:
    history = window.history
    peers = {
        "mean_28_days": window_mean(history, HORIZON, HORIZON),
        "seasonal_naive": seasonal_naive(history, SEASON, HORIZON),
    }
    if slow:
        peers["autoets"] = autoets(history, SEASON, HORIZON)
        peers["lightgbm"] = boosted(history[:, -LEARNED_DAYS:], 1, HORIZON)
        family = croston_family()
        peers |= {name: family[name](history, HORIZON) for name in LIBRARY}
    return peers
