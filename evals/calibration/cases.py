"""The origins at which bands are judged: what was known, and what came after it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from engine.demand import clean_demand
from engine.demand.arrays import Texts
from engine.forecast import forecast_demand
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import Forecast
from engine.model.snapshot import Snapshot
from evals.histories.history import Floats, History

Reader = Callable[[Path, int], Iterator["Case"]]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One origin of one data set. Axes of the arrays: [series of the forecast, step]."""

    name: str
    forecast: Forecast = field(repr=False)
    past: Floats = field(repr=False)  # [series, bucket]; NaN: not recorded or out of stock
    actual: Floats = field(repr=False)
    season: int  # buckets, for the seasonal naive peer

    @property
    def classes(self) -> Texts:
        return self.forecast.series["demand_class"].to_numpy(dtype=object)


def m5_cases(folder: Path, origins: int) -> Iterator[Case]:
    """Days, 28 ahead, origins 56 days apart; prices and events known as plans."""
    from evals.histories.m5 import read_m5
    from evals.m5.adapter import snapshot_at
    from evals.m5.files import load

    data, history = load(folder), read_m5(folder)
    for origin in _origins(history.buckets, 28, 56, origins):
        yield _case("m5 days", history, origin, 28, snapshot_at(data, origin), season=7)


def vn2_cases(folder: Path, origins: int) -> Iterator[Case]:
    """Weeks, 8 ahead, origins 8 weeks apart; weeks out of stock are not scored."""
    from evals.histories.vn2 import read_vn2

    history = read_vn2(folder)
    for origin in _origins(history.buckets, 8, 8, origins):
        snapshot = history.between(0, origin).snapshot()
        yield _case("vn2 weeks", history, origin, 8, snapshot, season=52)


def frat_cases(folder: Path, origins: int) -> Iterator[Case]:
    """Weeks, 8 ahead, origins 8 weeks apart; promotions and prices known as plans."""
    from evals.histories.frat import read_frat
    from evals.promotions.adapter import snapshot_at
    from evals.promotions.frat import load_frat

    frat, history = load_frat(folder), read_frat(folder)
    for origin in _origins(history.buckets, 8, 8, origins):
        yield _case("frat weeks", history, origin, 8, snapshot_at(frat, origin, 8), season=52)


def carparts_cases(folder: Path, origins: int) -> Iterator[Case]:
    """Months, 12 ahead, mapped onto weekly buckets; one origin, there is no history for more."""
    from evals.histories.carparts import read_carparts

    history = read_carparts(folder)
    for origin in _origins(history.buckets, 12, 12, min(origins, 1)):
        snapshot = history.between(0, origin).snapshot()
        yield _case("car parts months", history, origin, 12, snapshot, season=12)


READERS: dict[str, Reader] = {
    "m5": m5_cases, "vn2": vn2_cases, "frat": frat_cases, "carparts": carparts_cases,
}  # fmt: skip


def _origins(buckets: int, steps: int, apart: int, count: int) -> list[int]:
    return [buckets - steps - apart * back for back in range(count)]


def _case(
    name: str, history: History, origin: int, steps: int, snapshot: Snapshot, *, season: int
) -> Case:
    config = PlanConfig(bucket="day" if history.bucket_days == 1 else "week", horizon=steps)
    panel = clean_demand(snapshot, config)
    forecast = forecast_demand(panel, snapshot, config, Decisions())
    rows = _rows(forecast.series, history)
    return Case(
        name=name,
        forecast=forecast,
        past=history.units[rows, :origin],
        actual=history.units[rows, origin : origin + steps],
        season=season,
    )


def _rows(series: pd.DataFrame, history: History) -> list[int]:
    """Rows of the history in the order of the forecast's series."""
    keys = zip(history.skus, history.locations, strict=True)
    place = {key: row for row, key in enumerate(keys)}
    return [place[key] for key in zip(series["sku"], series["location"], strict=True)]
