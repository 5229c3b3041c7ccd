"""An order gives way to others: it counts no more, and says what came in its place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.model.people import Person
from engine.purchase.states import OrderState, require_step
from engine.service.fulfilment import tell
from engine.service.order_steps import record_step, withdraw_request
from engine.service.stores import AuditSeal
from engine.store.orders import move_order, order_by_id
from engine.store.tables.purchasing import po_successors


def supersede(
    work: sa.Connection,
    seal: AuditSeal,
    order: sa.Row[Any],
    successors: Sequence[int],
    *,
    person: Person,
    now: datetime,
) -> None:
    """End an order in favour of others (ids), which hold everything it held.

    A question about it that is open ends, and its budget is free for them. Whoever wrote or asked
    for it is told, unless they did this themselves. Raises IllegalTransition once it has left.
    """
    require_step(order.number, OrderState(order.state), OrderState.SUPERSEDED)
    if order.state == OrderState.PROPOSED:
        withdraw_request(work, order, outcome="void", now=now)
        order = order_by_id(work, order.id)
    move_order(work, order, OrderState.SUPERSEDED, ended_at=now, postponed_until=None)
    rows = [{"po_id": order.id, "successor_id": each} for each in successors]
    work.execute(sa.insert(po_successors), rows)
    numbers = [order_by_id(work, each).number for each in successors]
    record_step(work, seal, order.id, person, at=now, kind="order.superseded", more={"by": numbers})
    wrote: list[str | None] = [order.drafted_by, order.requested_by]
    tell(
        work, order, "superseded", f"superseded:{order.number}", now,
        people=[each for each in wrote if each != person.id], more={"by": numbers},
    )  # fmt: skip
