"""The Croston family and plain means as peers: mean forecasts and two kinds of quantiles each."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from engine.forecast.counts import count_quantiles
from engine.forecast.statsforecast_adapter import forecast_rows
from evals.scores import Floats

WINDOWS = 4
YEAR = 12
LIBRARY = {
    "croston": "Croston", "sba": "Croston-SBA", "tsb": "TSB", "adida": "ADIDA", "imapa": "IMAPA",
}  # fmt: skip
Forecaster = Callable[[Floats, int], Floats]  # units [series, bucket], steps -> [series, step]


def peers() -> Mapping[str, Forecaster]:
    """Every peer by its name in the table; gaps in `units` are NaN."""
    library = {name: partial(_library, model) for name, model in LIBRARY.items()}
    return {**library, "zero": _zero, "mean": _mean, "mean_12": _mean_of_a_year}


def conformal_quantiles(
    forecaster: Forecaster, units: Floats, steps: int, levels: tuple[float, ...]
) -> Floats:
    """[series, step, level] mean plus and minus the errors of 4 earlier windows, never below 0.

    The windows begin as far apart as the history lets them, up to `steps`, and are forecast by
    the same model from what came before each; a missing actual counts as no error. This is
    statsforecast's conformal distribution, which itself refuses a history shorter than 4 x steps.
    """
    buckets = units.shape[1]
    apart = max(min(steps, (buckets - 2 * steps) // (WINDOWS - 1)), 1)
    mean = forecaster(units, steps)
    around = [mean]
    for window in range(WINDOWS):
        origin = buckets - steps - window * apart
        if origin > 0:
            error = np.abs(units[:, origin : origin + steps] - forecaster(units[:, :origin], steps))
            error = np.where(np.isfinite(error), error, 0.0)
            around += [mean + error, mean - error]
    spread = np.stack(around[1:] or around)
    return np.maximum(np.moveaxis(np.quantile(spread, levels, axis=0), 0, -1), 0.0)


def negative_binomial_quantiles(
    forecaster: Forecaster, units: Floats, steps: int, levels: tuple[float, ...]
) -> Floats:
    """[series, step, level] counts with the peer's mean and the history's own spread (moments)."""
    mean = forecaster(units, steps)
    average = _mean(units, 1)[:, 0]
    seen = np.isfinite(units)
    squares = np.where(seen, (np.nan_to_num(units) - average[:, None]) ** 2, 0.0).sum(axis=1)
    beyond = squares / np.maximum(seen.sum(axis=1) - 1, 1) - average
    spread = np.where(average > 0, beyond / np.maximum(average, 1e-9) ** 2, 0.0)
    return count_quantiles(mean, (1.0 / np.maximum(spread, 1e-6))[:, None], levels)


def _library(model: str, units: Floats, steps: int) -> Floats:
    """A statsforecast model; too short a history for it is its mean."""
    found = forecast_rows(model, np.nan_to_num(units), np.isfinite(units), steps)
    return np.where(np.isfinite(found), found, _mean(units, steps))


def _zero(units: Floats, steps: int) -> Floats:
    return np.zeros((len(units), steps))


def _mean(units: Floats, steps: int) -> Floats:
    seen = np.isfinite(units).sum(axis=1)
    average = np.nan_to_num(units).sum(axis=1) / np.maximum(seen, 1)
    return np.repeat(average[:, None], steps, axis=1)


def _mean_of_a_year(units: Floats, steps: int) -> Floats:
    return _mean(units[:, -YEAR:], steps)
