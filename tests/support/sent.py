"""Orders that are with their suppliers."""

from datetime import datetime

from engine.service import audit
from engine.service.order_delivery import mark_sent as mark
from engine.service.order_steps import record_step
from engine.service.people import SYSTEM
from engine.service.stores import Stores
from engine.store.orders import find_order
from support.purchasing import NOW


def mark_sent(stores: Stores, number: str, now: datetime = NOW) -> None:
    """What the sender does once an order, or its amendment, has left."""
    with stores.database.write() as work:
        audit.take_turn(work)
        order = find_order(work, number)
        mark(work, order, now)
        record_step(work, stores.seal, order.id, SYSTEM, at=now, kind="order.sent")
