"""Read what a plan run decided: the only source of planning figures for tools and screens."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from engine.errors import PlanningError, UnknownName
from engine.model import plan as frames
from engine.model.plan import Allocation
from engine.service.stores import Stores
from engine.store.tables import plans
from engine.store.tables.plans import (
    plan_cuts,
    plan_exceptions,
    plan_runs,
    plan_transfers,
    plans_of_record,
)


@dataclass(frozen=True, kw_only=True)
class RunHeader:
    """A stored plan run; amounts in minor units of `currency`, the company's base currency."""

    id: str
    snapshot_id: str
    as_of: date
    currency: str
    budget_minor: int | None
    allocation: Allocation
    digest: str  # of the plan's content; equal runs are byte-identical
    created_at: datetime
    artefacts: dict[str, str] = field(repr=False)  # name -> blob name
    inputs: dict[str, Any] = field(repr=False)


def latest_run(stores: Stores) -> RunHeader:
    """The plan of record; raises PlanningError with the next step when there is none."""
    query = _on_record().limit(1)
    with stores.database.read() as look:
        row = look.execute(query).one_or_none()
    if row is None:
        raise PlanningError("There is no plan yet. Import data with `qm import`, then `qm plan`.")
    return _header(row)


def previous_run(stores: Stores, run_id: str) -> RunHeader | None:
    """The plan of record before this run, to tell what is new; None for the first.

    For a what-if that is the plan of record itself.
    """
    record = plans_of_record.c
    this = sa.select(sa.func.max(record.sequence)).where(record.run_id == run_id).scalar_subquery()
    earlier = sa.or_(this.is_(None), record.sequence < this)
    query = _on_record().where(earlier, record.run_id != run_id).limit(1)
    with stores.database.read() as look:
        row = look.execute(query).one_or_none()
    return None if row is None else _header(row)


def run_header(stores: Stores, run_id: str) -> RunHeader:
    """One run by its id; raises UnknownName."""
    with stores.database.read() as look:
        row = look.execute(sa.select(plan_runs).where(plan_runs.c.id == run_id)).one_or_none()
    if row is None:
        raise UnknownName("plan run", run_id)
    return _header(row)


def plan_lines(stores: Stores, run_id: str) -> pd.DataFrame:
    """The ranked buys, columns engine.model.plan.LINES, best first."""
    query = sa.select(plans.plan_lines).where(plans.plan_lines.c.run_id == run_id)
    rows = _rows(stores, query.order_by(plans.plan_lines.c.rank))
    return pd.DataFrame([full_line(row) for row in rows], columns=list(frames.LINES))


def lines_on_their_own(stores: Stores, run_id: str) -> int:
    """How many lines go on without a person looking at them."""
    table = plans.plan_lines.c
    query = sa.select(sa.func.count()).where(table.run_id == run_id, table.tier != "wait")
    with stores.database.read() as look:
        return int(look.execute(query).scalar_one())


def plan_line(stores: Stores, run_id: str, sku: str, location: str) -> dict[str, Any] | None:
    """One ranked buy, or None where the run buys nothing for that item and location."""
    query = sa.select(plans.plan_lines).where(
        plans.plan_lines.c.run_id == run_id,
        plans.plan_lines.c.sku == sku,
        plans.plan_lines.c.location == location,
    )
    rows = _rows(stores, query)
    if not rows:
        return None
    return full_line(rows[0])


def full_line(row: dict[str, Any]) -> dict[str, Any]:
    """A stored line with what only its detail holds."""
    return {**row, **row["detail"], "steps": _steps(row["detail"])}


def cuts(stores: Stores, run_id: str) -> pd.DataFrame:
    """What the budget left out, dearest loss first; columns engine.model.plan.CUTS."""
    query = (
        sa.select(plan_cuts)
        .where(plan_cuts.c.run_id == run_id)
        .order_by(plan_cuts.c.expected_loss_minor.desc(), plan_cuts.c.sku, plan_cuts.c.location)
    )
    return pd.DataFrame(_rows(stores, query), columns=list(frames.CUTS))


def transfers(stores: Stores, run_id: str) -> pd.DataFrame:
    """Moves between locations, best first; columns engine.model.plan.TRANSFERS."""
    table = plan_transfers
    query = (
        sa.select(table)
        .where(table.c.run_id == run_id)
        .order_by(table.c.value_minor.desc(), table.c.sku, table.c.from_location)
    )
    return pd.DataFrame(_rows(stores, query), columns=list(frames.TRANSFERS))


def exceptions(stores: Stores, run_id: str, since: str | None = None) -> pd.DataFrame:
    """What needs a person, most money first; engine.model.plan.EXCEPTIONS plus `status`.

    `status` is "new" or "open" against the run `since`, by default the one before; what that one
    had and this one has not is in `resolved_exceptions`.
    """
    found = _exceptions(stores, run_id)
    known = set(_reported_before(stores, run_id, since)["key"])
    found["status"] = ["open" if key in known else "new" for key in found["key"]]
    return found


def resolved_exceptions(stores: Stores, run_id: str, since: str | None = None) -> pd.DataFrame:
    """What the run `since` (by default the one before) reported and this one no longer does."""
    old = _reported_before(stores, run_id, since)
    now = set(_exceptions(stores, run_id)["key"])
    return old[~old["key"].isin(now)].reset_index(drop=True)


def _reported_before(stores: Stores, run_id: str, since: str | None) -> pd.DataFrame:
    if since is None:
        before = previous_run(stores, run_id)
        since = None if before is None else before.id
    if since is None:
        return pd.DataFrame(columns=list(frames.EXCEPTIONS))
    return _exceptions(stores, since)


def _on_record() -> sa.Select[Any]:
    """Runs that are or were the plan of record, the newest first."""
    return (
        sa.select(plan_runs)
        .join(plans_of_record, plans_of_record.c.run_id == plan_runs.c.id)
        .order_by(plans_of_record.c.sequence.desc())
    )


def _exceptions(stores: Stores, run_id: str) -> pd.DataFrame:
    table = plan_exceptions
    query = (
        sa.select(table)
        .where(table.c.run_id == run_id)
        .order_by(table.c.at_stake_minor.desc(), table.c.key)
    )
    return pd.DataFrame(_rows(stores, query), columns=list(frames.EXCEPTIONS))


def _rows(stores: Stores, query: sa.Select[Any]) -> list[dict[str, Any]]:
    with stores.database.read() as look:
        return [dict(row) for row in look.execute(query).mappings()]


def _steps(detail: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple((str(label), int(units)) for label, units in detail["steps"])


def _header(row: sa.Row[Any]) -> RunHeader:
    return RunHeader(
        id=row.id,
        snapshot_id=row.snapshot_id,
        as_of=row.as_of,
        currency=row.currency,
        budget_minor=row.budget_minor,
        allocation=Allocation(**row.allocation),
        digest=row.digest,
        created_at=row.created_at,
        artefacts=row.artefacts,
        inputs=row.inputs,
    )
