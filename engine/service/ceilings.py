"""What has been asked for in a calendar period, held against the ceilings of the policy."""

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from engine.purchase.policy import Ceiling, Policy
from engine.purchase.rules import Asked
from engine.purchase.states import OrderState
from engine.service.company import local_zone
from engine.store.tables.purchasing import po_revisions, purchase_orders

# Asked for and not turned down: what splitting an order would spread over several of.
ASKED = (
    OrderState.PROPOSED, OrderState.APPROVED, OrderState.SEND_UNCONFIRMED, OrderState.SENT,
    OrderState.CONFIRMED, OrderState.PART_RECEIVED, OrderState.RECEIVED, OrderState.CLOSED,
)  # fmt: skip


def asked_under_ceilings(
    look: sa.Connection, policy: Policy, order: sa.Row[Any], requester: str, at: datetime
) -> tuple[Asked, ...]:
    """For each ceiling that holds for an order asked for at `at`: what the others took of it."""
    return tuple(
        Asked(ceiling=each, others_minor=_others(look, each, policy, order, requester, at))
        for each in policy.ceilings
        if holds_for(each, policy, requester, order.supplier)
    )


def holds_for(ceiling: Ceiling, policy: Policy, requester: str, supplier: str) -> bool:
    """Whether an order of this requester to this supplier falls under a ceiling."""
    roles = {role.name for role in policy.roles_of(requester)}
    return (not ceiling.roles or not roles.isdisjoint(ceiling.roles)) and (
        not ceiling.suppliers or supplier in ceiling.suppliers
    )


def _others(
    look: sa.Connection,
    ceiling: Ceiling,
    policy: Policy,
    order: sa.Row[Any],
    requester: str,
    at: datetime,
) -> int:
    table = purchase_orders
    first, end = _period(look, ceiling, at)
    query = (
        sa.select(sa.func.coalesce(sa.func.sum(po_revisions.c.base_total_minor), 0))
        .join(
            table,
            (po_revisions.c.po_id == table.c.id) & (po_revisions.c.revision == table.c.revision),
        )
        .where(
            table.c.id != order.id,
            table.c.state.in_(ASKED),
            table.c.proposed_at >= first,
            table.c.proposed_at < end,
        )
    )
    if ceiling.each == "requester":
        query = query.where(table.c.requested_by == requester)
    elif ceiling.each == "supplier":
        query = query.where(table.c.supplier == order.supplier)
    if ceiling.suppliers:
        query = query.where(table.c.supplier.in_(ceiling.suppliers))
    if ceiling.roles:
        held = [
            member.id
            for member in policy.members
            if not set(member.roles).isdisjoint(ceiling.roles)
        ]
        query = query.where(table.c.requested_by.in_(held))
    return int(look.execute(query).scalar_one())


def _period(look: sa.Connection, ceiling: Ceiling, at: datetime) -> tuple[datetime, datetime]:
    """The day, week or month at the company that holds an instant: its beginning and its end."""
    zone = local_zone(look)
    day = at.astimezone(zone).date()
    if ceiling.period == "day":
        first, end = day, day + timedelta(days=1)
    elif ceiling.period == "week":
        first = day - timedelta(days=day.weekday())
        end = first + timedelta(days=7)
    else:
        first = day.replace(day=1)
        end = (first + timedelta(days=31)).replace(day=1)

    def midnight(of: date) -> datetime:
        return datetime.combine(of, time(), zone)

    return midnight(first), midnight(end)
