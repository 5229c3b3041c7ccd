"""A person's word on an order of which nobody knows whether it left, or which could not leave."""

from datetime import datetime
from typing import Literal

from engine.errors import IllegalTransition
from engine.model.canonical import digest
from engine.model.people import Person, Right
from engine.purchase.states import UNDER_WAY, OrderState
from engine.service import audit, outbox, people
from engine.service.order_delivery import mark_sent
from engine.service.order_steps import record_step, send_key
from engine.service.order_view import OrderView, view_order
from engine.service.rights import require_decider, require_right
from engine.service.stores import Stores
from engine.store.fulfilment import leaving_amendment, move_amendment
from engine.store.orders import find_order, move_order, order_by_id

SENDABLE = (OrderState.APPROVED, OrderState.SEND_UNCONFIRMED)


def settle_doubt(
    stores: Stores,
    number: str,
    *,
    outcome: Literal["arrived", "send_again"],
    note: str,
    person: Person,
    now: datetime,
) -> OrderView:
    """The supplier has the order, or it is to be sent once more.

    Takes the right to approve, and an identity that is proof enough to decide.
    Raises IllegalTransition while the message is waiting, on its way or delivered: then there is
    nothing to decide.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        order = find_order(work, number)
        require_decider(work, person, require_right(work, person, Right.APPROVE))
        state = OrderState(order.state)
        amendment = leaving_amendment(work, order) if state in UNDER_WAY else None
        if state not in SENDABLE and amendment is None:
            raise IllegalTransition(order.number, state, outcome, [])
        key = send_key(order.number, order.revision)
        arrived = outcome == "arrived"
        outbox.resolve(
            work, key=key, outcome="delivered" if arrived else "again", note=note, now=now
        )
        if arrived:
            mark_sent(work, order, now)
        elif amendment is not None:
            move_amendment(work, amendment, "approved")
        elif state is OrderState.SEND_UNCONFIRMED:
            move_order(work, order, OrderState.APPROVED)
        kind = "order.sent_by_word" if arrived else "order.send_again"
        more = {"key": key, "note": digest(note)}
        record_step(work, stores.seal, order.id, person, at=now, kind=kind, more=more)
        return view_order(work, order_by_id(work, order.id), names=people.names(work))
