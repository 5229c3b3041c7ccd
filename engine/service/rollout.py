"""The first ninety days: connect and clean, validate, pilot, close the loop; how far it is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.errors import PlanningError
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot
from engine.service import reading
from engine.service.data_state import data_state
from engine.service.reading import RunHeader
from engine.service.rollout_check import Check, Step, check
from engine.service.rollout_close import close_the_loop
from engine.service.rollout_items import LACKS, readiness
from engine.service.rollout_pilot import pilot
from engine.service.rollout_validation import validation
from engine.service.stores import Stores
from engine.store.snapshots import load_snapshot
from engine.store.tables.imports import import_runs

CLEANEST = 100
LEAST_HISTORY_DAYS = 182
MOST_QUARANTINED = 0.01  # cells over sales rows
DAYS = 90
DOUBTS = frozenset({"phantom-stock", "stock-history-missing", "returns-exceed-sales"})


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """`day` counts from the first import; `step` is the first that is not through."""

    begun: date | None
    day: int
    steps: tuple[Step, ...]

    @property
    def step(self) -> Step | None:
        return next((step for step in self.steps if not step.passes), None)

    @property
    def share(self) -> float:
        """Of all checks, those that pass."""
        total = sum(len(step.checks) for step in self.steps)
        return sum(step.passed for step in self.steps) / total


def rollout(stores: Stores, config: PlanConfig, *, now: datetime) -> Rollout:
    """How far the company has come; nothing has to be there yet."""
    begun = _begun(stores)
    snapshot = load_snapshot(stores.database, stores.blobs) if begun else None
    run = _run(stores)
    steps = (
        _connect(stores, snapshot, run),
        validation(stores, snapshot, run),
        pilot(stores, run, now),
        close_the_loop(stores, config, snapshot, now),
    )
    day = 0 if begun is None else (now.date() - begun).days + 1
    return Rollout(begun=begun, day=day, steps=steps)


def _begun(stores: Stores) -> date | None:
    with stores.database.read() as look:
        first: datetime | None = look.execute(sa.select(sa.func.min(import_runs.c.at))).scalar_one()
    return None if first is None else first.date()


def _run(stores: Stores) -> RunHeader | None:
    try:
        return reading.latest_run(stores)
    except PlanningError:
        return None


def _connect(stores: Stores, snapshot: Snapshot | None, run: RunHeader | None) -> Step:
    """Days 1 to 30: the data are in, reconcile, and enough items are clean to begin with."""
    if snapshot is None:
        nothing = check("data are imported", "nothing is imported", "qm import FOLDER (--help says "
                        "which files; qm connect walks through a shop, a warehouse or accounting)",
                        passes=False)  # fmt: skip
        return Step(name="connect and clean", first_day=1, last_day=30, checks=(nothing,), facts={})
    items = readiness(snapshot, _doubted(stores, run))
    clean = items[items["lacking"] == 0]
    wanted = min(CLEANEST, len(items))
    lacks = {name: int((~items[name].astype(bool)).sum()) for name in LACKS}
    facts: dict[str, Any] = {
        "cleanest": clean["sku"].head(CLEANEST).tolist(),
        "lacks": {name: count for name, count in lacks.items() if count},
        "how": {name: LACKS[name] for name, count in lacks.items() if count},
        "next": [
            {"sku": str(row["sku"]), "lacks": [name for name in LACKS if not row[name]]}
            for _, row in items[items["lacking"] > 0].head(CLEANEST).iterrows()
        ],
    }
    checks = (
        *_data_checks(stores, snapshot),
        check("the cleanest items to begin with", f"{len(clean)} of {len(items)} lack nothing",
              f"{wanted - len(clean)} more: what the others lack is listed",
              passes=len(clean) >= wanted),
    )  # fmt: skip
    return Step(name="connect and clean", first_day=1, last_day=30, checks=checks, facts=facts)


def _data_checks(stores: Stores, snapshot: Snapshot) -> tuple[Check, ...]:
    state = data_state(stores)
    days = (snapshot.as_of - snapshot.first_day).days
    share = state.quarantined / max(len(snapshot["sales"]), 1)
    errors = state.counts.get("error", 0)
    absent = ", ".join(each.table for each in state.missing)
    essential = [e.table for e in state.missing if e.table in _ESSENTIAL]
    return (
        check("data are imported", f"up to {snapshot.as_of}", "", passes=True),
        check("history", f"{days} days", f"at least {LEAST_HISTORY_DAYS} days; a year shows the "
              "season", passes=days >= LEAST_HISTORY_DAYS),
        check("what cannot be used", f"{state.quarantined} cells quarantined, {errors} errors",
              "qm quarantine shows them with file, row and reason",
              passes=share <= MOST_QUARANTINED and errors == 0),
        check("tables", f"missing: {absent or 'none'}",
              f"bring in {', '.join(essential)}: without them quantities are assumptions",
              passes=not essential),
    )  # fmt: skip


_ESSENTIAL = frozenset({"items", "stock", "suppliers", "supplier_items", "purchase_orders",
                        "receipts"})  # fmt: skip


def _doubted(stores: Stores, run: RunHeader | None) -> set[str]:
    """Items about which the last plan has open doubts."""
    from engine.service.correction_tables import all_findings

    if run is None:
        return set()
    found = all_findings(stores, run)
    return set(found.loc[found["code"].isin(list(DOUBTS)), "sku"].dropna().astype(str))


def due_by(rolled: Rollout, step: Step) -> date | None:
    """The day on which a step should be through."""
    return None if rolled.begun is None else rolled.begun + timedelta(days=step.last_day - 1)
