"""New data changes prices and rates: orders that nobody has approved follow, and say so.

A question that is open about such an order ends, because its card shows what is no longer true;
whoever clicks on it is told, with the difference, and nothing happens.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.model.finding import Finding
from engine.purchase.reprice import repriced
from engine.purchase.states import EDITABLE, OrderState
from engine.purchase.terms import Terms
from engine.service import audit
from engine.service.fulfilment import tell
from engine.service.order_steps import record_step, withdraw_request
from engine.service.people import SYSTEM
from engine.service.stores import AuditSeal
from engine.store.orders import add_revision, order_by_id, read_revision
from engine.store.tables.purchasing import purchase_orders

WHY = "prices or the exchange rate changed in the data"


def reprice_orders(
    work: sa.Connection, seal: AuditSeal, terms: Terms, *, snapshot_id: str, now: datetime
) -> tuple[Finding, ...]:
    """Write a new revision of every unapproved order whose prices have changed; says which."""
    table = purchase_orders
    query = sa.select(table).where(table.c.state.in_(sorted(EDITABLE))).order_by(table.c.id)
    orders = work.execute(query).all()
    if not orders:
        return ()
    audit.take_turn(work)
    changed = [
        order.number for order in orders if _reprice(work, seal, order, terms, snapshot_id, now)
    ]
    return _finding(changed)


def _reprice(
    work: sa.Connection,
    seal: AuditSeal,
    order: sa.Row[Any],
    terms: Terms,
    snapshot_id: str,
    now: datetime,
) -> bool:
    before = read_revision(work, order.id, order.revision)
    after = repriced(before.content, terms)
    if after == before.content:
        return False
    if order.state == OrderState.PROPOSED:
        withdraw_request(work, order, outcome="void", now=now)
    made = add_revision(work, order_by_id(work, order.id), after, author=SYSTEM.id, at=now, why=WHY)
    record_step(
        work, seal, order.id, SYSTEM, at=now, kind="order.repriced",
        more={"from_digest": before.digest, "digest": made.digest, "snapshot": snapshot_id},
    )  # fmt: skip
    tell(
        work, order, "repriced", f"repriced:{order.number}:{made.number}", now,
        people=[order.requested_by, order.drafted_by],
    )  # fmt: skip
    return True


def _finding(changed: Sequence[str]) -> tuple[Finding, ...]:
    if not changed:
        return ()
    return (
        Finding(
            code="orders_repriced",
            severity="warning",
            table="supplier_items",
            rows=len(changed),
            message="Prices or rates changed for orders that nobody has approved.",
            done="Each has a new revision at the new prices; a proposal must be made again.",
            examples=tuple(changed[:5]),
        ),
    )
