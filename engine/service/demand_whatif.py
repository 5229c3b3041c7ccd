"""What a promotion, a price or an override would change in the forecast, storing nothing."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.known import up_to_as_of
from engine.model.canonical import canonical_json, digest
from engine.model.config import PlanConfig
from engine.model.decisions import OVERRIDES, PRICES, PROMOTIONS, Decisions
from engine.model.forecast import DRIVERS
from engine.model.people_plans import Override, PlannedPrice, PlannedPromotion
from engine.service.decisions import decisions_in_force
from engine.service.overrides import applied, require_override
from engine.service.price_plans import price_row, require_price
from engine.service.promotions import promotion_row, require_promotion
from engine.service.reading import RunHeader, run_header
from engine.service.stores import Stores
from engine.store.content import read_content
from engine.store.snapshots import load_snapshot

if TYPE_CHECKING:
    from engine.forecast.replan import Prepared, Replanned
    from engine.model.snapshot import Snapshot

Floats = NDArray[np.float64]
DemandPlan = Override | PlannedPromotion | PlannedPrice
MOVED = 0.005  # units over the horizon below which a series counts as untouched


@dataclass(frozen=True, kw_only=True)
class DemandChange:
    """Every series that a plan moves, with its units before and after.

    Columns sku, location, category, is_subject; before, after (units during the plan's period);
    before_horizon, after_horizon (units over the whole horizon). `is_subject` marks what the plan
    is about; the others are its siblings. `drivers` are units that each driver of the subject
    gains or loses during the period.
    """

    series: pd.DataFrame = field(repr=False)
    drivers: dict[str, float]
    first: date  # of the part of the period inside the horizon
    last: date

    def total(self, column: str, *, subject: bool | None = None) -> float:
        """Sum of a column over the subject, the siblings, or (None) the whole family."""
        rows = self.series
        chosen = rows if subject is None else rows[rows["is_subject"] == subject]
        return float(chosen[column].sum())


def demand_under(
    stores: Stores, run_id: str, plan: DemandPlan, now: datetime
) -> DemandChange | None:
    """The forecast with and without a plan, on the run's data; None where it ends before the plan.

    Call it where computing is done: what the run's data teaches is kept in the process that
    computed it last, so that further questions are quick. Raises what adding the plan would raise.
    """
    run = run_header(stores, run_id)
    _require(stores, plan)
    config = _config(run)
    reaches = run.as_of + timedelta(days=config.horizon * (7 if config.bucket == "week" else 1))
    if plan.start >= reaches or (plan.end is not None and plan.end < run.as_of):
        return None
    source = _Source.of(stores, run, now)
    prepared, snapshot = _prepared(source)
    from engine.forecast.replan import replan

    before = replan(prepared, snapshot, source.decisions)
    after = replan(prepared, snapshot, with_plan(source.decisions, plan))
    return _change(prepared, before, after, plan)


def with_plan(decisions: Decisions, plan: DemandPlan) -> Decisions:
    """The decisions in force and one more."""
    if isinstance(plan, Override):
        added = applied([plan], author="")
        return replace(decisions, overrides=_appended(decisions.overrides, added, OVERRIDES))
    if isinstance(plan, PlannedPromotion):
        row = pd.DataFrame([promotion_row(plan, "person-new")])
        return replace(decisions, promotions=_appended(decisions.promotions, row, PROMOTIONS))
    row = pd.DataFrame([price_row(plan)])
    return replace(decisions, prices=_appended(decisions.prices, row, PRICES))


def _require(stores: Stores, plan: DemandPlan) -> None:
    if isinstance(plan, PlannedPromotion):
        require_promotion(stores, plan)
    elif isinstance(plan, PlannedPrice):
        require_price(stores, plan)
    else:
        require_override(stores, plan)


def _appended(frame: pd.DataFrame, row: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    both = [*frame.to_dict("records"), *row.to_dict("records")]
    return pd.DataFrame(both, columns=list(columns))


@dataclass(frozen=True)
class _Source:
    """What a run learns from, hashed by content; two runs on the same data are one."""

    stores: Stores = field(compare=False)
    snapshot_id: str
    config: PlanConfig
    decisions: Decisions = field(compare=False)
    known: str  # digest of the decisions that history is read with

    @staticmethod
    def of(stores: Stores, run: RunHeader, now: datetime) -> "_Source":
        snapshot = load_snapshot(stores.database, stores.blobs, run.snapshot_id)
        decisions = decisions_in_force(stores, snapshot, now)
        known = (decisions.promotions, decisions.launches, decisions.prices, decisions.kept)
        return _Source(stores, run.snapshot_id, _config(run), decisions, digest(known))


def _config(run: RunHeader) -> PlanConfig:
    return read_content(PlanConfig, canonical_json(run.inputs["config"]))


@lru_cache(maxsize=1)
def _prepared(source: _Source) -> "tuple[Prepared, Snapshot]":
    from engine.forecast.replan import prepare

    stores = source.stores
    snapshot = load_snapshot(stores.database, stores.blobs, source.snapshot_id)
    snapshot = up_to_as_of(snapshot)
    return prepare(snapshot, source.config, source.decisions), snapshot


def _change(
    prepared: "Prepared", before: "Replanned", after: "Replanned", plan: DemandPlan
) -> DemandChange:
    panel = prepared.panel
    starts, days = before.plans.starts, panel.bucket_days
    share = _share_inside(starts, days, plan)
    subject = _subject(panel.series, plan)
    moved = np.abs(after.mean - before.mean).sum(axis=1) > MOVED
    rows = np.flatnonzero(moved | subject)
    # What a bucket gains that the period enters only in part, it gains on the days of the period.
    inside = (before.mean[rows] * share).sum(axis=1)
    series = panel.series.iloc[rows][["sku", "location", "category"]].reset_index(drop=True)
    series = series.assign(
        is_subject=subject[rows],
        before=inside,
        after=inside + (after.mean - before.mean)[rows][:, share > 0].sum(axis=1),
        before_horizon=before.mean[rows].sum(axis=1),
        after_horizon=after.mean[rows].sum(axis=1),
    )
    gained = (after.drivers - before.drivers)[subject]
    units = gained[:, share > 0].sum(axis=(0, 1))
    first, last = _bounds(starts, days, plan)
    return DemandChange(
        series=series,
        drivers={name: float(each) for name, each in zip(DRIVERS, units, strict=True)},
        first=first,
        last=last,
    )


def _subject(series: pd.DataFrame, plan: DemandPlan) -> NDArray[np.bool_]:
    """[series] what the plan is about."""
    if isinstance(plan, PlannedPromotion) and plan.category:
        category = series["category"].astype(str)
        here = (category == plan.category) | category.str.startswith(f"{plan.category}/")
    else:
        here = series["sku"] == plan.sku
    if plan.location:
        here &= series["location"] == plan.location
    return here.to_numpy(dtype=np.bool_)


def _bounds(starts: pd.DatetimeIndex, days: int, plan: DemandPlan) -> tuple[date, date]:
    """The plan's period as far as the forecast goes."""
    begins, ends = starts[0].date(), starts[-1].date() + timedelta(days=days - 1)
    return max(plan.start, begins), min(plan.end or ends, ends)


def _share_inside(starts: pd.DatetimeIndex, days: int, plan: DemandPlan) -> Floats:
    """[step] part of each step inside the plan's period."""
    first, last = _bounds(starts, days, plan)
    begins = starts.to_numpy(dtype="datetime64[D]").astype(np.int64)
    lower = np.datetime64(first, "D").astype(np.int64)
    upper = np.datetime64(last, "D").astype(np.int64) + 1
    inside = np.minimum(begins + days, upper) - np.maximum(begins, lower)
    return np.clip(inside, 0, days) / days
