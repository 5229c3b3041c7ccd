"""Four-week-ahead rolling origins over the held-out weeks, and what each method says there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from engine.errors import InvalidInput
from evals.peers.autoets import autoets
from evals.peers.simple import seasonal_naive, window_mean
from evals.promotions.adapter import snapshot_at
from evals.promotions.boosted_peer import boosted
from evals.promotions.frat import Floats, Frat, forward_filled
from evals.scores import wape

STEPS, YEAR, QUARTER = 4, 52, 13
Method = Callable[[Frat, int, int], Floats]
Note = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Scored:
    """Forecast and actual of every scored row, in one order for all methods."""

    actual: Floats = field(repr=False)
    promoted: Floats = field(repr=False)
    forecasts: Mapping[str, Floats] = field(repr=False)

    def figures(self, method: str) -> dict[str, float]:
        said, on = self.forecasts[method], self.promoted > 0
        return {
            "wape": round(wape(said, self.actual), 4),
            "wape_promoted": round(wape(said[on], self.actual[on]), 4),
            "bias": round(float((said - self.actual).sum() / self.actual.sum()), 4),
        }


def ours(frat: Frat, origin: int, steps: int) -> Floats:
    """Clean demand and forecast with the default configuration; 0 for a pair never seen before."""
    from engine.demand import clean_demand
    from engine.forecast import forecast_demand
    from engine.model.config import PlanConfig
    from engine.model.decisions import Decisions

    snapshot = snapshot_at(frat, origin, steps)
    config = PlanConfig(horizon=steps)
    forecast = forecast_demand(clean_demand(snapshot, config), snapshot, config, Decisions())
    rows = pd.MultiIndex.from_frame(forecast.series[["sku", "location"]].astype(str))
    at = rows.get_indexer(pd.MultiIndex.from_frame(frat.pairs[["upc", "store"]]))
    return np.where((at >= 0)[:, None], forecast.mean[at], 0.0)


def _history(frat: Frat, origin: int) -> Floats:
    return forward_filled(frat.units[:, :origin])


def _year_ago(frat: Frat, origin: int, steps: int) -> Floats:
    """The same week a year ago; a pair that is younger repeats its first week."""
    filled = pd.DataFrame(_history(frat, origin)).bfill(axis=1)
    return seasonal_naive(filled.to_numpy(dtype=np.float64), YEAR, steps)


METHODS: Mapping[str, Method] = {
    "ours": ours,
    "seasonal_naive": _year_ago,
    "mean_13": lambda frat, origin, steps: window_mean(_history(frat, origin), QUARTER, steps),
    "autoets": lambda frat, origin, steps: autoets(_history(frat, origin), 1, steps),
    "lightgbm": boosted,
}


def origins(weeks: int, holdout: int) -> tuple[int, ...]:
    """Week positions from which the held-out weeks are forecast, four at a time."""
    if not 0 < holdout <= weeks - YEAR:
        raise InvalidInput(
            f"--holdout must leave a year of the {weeks} weeks to learn from, got {holdout}."
        )
    return tuple(range(weeks - holdout, weeks, STEPS))


def score(frat: Frat, holdout: int, methods: Mapping[str, Method], note: Note) -> Scored:
    """Every method over the same rows: those that the file has in the held-out weeks."""
    said: dict[str, list[Floats]] = {name: [] for name in methods}
    actual: list[Floats] = []
    promoted: list[Floats] = []
    for origin in origins(frat.weeks, holdout):
        steps = min(STEPS, frat.weeks - origin)
        ahead = slice(origin, origin + steps)
        rows = frat.present[:, ahead]
        actual.append(frat.units[:, ahead][rows])
        promoted.append(frat.promoted[:, ahead][rows].astype(np.float64))
        for name, method in methods.items():
            note(f"week {origin} of {frat.weeks}: {name}")
            said[name].append(method(frat, origin, steps)[rows])
    return Scored(
        actual=np.concatenate(actual),
        promoted=np.concatenate(promoted),
        forecasts={name: np.concatenate(parts) for name, parts in said.items()},
    )
