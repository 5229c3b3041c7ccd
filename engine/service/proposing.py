"""Ask for an order: from here on its budget is held and somebody else decides."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.errors import NotAllowed
from engine.model.canonical import digest
from engine.model.people import Person, Right
from engine.purchase.periods import periods_of
from engine.purchase.policy import Policy
from engine.purchase.rules import approves_itself, broken_ceiling
from engine.purchase.spending import spending_by_scope
from engine.purchase.states import OrderState
from engine.service import audit, people
from engine.service.amendment_steps import end_amendment
from engine.service.cases import case_of
from engine.service.company import order_day
from engine.service.order_changes import require_revision
from engine.service.order_steps import approve_order, record_step, withdraw_request
from engine.service.order_view import (
    OrderView,
    above_ceiling,
    budget_effects,
    over_budget,
    view_order,
)
from engine.service.rights import require_right
from engine.service.stores import AuditSeal, Stores
from engine.store.fulfilment import PENDING, newest_amendment
from engine.store.orders import Revision, find_order, move_order, order_by_id, read_revision
from engine.store.spending import commit_spending
from engine.store.tables.purchasing import approval_requests


def propose(
    stores: Stores,
    number: str,
    *,
    person: Person,
    now: datetime,
    expected_revision: int | None = None,
    over_budget_reason: str | None = None,
) -> OrderView:
    """Ask for approval of a draft as it is now: a request that expires, and budget that is held.

    Proposing the same revision again returns the request that is open. An order that exceeds a
    budget needs a reason here, and then an approver with the right to go over budget.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        policy = require_right(work, person, Right.DRAFT)
        order = find_order(work, number)
        require_revision(work, order, expected_revision)
        is_open = order.state == OrderState.PROPOSED
        if not is_open:
            _propose(work, stores.seal, policy, order, person, now, over_budget_reason)
        return view_order(
            work, order_by_id(work, order.id), names=people.names(work), already_there=is_open
        )


def expire_due(stores: Stores, *, now: datetime) -> tuple[str, ...]:
    """End requests that nobody decided in time; returns the orders that are drafts again."""
    due = sa.select(approval_requests.c.po_id).where(
        approval_requests.c.state == "pending", approval_requests.c.expires_at <= now
    )
    with stores.database.read() as look:
        if look.execute(due.limit(1)).one_or_none() is None:
            return ()
    with stores.database.write() as work:
        audit.take_turn(work)
        orders = [order_by_id(work, po_id) for po_id in work.execute(due).scalars().all()]
        for order in orders:
            expire_request(work, stores.seal, order, now)
    return tuple(order.number for order in orders)


def expire_request(work: sa.Connection, seal: AuditSeal, order: sa.Row[Any], now: datetime) -> None:
    """The pending request of an order has run out: its budget is free, the order a draft.

    Of an order that was sent, the amendment ends and the order stays as it was.
    """
    amendment = newest_amendment(work, order.id)
    if amendment is not None and amendment.state in PENDING:
        end_amendment(work, amendment, "expired", now)
        kind = "order.amendment_expired"
    else:
        withdraw_request(work, order, outcome="expired", now=now)
        kind = "order.expired"
    record_step(work, seal, order.id, people.SYSTEM, at=now, kind=kind)


def _propose(
    work: sa.Connection,
    seal: AuditSeal,
    policy: Policy,
    order: sa.Row[Any],
    person: Person,
    now: datetime,
    over_budget_reason: str | None,
) -> None:
    move_order(
        work,
        order,
        OrderState.PROPOSED,
        requested_by=person.id,
        proposed_at=now,
        postponed_until=None,
    )
    order = order_by_id(work, order.id)
    revision = read_revision(work, order.id, order.revision)
    case = case_of(work, policy, order, revision.content, requester=person.id, at=now)
    ceiling = broken_ceiling(case)
    if ceiling is not None:
        raise NotAllowed(above_ceiling(order.number, ceiling, policy.currency))
    taken = budget_effects(work, order, revision.content, policy)
    exceeded = [effect for effect in taken if effect.is_exceeded]
    if exceeded and not (over_budget_reason or "").strip():
        raise NotAllowed(over_budget(order.number, exceeded[0], revision.content.base_currency))
    request_id = _open_request(
        work, policy, order, revision, person, now, over_budget_reason if exceeded else None
    )
    record_step(
        work,
        seal,
        order.id,
        person,
        at=now,
        kind="order.proposed",
        more={
            "request": request_id,
            "policy": policy.version,
            "over_budget": digest(over_budget_reason) if exceeded else None,
        },
    )
    flows = all(line.flows for line in revision.content.lines) and not exceeded
    if approves_itself(policy, case, all_lines_flow=flows):
        approve_order(work, seal, order, request_id, people.SYSTEM, now=now)


def _open_request(
    work: sa.Connection,
    policy: Policy,
    order: sa.Row[Any],
    revision: Revision,
    person: Person,
    now: datetime,
    over_budget_reason: str | None,
) -> int:
    inserted = sa.insert(approval_requests).values(
        po_id=order.id,
        revision=revision.number,
        digest=revision.digest,
        state="pending",
        step=1,
        requested_by=person.id,
        requested_at=now,
        expires_at=now + timedelta(hours=policy.expires_after_hours),
        own_minor=revision.content.base_total_minor,
        over_budget_reason=over_budget_reason,
    )
    request_id: int = work.execute(inserted.returning(approval_requests.c.id)).scalar_one()
    commit_spending(
        work,
        request_id=request_id,
        po_id=order.id,
        spending=spending_by_scope(revision.content),
        periods=periods_of(order_day(work, now)),
        now=now,
    )
    return request_id
