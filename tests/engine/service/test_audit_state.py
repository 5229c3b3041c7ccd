"""The tables are held against the audit: nothing can be set to approved beside it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st

from engine.service import audit, purchase
from engine.service.audit_state import state_findings
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables import (
    budgets as budget_tables,
    people as people_tables,
    purchasing,
    work as work_tables,
)
from engine.store.tables.base import UtcDateTime
from support.purchasing import NOW, buy, cap, click, draft, person, proposed, purchasing_stores


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    """PO-1001 approved, PO-1002 waiting after one of two approvals, PO-1003 a draft."""
    stores = purchasing_stores(database, tmp_path)
    cap(stores, 9000)
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    click(stores, proposed(stores, buy("CHAIR-1", 45), run_id="run-2"), "max")
    draft(stores, buy("VASE-9", 24))
    return stores


def test_an_untouched_company_verifies(stores: Stores) -> None:
    assert audit.verify(stores).verified
    purchase.cancel(stores, "PO-1002", person=person(stores, "bea"), now=NOW, reason="no")
    assert audit.verify(stores).verified


ORDERS, REVISIONS = purchasing.purchase_orders, purchasing.po_revisions
DECISIONS, POLICIES = purchasing.approval_decisions, people_tables.policy_versions
SECOND = ORDERS.c.number == "PO-1002"
ATTACKS: dict[str, tuple[Callable[[], sa.Executable], str]] = {
    "approved": (lambda: sa.update(ORDERS).where(SECOND).values(state="approved"), "PO-1002"),
    "revision": (lambda: sa.update(ORDERS).where(SECOND).values(revision=2), "PO-1002"),
    "renamed": (lambda: sa.update(ORDERS).where(SECOND).values(number="PO-7"), "PO-7"),
    "units": (
        lambda: (
            sa.update(REVISIONS)
            .where(REVISIONS.c.po_id == 1)
            .values(content=sa.func.replace(REVISIONS.c.content, '"units":60', '"units":90'))
        ),
        "content of PO-1001",
    ),
    "approver": (lambda: sa.update(DECISIONS).values(approver="dana"), "decision of dana"),
    "yes": (lambda: sa.update(DECISIONS).values(decision="reject"), "decision of max"),
    "judged": (lambda: sa.update(DECISIONS).values(judged_minor=1), "decision of max"),
    "gone": (lambda: sa.delete(DECISIONS), "of max on PO-1001 is gone"),
    "request closed": (
        lambda: sa.update(purchasing.approval_requests).values(state="void"),
        "request for approval of PO-1002",
    ),
    "budget freed": (
        lambda: sa.update(budget_tables.budget_commitments).values(state="released"),
        "What PO-1001 holds",
    ),
    "not sent": (lambda: sa.delete(work_tables.outbox), "PO-1001:r1:send"),
    "sent otherwise": (
        lambda: sa.update(work_tables.outbox).values(payload={"order": "PO-1002"}),
        "PO-1001:r1:send",
    ),
    "reinstated": (
        lambda: (
            sa.update(people_tables.people)
            .where(people_tables.people.c.id == "ben")
            .values(active=False)
        ),
        "recognised as whom",
    ),
    "cap": (
        lambda: sa.update(budget_tables.budgets).values(cap_minor=10**9),
        "budget:total:2026-W45",
    ),
    "policy": (
        lambda: sa.update(POLICIES).values(
            content=sa.func.replace(POLICIES.c.content, "5000000", "9000000")
        ),
        "policy in force",
    ),
    "no policy": (lambda: sa.delete(POLICIES), "policy in force"),
}


class Undone(Exception):  # noqa: N818  takes back what a test has done to the tables
    pass


# Every cell that decides about money, duties and identity; what was sealed of it must not move.
DECIDING: dict[sa.Table, set[str]] = {
    ORDERS: {"supplier", "ship_to", "currency", "drafted_by", "requested_by", "proposed_at"},
    REVISIONS: {"author", "base_total_minor", "total_minor", "at", "why", "digest"},
    purchasing.po_lines: {"sku", "units", "unit_price_micros", "total_minor"},
    purchasing.approval_requests: {
        "digest", "step", "requested_by", "requested_at", "expires_at", "own_minor",
        "over_budget_reason",
    },
    budget_tables.budget_commitments: {"scope", "week", "month", "amount_minor", "changed_at"},
    work_tables.outbox: {"key", "kind"},
    people_tables.people: {"id", "os_user"},
    people_tables.slack_identities: {"team_id", "user_id"},
}  # fmt: skip
CELLS = sorted((table.name, column) for table, columns in DECIDING.items() for column in columns)
BY_NAME = {table.name: table for table in DECIDING}


def another(column: sa.Column[Any], value: object) -> object:
    """A value that the column takes and that is not the one it holds."""
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    if isinstance(column.type, UtcDateTime):
        return datetime(2026, 11, 2, 12, tzinfo=UTC)
    if isinstance(column.type, sa.Integer) and value is None:
        return 1
    if isinstance(value, int):
        return value + 1
    length = getattr(column.type, "length", None)
    return f"x{value}"[:length] if isinstance(value, str) else "x"


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cell=st.sampled_from(CELLS), place=st.integers(0, 20), removes=st.booleans())
def test_any_change_to_a_row_that_decides_is_found(
    stores: Stores, cell: tuple[str, str], place: int, *, removes: bool
) -> None:
    table, chain = BY_NAME[cell[0]], audit.events(stores)
    keys = list(table.primary_key)
    free = {"slack_identities", "budget_commitments", "outbox", "po_lines"}  # nothing names them
    with suppress(Undone), stores.database.write() as work:
        rows = work.execute(sa.select(table).order_by(*keys)).mappings().all()
        row = rows[place % len(rows)]
        if table is people_tables.people and cell[1] == "id":
            row = next(each for each in rows if each["id"] == "mia")  # nobody's foreign key
        here = sa.and_(*(key == row[key.name] for key in keys))
        column = table.c[cell[1]]
        values = {column.name: another(column, row[column.name])}
        gone = removes and table.name in free
        work.execute(
            sa.delete(table).where(here) if gone else sa.update(table).where(here).values(values)
        )
        assert list(state_findings(work, chain)), (cell, row, values)
        raise Undone
    assert audit.verify(stores).verified


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_what_was_changed_beside_the_audit_is_found(stores: Stores, attack: str) -> None:
    statement, says = ATTACKS[attack]
    with stores.database.write() as work:
        work.execute(statement())
    findings = audit.verify(stores).findings
    assert {finding.problem for finding in findings} == {"state"}
    assert says in " ".join(finding.sentence for finding in findings)


def test_an_order_put_in_beside_the_audit_is_found(stores: Stores) -> None:
    with stores.database.write() as work:
        row = dict(work.execute(sa.select(ORDERS).where(SECOND)).mappings().one())
        row |= {"id": 99, "number": "PO-1004", "draft_key": "x", "state": "approved"}
        work.execute(sa.insert(ORDERS).values(row))
    (finding,) = audit.verify(stores).findings
    assert finding.sentence == "PO-1004 is among the orders but not in the audit."
