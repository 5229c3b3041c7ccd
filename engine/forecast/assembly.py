"""The parts of a forecast put together: level, its course, and the factors of each step."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats, Ints, Keys, any_bucket, texts
from engine.demand.axes import bucket_starts, day_edges, first_day
from engine.demand.catalogue import build_catalogue
from engine.demand.groups import series_groups
from engine.demand.ledger import day_number
from engine.demand.lift import lookback
from engine.demand.promotions import promoted_series, promotion_levers
from engine.demand.series import discontinued
from engine.forecast.backtest import MOSTLY_IN_STOCK, Standpoint
from engine.forecast.calendar import holiday_grid
from engine.forecast.combine import Shares, mixed
from engine.forecast.family import read_family
from engine.forecast.handover import find_handovers, moving_plans
from engine.forecast.levels import pooled_candidates, recorded_level
from engine.forecast.plans import Plans
from engine.forecast.price import with_prices
from engine.forecast.statsforecast_adapter import forecast_rows
from engine.forecast.training import Training
from engine.model.decisions import Decisions
from engine.model.panel import DemandPanel
from engine.model.snapshot import Snapshot

RECORDED_HALF_LIFE_DAYS = 56.0  # of the level with and without stockouts, to compare the two


@dataclass(frozen=True, kw_only=True)
class Course:
    """Demand per bucket before season and events: where it stands, and where it goes."""

    level: Floats  # [series]
    path: Floats  # [series, step]


def training_and_plans(
    panel: DemandPanel, snapshot: Snapshot, steps: int, decisions: Decisions
) -> tuple[Training, Plans]:
    """The panel with calendar, promotions and prices, split at the as-of date."""
    days, buckets = panel.bucket_days, len(panel.starts)
    ahead = bucket_starts(day_number(snapshot.as_of), steps, days)
    every = pd.DatetimeIndex(panel.starts.append(ahead))
    series = panel.series
    catalogue = build_catalogue(snapshot)
    promoted, _ = promoted_series(snapshot, series, catalogue)
    shape = (len(series), len(every))
    edges = day_edges(every, first_day(ahead) + steps * days)
    levers = promotion_levers(promoted, shape, edges)
    levers = with_prices(levers, panel, snapshot, catalogue, edges)
    holidays = holiday_grid(snapshot, series, edges)
    begun = np.isfinite(panel.clean).astype(np.float64)
    covered = begun if panel.covered is None else begun * panel.covered
    training = Training(
        sold=np.where(panel.in_stock > 0, np.nan_to_num(panel.clean) * panel.in_stock, 0.0),
        weight=panel.in_stock * begun,
        uncorrected=np.nan_to_num(panel.observed),
        begun=covered,
        levers=levers.between(0, buckets),
        holidays=holidays.between(0, buckets),
        starts=panel.starts,
        bucket_days=days,
        groups=series_groups(series),
        family=read_family(series, snapshot, decisions.launches),
        launches=decisions.launches,
        keys=_keys(series),
    )
    plans = Plans(
        starts=ahead,
        levers=levers.between(max(buckets - lookback(days), 0), len(every)),
        holidays=holidays.between(buckets, len(every)),
        on_sale=_on_sale(series, any_bucket(panel.observed > 0), ahead, days),
        overrides=decisions.overrides,
    )
    return training, moving_plans(plans, find_handovers(series, snapshot, training), series, days)


def _keys(series: pd.DataFrame) -> Keys:
    """The same for a series in every process, whatever else is in the panel."""
    names = (series["sku"].astype(str) + "\x00" + series["location"].astype(str)).astype(object)
    return pd.util.hash_array(texts(names), categorize=False)


def _on_sale(
    series: pd.DataFrame, sells: Bools, ahead: pd.DatetimeIndex, bucket_days: int
) -> Floats:
    """Share of each step after launch; none for what is discontinued.

    What has sold is on sale, whatever launch is still to come: elsewhere, or once more.
    """
    begins = first_day(ahead) + bucket_days * np.arange(len(ahead))
    launch = series["launch_date"].to_numpy(dtype="datetime64[D]")
    day = np.where(np.isnat(launch), 0, launch.astype(np.int64))[:, None]
    after = np.clip(begins[None, :] + bucket_days - day, 0, bucket_days) / bucket_days
    return np.where(discontinued(series)[:, None], 0.0, np.where(sells[:, None], 1.0, after))


def course(
    here: Standpoint, shares: Shares, classes: Ints, steps: int, guests: Mapping[str, Floats]
) -> Course:
    """Each series' candidates mixed by the shares of its class, step by step.

    `guests` are paths [series, step] of candidates that were computed elsewhere. The level is what
    the mixture says for the first step, before any trend.
    """
    weights = shares.of(classes, steps)
    candidates = pooled_candidates(here.training, here.shape, steps)
    paths = {candidate.name: candidate.course for candidate in candidates}
    level = {candidate.name: candidate.level for candidate in candidates}
    for name, path in guests.items():
        paths[name], level[name] = path, path.mean(axis=1)
    demand, seen = here.level_demand, here.training.weight >= MOSTLY_IN_STOCK
    for model, name in enumerate(shares.names):
        if name not in paths:
            rows = np.flatnonzero((weights[model] > 0).any(axis=1))
            path = np.full((len(classes), steps), np.nan)
            if len(rows):
                path[rows] = forecast_rows(name, demand[rows], seen[rows], steps)
            paths[name], level[name] = path, path[:, 0]
    stacked = np.stack([paths[name] for name in shares.names])
    levels = np.stack([level[name] for name in shares.names])[:, :, None]
    return Course(level=mixed(levels, weights[:, :, :1])[:, 0], path=mixed(stacked, weights))


def uncorrected_share(here: Standpoint, otherwise: Ints) -> Floats:
    """[series] the level that records alone would give, as a share of the corrected one.

    1 for the rows in `otherwise`, whose level does not come from their records.
    """
    recorded, corrected = recorded_level(here.training, here.shape, RECORDED_HALF_LIFE_DAYS)
    share = np.divide(recorded, corrected, out=np.ones_like(recorded), where=corrected > 0)
    share[otherwise] = 1.0
    return share


def with_rows(course_: Course, rows: Ints, level: Floats, growth: Floats | None = None) -> Course:
    """The course with some series at another level, flat or times `growth` [of rows, step]."""
    levels, path = course_.level.copy(), course_.path.copy()
    levels[rows] = level
    path[rows] = level[:, None] if growth is None else level[:, None] * growth
    return Course(level=levels, path=path)
