"""The steps of an amendment: a revision of an order that its supplier has.

    proposed ──▶ approved ⇄ send_unconfirmed ──▶ sent
        └──▶ rejected, expired, withdrawn

While it is proposed the order stays as it is: the supplier delivers, and planning counts, the
revision before. Approved, it is the order, and its document leaves under a key of its own.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from engine.errors import Stale
from engine.model.people import Person
from engine.purchase.progress import paid_units
from engine.purchase.spending import spending_of_units
from engine.service import outbox
from engine.service.order_facts import SEND
from engine.service.order_steps import close_request, record_step, send_key
from engine.service.stores import AuditSeal
from engine.store.fulfilment import (
    PENDING,
    answer_all,
    move_amendment,
    newest_amendment,
    order_progress,
)
from engine.store.orders import make_current, order_by_id, read_revision
from engine.store.spending import consume, release_request, settle_spending
from engine.store.tables.purchasing import approval_requests


def approve_amendment(
    work: sa.Connection,
    seal: AuditSeal,
    order: sa.Row[Any],
    amendment: sa.Row[Any],
    person: Person,
    *,
    now: datetime,
    more: Mapping[str, object] | None = None,
) -> int:
    """The last approval: the amendment becomes the order, and may leave.

    What it costs more is spent, what it costs less is free again. Returns the audit event.
    """
    close_request(work, amendment.request_id, amendment.revision, "approved", now)
    consume(work, amendment.request_id, now)
    make_current(work, order, amendment.revision)
    # What was refused, returned or taken beyond the order before stays in the reckoning.
    content = read_revision(work, order.id, amendment.revision).content
    lines = order_progress(work, order_by_id(work, order.id))
    wanted = spending_of_units(content, paid_units(lines, ended=False))
    settle_spending(work, order.id, wanted, now)
    move_amendment(work, amendment, "approved")
    answer_all(work, order.id, "amended", person.id, now)
    outbox.enqueue(
        work,
        kind=SEND,
        key=send_key(order.number, amendment.revision),
        payload={
            "order": order.number,
            "revision": amendment.revision,
            "request": amendment.request_id,
        },
        now=now,
    )
    sealed = {"request": amendment.request_id, "base": amendment.base_revision, **(more or {})}
    kind = "order.amendment_approved"
    return record_step(work, seal, order.id, person, at=now, kind=kind, more=sealed)


def end_amendment(
    work: sa.Connection,
    amendment: sa.Row[Any],
    outcome: Literal["rejected", "expired", "withdrawn"],
    now: datetime,
) -> None:
    """It will not be: its request is closed and what it held is free. The caller seals it."""
    table = approval_requests
    closed = work.execute(
        sa.update(table)
        .where(table.c.id == amendment.request_id, table.c.state == "pending")
        .values(state="void" if outcome == "withdrawn" else outcome, decided_at=now)
    )
    if not closed.rowcount:
        raise Stale(f"Approval request {amendment.request_id} was decided meanwhile.")
    release_request(work, amendment.request_id, now)
    move_amendment(work, amendment, outcome)


def void_amendment(work: sa.Connection, order: sa.Row[Any], now: datetime) -> bool:
    """End what is still asked about an order that ends itself; whether there was anything."""
    amendment = newest_amendment(work, order.id)
    if amendment is None or amendment.state not in PENDING:
        return False
    end_amendment(work, amendment, "withdrawn", now)
    return True
