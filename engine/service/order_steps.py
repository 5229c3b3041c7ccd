"""What the steps in an order's life have in common: the audit event, undoing a request."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from engine.errors import InvalidInput, Stale
from engine.model.people import Person
from engine.purchase.states import OrderState
from engine.service import audit, outbox
from engine.service.order_facts import SEND, facts_of
from engine.service.stores import AuditSeal
from engine.store.orders import move_order
from engine.store.spending import consume, release
from engine.store.tables.purchasing import approval_requests, po_revisions, purchase_orders


def record_step(
    work: sa.Connection,
    seal: AuditSeal,
    po_id: int,
    person: Person,
    *,
    at: datetime,
    kind: str,
    more: Mapping[str, object] | None = None,
) -> int:
    """Seal what an order has become: state, revision, who wrote and asked, amounts, what it holds.

    `qm audit verify` holds the tables against the newest of these.
    """
    order, revisions = purchase_orders, po_revisions
    query = (
        sa.select(
            order.c.number,
            order.c.state,
            order.c.revision,
            order.c.currency,
            order.c.requested_by.label("requester"),
            order.c.sent_at,
            revisions.c.author,
            revisions.c.digest,
            revisions.c.total_minor,
            revisions.c.base_total_minor,
        )
        .join(
            revisions,
            (revisions.c.po_id == order.c.id) & (revisions.c.revision == order.c.revision),
        )
        .where(order.c.id == po_id)
    )
    body = dict(work.execute(query).mappings().one())
    number: str = body.pop("number")
    has_left = body.pop("sent_at") is not None
    facts = facts_of(work, po_id, has_left=has_left)
    sealed = {**body, "rows": facts, **(more or {})}
    return audit.record(work, seal, person, at=at, kind=kind, subject=number, body=sealed)


def require_reason(reason: str | None, what: str) -> str:
    """The reason that stays with a step; raises InvalidInput where nobody would learn why."""
    if not (reason or "").strip():
        raise InvalidInput(f"Say why {what}; the reason stays with the record.")
    return str(reason)


def withdraw_request(
    work: sa.Connection,
    order: sa.Row[Any],
    *,
    outcome: Literal["void", "expired"],
    now: datetime,
) -> None:
    """Close the pending request and free its budget; the order is a draft again."""
    work.execute(
        sa.update(approval_requests)
        .where(approval_requests.c.po_id == order.id, approval_requests.c.state == "pending")
        .values(state=outcome, decided_at=now)
    )
    release(work, order.id, now)
    move_order(work, order, OrderState.DRAFT)


def send_key(number: str, revision: int) -> str:
    """The key under which an approved revision leaves the house, once."""
    return f"{number}:r{revision}:send"


def approve_order(
    work: sa.Connection,
    seal: AuditSeal,
    order: sa.Row[Any],
    request_id: int,
    person: Person,
    *,
    now: datetime,
    more: Mapping[str, object] | None = None,
) -> int:
    """The last approval: request and order move on, the budget is spent, the order may leave.

    One conditional UPDATE decides who was first; raises Stale for everybody after. Returns the
    audit event that sealed it.
    """
    close_request(work, request_id, order.revision, "approved", now)
    consume(work, request_id, now)
    move_order(work, order, OrderState.APPROVED, approved_at=now)
    outbox.enqueue(
        work,
        kind=SEND,
        key=send_key(order.number, order.revision),
        payload={"order": order.number, "revision": order.revision, "request": request_id},
        now=now,
    )
    return record_step(
        work,
        seal,
        order.id,
        person,
        at=now,
        kind="order.approved",
        more={"request": request_id, **(more or {})},
    )


def close_request(
    work: sa.Connection,
    request_id: int,
    revision: int,
    outcome: Literal["approved", "rejected"],
    now: datetime,
) -> None:
    """Decide a pending request for a revision; raises Stale when it is not pending any more.

    Two near-identical clicks arrive when someone double-clicks; the second must find it taken.
    """
    closed = work.execute(
        sa.update(approval_requests)
        .where(
            approval_requests.c.id == request_id,
            approval_requests.c.revision == revision,
            approval_requests.c.state == "pending",
        )
        .values(state=outcome, decided_at=now)
    )
    if not closed.rowcount:
        raise Stale(f"Approval request {request_id} was decided by somebody else meanwhile.")
