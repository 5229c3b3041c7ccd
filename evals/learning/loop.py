"""Week by week: import, learn, plan; beside it the same weeks without anything learnt."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pandas as pd

from engine.model.config import PlanConfig
from engine.service.artefacts import read_bands, read_series
from engine.service.learning import learn
from engine.service.learnt import Correction, corrections
from engine.service.planning import run_plan
from engine.service.stores import Stores
from engine.store import migrate
from evals.histories.history import History
from evals.learning.shop import bring_in, first_day_after, morning_of
from evals.orders.world import open_stores

# `with_` and `without` are means of the first week ahead with and without what was learnt; low
# and high the ends of its middle 80 %; `bias` and `band` say which was in force. NaN actual: the
# item could not be bought all week.
SCORED = (
    "week", "sku", "location", "scope", "actual", "with_", "with_low", "with_high", "without",
    "without_low", "without_high", "bias", "band",
)  # fmt: skip
Watch = Callable[[str, int], None]


@dataclass(frozen=True, kw_only=True)
class Lived:
    """Every series-week forecast, columns SCORED, and everything that was learnt on the way."""

    rows: pd.DataFrame = field(repr=False)
    corrections: tuple[Correction, ...] = field(repr=False)


def live(home: Path, history: History, config: PlanConfig, *, weeks: int, watch: Watch) -> Lived:
    """Live the last weeks of a history twice, once with learning and once without.

    Each week's forecast knows only the weeks before. As long as nothing is in force both companies
    plan from the same inputs, so the one plan is read for both.
    """
    learner = _company(home / "learner")
    found: list[pd.DataFrame] = []
    for week in range(history.buckets - weeks, history.buckets):
        watch("week", week - history.buckets + weeks + 1)
        known = history.between(0, week)
        now = morning_of(first_day_after(history, week))
        snapshot_id = bring_in(learner, home / "files", known)
        learn(learner, config, now=now)
        ours = _said(learner, config, now, snapshot_id)
        force = corrections(learner, state="in_force")
        plain = ours
        if any(each.kind != "lead_time" for each in force):
            other = _company(home / "other")
            plain = _said(other, config, now, bring_in(other, home / "files", known))
        found.append(_rows(history, week, ours, plain, force))
    return Lived(rows=pd.concat(found, ignore_index=True), corrections=corrections(learner))


def _company(folder: Path) -> Stores:
    folder.mkdir(parents=True, exist_ok=True)
    stores = open_stores(f"sqlite:///{folder}/quartermaster.db", folder)
    migrate.upgrade(stores.database)
    return stores


def _said(stores: Stores, config: PlanConfig, now: datetime, snapshot_id: str) -> pd.DataFrame:
    """The first week of a new plan, by series: sku, location, mean, low, high."""
    run = run_plan(stores, config, now=now, snapshot_id=snapshot_id)
    blob = str(run.artefacts["series"])
    rows = read_series(stores, blob, {})[["sku", "location", "mean"]]
    first: pd.DataFrame = rows.assign(mean=[float(each[0]) for each in rows["mean"]])
    return first.merge(read_bands(stores, blob), on=["sku", "location"])


def _rows(
    history: History, week: int, ours: pd.DataFrame, plain: pd.DataFrame,
    force: tuple[Correction, ...],
) -> pd.DataFrame:  # fmt: skip
    """What was said of a week beside what came; series that were never on sale are not there."""
    base = pd.DataFrame({
        "week": week, "sku": list(history.skus), "location": list(history.locations),
        "scope": [each.split("/")[0] for each in history.categories],
        "actual": history.units[:, week],
    })  # fmt: skip
    for prefix, rows in (("with", ours), ("without", plain)):
        named = {"mean": f"{prefix}_", "low": f"{prefix}_low", "high": f"{prefix}_high"}
        base = base.merge(rows.rename(columns=named), on=["sku", "location"])
    base = base.rename(columns={"without_": "without"})
    for kind in ("bias", "band"):
        scopes = {each.scope for each in force if each.kind == kind}
        base[kind] = base["scope"].isin(scopes)
    return base[list(SCORED)]


def scored_weeks(lived: Lived) -> pd.DataFrame:
    """Series-weeks that could be bought all week, so that what was wanted is known."""
    return lived.rows.dropna(subset=["actual"])
