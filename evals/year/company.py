"""The made-up company: what it knew before the year, and what the year brings whoever decides."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.connect.write_folder import write_folder
from engine.model.config import PlanConfig
from engine.model.contract import BY_NAME, TABLES
from engine.model.money import MICROS
from engine.model.snapshot import Snapshot
from engine.purchase.periods import periods_of
from engine.service.importing import import_folder
from engine.service.stores import Stores
from engine.simulate.company import DemoCompany, generate
from engine.simulate.company.catalogue import SMALLEST
from engine.simulate.draws import drawn_lead_days
from engine.simulate.held_back import held_back
from engine.simulate.policy import LeadDays
from engine.simulate.scope import Scope, within
from engine.simulate.world import World
from engine.store.snapshots import load_snapshot

LAST_DAY = date(2026, 11, 15)  # a Sunday: weeks begin on Mondays
KNOWN_DAYS = 371  # of history before the first of the weeks, unless fewer will do
CASH = 1.25  # the weekly cap over what a week of the quarter before sold, at cost


@dataclass(frozen=True, kw_only=True)
class MadeUp:
    """The weeks to be lived; `cap` is the cash of each week, in base currency."""

    world: World
    lead_days: LeadDays = field(repr=False)
    cap: float
    seed: int

    @property
    def weeks(self) -> int:
        return self.world.days // 7


def made_up(
    stores: Stores, folder: Path, config: PlanConfig, *, skus: int, weeks: int, seed: int,
    known_days: int = KNOWN_DAYS,
) -> MadeUp:  # fmt: skip
    """A company of so many items; its whole history is imported once, to be lived again."""
    days = known_days + 7 * weeks
    company = generate(seed, LAST_DAY, skus=max(skus, SMALLEST), history_days=days)
    write_folder(folder, company.profile, _without_people(company))
    report = import_folder(stores, folder, now=pd.Timestamp(LAST_DAY, tz="UTC").to_pydatetime())
    whole = load_snapshot(stores.database, stores.blobs, report.snapshot_id)
    whole = within(whole, Scope(sample=skus, seed=seed))
    world = held_back(whole, 7 * weeks, config)
    cost = world.series["cost"].to_numpy(dtype=np.float64)
    recent = world.before.sold[-91:].sum(axis=0)
    weekly = float((recent * cost).sum()) * 7 / len(world.before.sold[-91:])
    return MadeUp(
        world=world,
        lead_days=drawn_lead_days(whole, config, seed=seed),
        cap=round(CASH * weekly, 2),
        seed=seed,
    )


def _without_people(company: DemoCompany) -> dict[str, pd.DataFrame]:
    """Its budgets are those of the test; who waited before the year is served by nobody in it."""
    return {name: rows for name, rows in company.tables.items() if name not in _OURS}


_OURS = ("budgets", "backorders")


def caps_of(day: date, cap: float) -> pd.DataFrame:
    """Contract table `budgets`: the cap of the week that begins on a day."""
    return pd.DataFrame([{"scope": "total", "period": periods_of(day).week, "cap": cap}])


def write_data(folder: Path, snapshot: Snapshot, more: dict[str, pd.DataFrame]) -> None:
    """The snapshot as files, with other tables beside it or in place of its own."""
    tables = {
        table.name: _as_written(table.name, snapshot[table.name])
        for table in TABLES
        if len(snapshot[table.name]) and table.name not in more
    }
    kept = {name: rows for name, rows in more.items() if len(rows)}
    write_folder(folder, snapshot.company, tables | kept, replace=True)


def _as_written(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A stored frame as users write it: money in the currency's major unit."""
    columns: dict[str, Any] = {}
    for column in BY_NAME[table].columns:
        values = frame[column.stored]
        if values.isna().all():
            continue
        columns[column.name] = values / MICROS if column.kind == "money" else values
        if column.kind == "integer":
            columns[column.name] = values.astype("Int64")
        if column.kind == "date":
            columns[column.name] = pd.to_datetime(values).dt.strftime("%Y-%m-%d")
    return pd.DataFrame(columns)


def monday_of(world: World, week: int) -> date:
    return world.first_day + timedelta(days=7 * week)
