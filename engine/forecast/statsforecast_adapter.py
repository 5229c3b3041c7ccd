"""statsforecast's univariate models on cleaned, deseasonalised series.

The one place that imports statsforecast, and only when called: it costs a second to load and the
service process never does. Series arrive as rows of a matrix with a mask, because buckets out of
stock are missing, not zero; a model sees the buckets that were in stock, in order.
"""
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false

import warnings
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np

from engine.demand.arrays import Bools, Floats
from engine.errors import InvalidInput

SHORTEST = 8  # observations; below it a model has nothing that a mean has not
_INTERMITTENT_SMOOTHING = 0.1  # Syntetos and Boylan's usual choice


class Model(Protocol):
    """What every univariate model of statsforecast offers here."""

    def forecast(self, y: Floats, h: int) -> dict[str, Floats]: ...


def _models() -> Mapping[str, Callable[[], Model]]:
    from statsforecast import models

    known: dict[str, Callable[[], Any]] = {
        "Croston": models.CrostonClassic,
        "Croston-SBA": models.CrostonSBA,
        "TSB": lambda: models.TSB(alpha_d=0.2, alpha_p=_INTERMITTENT_SMOOTHING),
        "ADIDA": models.ADIDA,
        "IMAPA": models.IMAPA,
        "optimised SES": models.SimpleExponentialSmoothingOptimized,
        "AutoCES": lambda: models.AutoCES(season_length=1, model="N"),
        "dynamic optimised theta": lambda: models.DynamicOptimizedTheta(season_length=1),
    }
    return known


def forecast_rows(name: str, demand: Floats, seen: Bools, steps: int) -> Floats:
    """Mean forecast [series, step] of the named model; NaN for a series it cannot serve.

    `demand` [series, bucket] counts where `seen`. A series with fewer than 8 seen buckets, or one
    on which the model fails, is NaN: the caller weighs its other candidates instead.
    """
    known = _models()
    if name not in known:
        raise InvalidInput(f"No statsforecast model {name!r} here. Known: {', '.join(known)}.")
    model = known[name]()
    forecasts = np.full((demand.shape[0], steps), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # constant series make optimisers complain, not fail
        for row in range(demand.shape[0]):
            history = demand[row, seen[row]]
            if len(history) >= SHORTEST:
                forecasts[row] = _one(model, history, steps)
    return forecasts


def _one(model: Model, history: Floats, steps: int) -> Floats:
    """One series; statsforecast reports what it cannot fit by whatever its optimiser raises."""
    try:
        mean = np.asarray(model.forecast(y=history, h=steps)["mean"], dtype=np.float64)
    except (ValueError, ZeroDivisionError, FloatingPointError, IndexError, RuntimeError):
        return np.full(steps, np.nan)
    return np.where(np.isfinite(mean), np.maximum(mean, 0.0), np.nan)
