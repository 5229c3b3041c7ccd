"""Write a computed plan under its run id, in one transaction, after its blobs."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from engine.model.canonical import digest_of_plain, plain, plain_rows
from engine.model.plan import Plan
from engine.service.stores import Stores
from engine.store.prepared import PreparedRows, prepared_rows
from engine.store.tables import plans

# A reader of one SKU decodes one row group of a per-series table, not all of it.
SERIES_PER_ROW_GROUP = 512
_LINE_COLUMNS = frozenset(plans.plan_lines.c.keys()) - {"run_id", "detail"}


def is_stored(stores: Stores, run_id: str) -> bool:
    with stores.database.read() as look:
        found = look.execute(sa.select(plans.plan_runs.c.id).where(plans.plan_runs.c.id == run_id))
        return found.one_or_none() is not None


def save_tables(stores: Stores, tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """Store what a run computed and return the blobs' names.

    They are named by their content, so a crash before the run is stored leaves nothing but bytes
    that the next attempt finds already there.
    """
    return {
        name: stores.blobs.put_table(table, SERIES_PER_ROW_GROUP)
        for name, table in sorted(tables.items())
    }


def save_plan(
    stores: Stores,
    *,
    run_id: str,
    snapshot_id: str,
    as_of: date,
    currency: str,
    budget_minor: int | None,
    inputs: Mapping[str, object],
    plan: Plan,
    artefacts: Mapping[str, str],
    now: datetime,
) -> None:
    """Store a plan; a second process that computed the same run finds it stored and adds nothing.

    `artefacts` are names of blobs from `save_tables`.
    """
    lines, cuts = _records(plan.lines), _records(plan.cuts)
    transfers, exceptions = _records(plan.transfers), _records(plan.exceptions)
    content = {
        "lines": lines,
        "cuts": cuts,
        "transfers": transfers,
        "exceptions": exceptions,
        "allocation": plain(plan.allocation),
        "artefacts": dict(artefacts),
    }
    header = {
        "id": run_id,
        "snapshot_id": snapshot_id,
        "as_of": as_of,
        "currency": currency,
        "budget_minor": budget_minor,
        "inputs": inputs,
        "allocation": asdict(plan.allocation),
        "artefacts": artefacts,
        "digest": digest_of_plain(content),
        "created_at": now,
    }
    # Made ready beforehand: whoever presses a button meanwhile waits for what follows.
    parts = [
        _prepared(stores, table, rows, run_id)
        for table, rows in (
            (plans.plan_lines, [_line_row(row) for row in lines]),
            (plans.plan_cuts, cuts),
            (plans.plan_transfers, transfers),
            (plans.plan_exceptions, _exception_rows(exceptions)),
        )
    ]
    with stores.database.write() as work:
        if _insert_header(work, header):
            for part in parts:
                part.insert(work)


def _insert_header(work: sa.Connection, header: Mapping[str, object]) -> bool:
    """True when this call stored the run."""
    table = plans.plan_runs
    _take_turn(work)
    if work.execute(sa.select(table.c.id).where(table.c.id == header["id"])).one_or_none():
        return False
    work.execute(sa.insert(table).values(**header))
    return True


def put_on_record(stores: Stores, run_id: str, now: datetime) -> None:
    """Make a stored run the plan that everybody reads, until another takes its place."""
    table = plans.plans_of_record
    newest = sa.select(table).order_by(table.c.sequence.desc()).limit(1)
    with stores.database.write() as work:
        _take_turn(work)
        last = work.execute(newest).one_or_none()
        if last is None or last.run_id != run_id:
            sequence = 1 if last is None else last.sequence + 1
            work.execute(sa.insert(table).values(sequence=sequence, run_id=run_id, at=now))


def _take_turn(work: sa.Connection) -> None:
    """Planners go one by one, so that nobody stores or numbers what another just did."""
    if work.dialect.name == "postgresql":
        work.execute(sa.text("LOCK TABLE plan_runs IN SHARE ROW EXCLUSIVE MODE"))


def _prepared(
    stores: Stores, table: sa.Table, rows: list[dict[str, Any]], run_id: str
) -> PreparedRows:
    return prepared_rows(stores.database.engine, table, [{**row, "run_id": run_id} for row in rows])


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of plain Python values; pandas' missing values become None."""
    return cast("list[dict[str, Any]]", plain_rows(frame))


def _line_row(record: dict[str, Any]) -> dict[str, Any]:
    typed = {name: record[name] for name in sorted(_LINE_COLUMNS)}
    detail = {name: value for name, value in record.items() if name not in _LINE_COLUMNS}
    return {**typed, "detail": detail}


def _exception_rows(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    wanted = set(plans.plan_exceptions.c.keys())
    return [{k: v for k, v in row.items() if k in wanted} for row in records]
