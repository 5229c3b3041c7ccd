"""What an order is judged by: its amount together with what the same requester has asked for."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.purchase.order import OrderContent
from engine.purchase.policy import Policy
from engine.purchase.rules import Case
from engine.service.ceilings import ASKED, asked_under_ceilings
from engine.store.orders import drafters
from engine.store.tables.purchasing import po_revisions, purchase_orders


def case_of(
    look: sa.Connection,
    policy: Policy,
    order: sa.Row[Any],
    content: OrderContent,
    *,
    requester: str,
    at: datetime,
) -> Case:
    """The case that the policy rules on. Amounts at the rate recorded in each order.

    Judged together are the orders that one requester has proposed to one supplier within
    `cumulative_days` of this proposal, before it or after, whatever their approvers have said
    yet: two halves are judged as the whole they are, whichever is decided first.
    """
    others = _others_minor(look, policy, order, requester, at)
    asked = asked_under_ceilings(look, policy, order, requester, at)
    return Case(
        supplier=content.supplier,
        ship_to=content.ship_to,
        categories=tuple(line.category for line in content.lines),
        requester=requester,
        drafters=drafters(look, order.id),
        own_minor=content.base_total_minor,
        judged_minor=content.base_total_minor + others,
        asked=asked,
    )


def _others_minor(
    look: sa.Connection, policy: Policy, order: sa.Row[Any], requester: str, at: datetime
) -> int:
    if policy.cumulative_days == 0:
        return 0
    window = timedelta(days=policy.cumulative_days)
    table = purchase_orders
    query = (
        sa.select(sa.func.coalesce(sa.func.sum(po_revisions.c.base_total_minor), 0))
        .join(
            table,
            (po_revisions.c.po_id == table.c.id) & (po_revisions.c.revision == table.c.revision),
        )
        .where(
            table.c.id != order.id,
            table.c.supplier == order.supplier,
            table.c.requested_by == requester,
            table.c.state.in_(ASKED),
            table.c.proposed_at > at - window,
            table.c.proposed_at < at + window,
        )
    )
    return int(look.execute(query).scalar_one())
