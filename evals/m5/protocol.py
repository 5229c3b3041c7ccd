"""M5's scores: weights by dollars, scales by first differences after the first sale."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.model.forecast import Forecast
from evals.calibration.pit import forecast_pit
from evals.m5.files import M5Data
from evals.scores import M5_LEVELS, central_shares, pinball, wape

Floats = NDArray[np.float64]
HORIZON = 28
WIDTHS = {"50": (0.25, 0.75), "80": (0.1, 0.9), "95": (0.025, 0.975)}
PIT_SEED = 1


@dataclass(frozen=True, kw_only=True)
class Window:
    """One scored window: the days after the first `cut` days. Axes as in M5Data."""

    cut: int
    history: Floats  # [item, day], NaN before the first sale
    actual: Floats  # [item, step]
    weight: Floats  # [item] share of the dollar sales of the last 28 training days
    square_scale: Floats  # [item] mean squared first difference after the first sale
    absolute_scale: Floats

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Items with a scale; the others are dropped and counted."""
        return (self.square_scale > 0) & (self.absolute_scale > 0)


def window_at(data: M5Data, cut: int) -> Window:
    sold = data.units[:, :cut]
    begun = np.maximum.accumulate(sold > 0, axis=1)
    step = np.where(begun[:, :-1], np.diff(sold, axis=1), 0.0)
    count = np.maximum(begun[:, :-1].sum(axis=1), 1)
    last = slice(cut - HORIZON, cut)
    dollars = (data.units[:, last] * np.nan_to_num(data.price[:, last])).sum(axis=1)
    square, absolute = (step**2).sum(axis=1) / count, np.abs(step).sum(axis=1) / count
    kept = np.where((square > 0) & (absolute > 0), dollars, 0.0)
    return Window(
        cut=cut, history=np.where(begun, sold, np.nan),
        actual=data.units[:, cut : cut + HORIZON], weight=kept / kept.sum(),
        square_scale=square, absolute_scale=absolute,
    )  # fmt: skip


def point_scores(window: Window, mean: Floats) -> dict[str, float]:
    """Weighted and mean RMSSE, WAPE, and the number of item-days behind them."""
    kept = window.scored
    off = mean[kept] - window.actual[kept]
    rmsse = np.sqrt((off**2).mean(axis=1) / window.square_scale[kept])
    return {
        "weighted_rmsse": round(float((rmsse * window.weight[kept]).sum()), 5),
        "mean_rmsse": round(float(rmsse.mean()), 5),
        "wape": round(wape(mean[kept], window.actual[kept]), 5),
        "rows": int(off.size),
    }


def wspl(window: Window, quantiles: Floats, levels: tuple[float, ...]) -> float:
    """Scaled pinball loss over the nine M5 levels, weighted by dollars."""
    kept = window.scored
    where = [levels.index(level) for level in M5_LEVELS]
    loss = pinball(quantiles[kept][:, :, where], window.actual[kept], M5_LEVELS).mean(axis=1)
    return round(float((loss / window.absolute_scale[kept] * window.weight[kept]).sum()), 5)


def calibration(window: Window, forecast: Forecast) -> dict[str, object]:
    """PIT shares and inclusive coverage, overall and per demand class, in percent."""
    kept = window.scored
    pit = forecast_pit(forecast, window.actual, PIT_SEED)[kept]
    inside = {
        width: _within(forecast, window, low, high)[kept] for width, (low, high) in WIDTHS.items()
    }
    classes = forecast.series["demand_class"].to_numpy(dtype=object)[kept]
    by_class = {
        str(name): {
            "items": int((classes == name).sum()),
            "coverage": central_shares(pit[classes == name]),
            "inclusive": _percent({w: hit[classes == name] for w, hit in inside.items()}),
        }
        for name in sorted(set(classes))
    }
    return {"coverage": central_shares(pit), "inclusive": _percent(inside), "by_class": by_class}


def _within(forecast: Forecast, window: Window, low: float, high: float) -> NDArray[np.bool_]:
    bottom = forecast.quantiles[:, :, forecast.levels.index(low)]
    top = forecast.quantiles[:, :, forecast.levels.index(high)]
    return (window.actual >= bottom) & (window.actual <= top)


def _percent(inside: dict[str, NDArray[np.bool_]]) -> dict[str, float]:
    return {width: round(100 * float(hit.mean()), 2) for width, hit in inside.items()}
