"""One origin, 12 months: ours and every peer on the same parts."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.demand import clean_demand
from engine.forecast import forecast_demand
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from evals.calibration.pit import forecast_pit
from evals.histories.history import History, Ints
from evals.peers.boosted import boosted
from evals.peers.croston import conformal_quantiles, negative_binomial_quantiles, peers
from evals.scores import M5_LEVELS, Floats, central_shares, scaled_pinball

STEPS = 12
MONTH_DAYS = 30


def score_all(
    history: History, progress: Callable[[str], None] = lambda _: None, steps: int = STEPS
) -> dict[str, Any]:
    """The figures of `qm eval intermittent`; the last `steps` buckets are held out."""
    origin = history.buckets - steps
    past, future = history.between(0, origin), history.units[:, origin:]
    absolute, squared = scales_of(past.units)
    kept = np.flatnonzero((squared > 0) & np.isfinite(future).any(axis=1))
    judged = Judged(future=future[kept], absolute=absolute[kept], squared=squared[kept])
    progress("engine ...")
    ours = _ours(past, kept, judged)
    found: dict[str, dict[str, Any]] = {}
    units = past.units[kept]
    for name, forecaster in {**peers(), "lightgbm": _boosted}.items():
        progress(f"{name} ...")
        mean = forecaster(units, steps)
        made = {
            "conformal residuals": conformal_quantiles(forecaster, units, steps, M5_LEVELS),
            "negative binomial": negative_binomial_quantiles(forecaster, units, steps, M5_LEVELS),
        }
        wspl = {kind: judged.wspl(quantiles) for kind, quantiles in made.items()}
        best = min(wspl, key=lambda kind: wspl[kind])
        found[name] = {"wspl": wspl[best], "rmsse": judged.rmsse(mean), "quantiles": best}
    return {
        "parts": len(kept), "dropped": len(past.units) - len(kept), "steps": steps,
        "ours": ours, "peers": found,
    }  # fmt: skip


class Judged:
    """What came, and the scales against which errors are measured; axes [part, month]."""

    def __init__(self, *, future: Floats, absolute: Floats, squared: Floats) -> None:
        self.future, self.absolute, self.squared = future, absolute, squared

    def wspl(self, quantiles: Floats) -> float:
        loss = scaled_pinball(quantiles, self.future, self.absolute)
        return round(float(np.nanmean(loss)), 4)

    def rmsse(self, mean: Floats) -> float:
        square = np.nanmean((self.future - mean) ** 2, axis=1)
        return round(float(np.sqrt(square / self.squared).mean()), 4)


def _boosted(units: Floats, steps: int) -> Floats:
    return boosted(units, MONTH_DAYS, steps)


def _ours(past: History, kept: Ints, judged: Judged) -> dict[str, Any]:
    config = PlanConfig()
    snapshot = past.snapshot()
    forecast = forecast_demand(clean_demand(snapshot, config), snapshot, config, Decisions())
    steps = judged.future.shape[1]
    where = [forecast.levels.index(level) for level in M5_LEVELS]
    future = np.full((len(forecast.mean), steps), np.nan)
    future[kept] = judged.future
    pit = forecast_pit(forecast, future, seed=1)
    return {
        "wspl": judged.wspl(forecast.quantiles[kept, :steps][:, :, where]),
        "rmsse": judged.rmsse(forecast.mean[kept, :steps]),
        "coverage": central_shares(pit[np.isfinite(future)]),
    }


def scales_of(units: Floats) -> tuple[Floats, Floats]:
    """[series] mean absolute and mean squared difference between buckets, zeros included."""
    steps = np.diff(units, axis=1)
    counted = np.maximum(np.isfinite(steps).sum(axis=1), 1)
    known = np.nan_to_num(steps)
    return np.abs(known).sum(axis=1) / counted, (known**2).sum(axis=1) / counted
