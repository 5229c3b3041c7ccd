"""The end of an order that has come: as it is, or short of what was ordered."""

from datetime import datetime

from engine.errors import InvalidInput
from engine.model.canonical import digest
from engine.model.people import Person
from engine.purchase.states import OrderState, require_step
from engine.service import audit, people
from engine.service.amendment_steps import void_amendment
from engine.service.fulfilment import sent_order, settle_costs
from engine.service.order_steps import record_step
from engine.service.order_view import OrderView, view_order
from engine.service.stores import Stores
from engine.store.fulfilment import answer_all
from engine.store.orders import move_order, order_by_id


def close(
    stores: Stores, number: str, *, person: Person, now: datetime, reason: str = ""
) -> OrderView:
    """End an order: what is still open will not come, and its budget is free again.

    An order of which units are open is closed short, which takes a reason. Raises
    IllegalTransition before anything has come: such an order is cancelled instead.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        sent = sent_order(work, stores.seal, number, person, now)
        require_step(sent.order.number, sent.state, OrderState.CLOSED)
        missing = sum(line.open_units for line in sent.progress)
        if missing and not reason.strip():
            raise InvalidInput(
                f"{missing} units of {sent.order.number} have not come. Say in --reason why they "
                "will not, such as what the supplier answered."
            )
        void_amendment(work, sent.order, now)
        answer_all(work, sent.order.id, "not_needed", person.id, now)
        freed = settle_costs(sent, sent.progress, ended=True)
        move_order(work, sent.order, OrderState.CLOSED, ended_at=now)
        record_step(
            work, stores.seal, sent.order.id, person, at=now, kind="order.closed",
            more={"missing": missing, "freed_minor": freed, "reason": digest(reason)},
        )  # fmt: skip
        return view_order(work, order_by_id(work, sent.order.id), names=people.names(work))
