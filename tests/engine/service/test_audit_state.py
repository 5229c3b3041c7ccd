"""The tables are held against the audit: nothing can be set to approved beside it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.service import audit, purchase
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables import budgets as budget_tables, people as people_tables, purchasing
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
