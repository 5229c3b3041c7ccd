"""The data a plan rests on: how recent, how clean, what is missing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from agent.health.check import Check, Verdict
from engine.errors import PlanningError
from engine.service.data_state import DataState, data_state
from engine.service.stores import Stores

PACE = {"day": "daily", "week": "weekly"}
NAMES = {"error": "errors", "warning": "warnings", "info": "notes"}
OLD_DAYS = 14  # a weekly planner that missed one week


def data_checks(stores: Stores, now: datetime) -> Iterator[Check]:
    """The snapshot, its findings, and each table that something else stands in for."""
    try:
        state = data_state(stores)
    except PlanningError as error:
        yield _check("data", "warn", str(error), "qm demo, or qm import FOLDER")
        return
    yield _recent(state, now)
    yield _clean(state)
    yield from _missing(state)


def _recent(state: DataState, now: datetime) -> Check:
    snapshot = state.snapshot
    last_day = snapshot.as_of - timedelta(days=1)
    told = (
        f"{snapshot.company.name}: {PACE[snapshot.sales_bucket]} sales from "
        f"{snapshot.first_day} to {last_day}, snapshot {state.snapshot_id[:8]} from {state.source}"
    )
    days = state.days_old(now)
    if snapshot.company.is_demo or days <= OLD_DAYS:
        return _check("data", "ok", told)
    return _check("data", "warn", f"{told}; it ends {days} days ago", "qm import newer exports")


def _clean(state: DataState) -> Check:
    counted = ", ".join(f"{number} {NAMES[key]}" for key, number in state.counts.items())
    told = f"findings of the import: {counted}; {state.quarantined} values in quarantine"
    errors = [finding for finding in state.findings if finding.severity == "error"]
    if errors:
        return _check("findings", "warn", f"{told}; first: {errors[0].message}", "qm quarantine")
    return _check("findings", "ok", told)


def _missing(state: DataState) -> Iterator[Check]:
    for missing in state.missing:
        if missing.stand_in:
            step = f"qm import --contract {missing.table} says what to export"
            told = f"not in the data: {missing.cost}"
            yield _check(missing.table, "warn", told, step)
    absent = [missing.table for missing in state.missing if not missing.stand_in]
    if absent:
        told = f"absent: {', '.join(absent)}; `qm import --contract all` says what each adds"
        yield _check("absent", "ok", told)


def _check(name: str, verdict: Verdict, finding: str, next_step: str | None = None) -> Check:
    return Check(area="data", name=name, verdict=verdict, finding=finding, next_step=next_step)
