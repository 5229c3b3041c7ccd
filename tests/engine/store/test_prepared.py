"""Rows made ready beforehand arrive as those that are inserted one by one, on both databases."""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Database
from engine.store.prepared import prepared_rows
from engine.store.tables import plans

RUN: dict[str, Any] = {
    "id": "run-1", "snapshot_id": "s", "as_of": date(2026, 11, 2), "currency": "GBP",
    "budget_minor": None, "inputs": {"é": [1, None]}, "allocation": {}, "artefacts": {},
    "digest": "d", "created_at": datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
}  # fmt: skip


def test_dates_json_and_nothing_arrive_as_they_were(database: Database) -> None:
    # In another order than the table's columns, as a record of a frame may have them.
    second = dict(reversed([*{**RUN, "id": "run-2", "budget_minor": 7}.items()]))
    ready = prepared_rows(database.engine, plans.plan_runs, [RUN, second])
    with database.write() as work:
        ready.insert(work)
    with database.read() as look:
        query = sa.select(plans.plan_runs).order_by(plans.plan_runs.c.id)
        assert [dict(row) for row in look.execute(query).mappings()] == [RUN, second]


def test_nothing_to_insert_is_no_statement(database: Database) -> None:
    with database.write() as work:
        prepared_rows(database.engine, plans.plan_runs, []).insert(work)
        assert work.execute(sa.select(plans.plan_runs)).all() == []
