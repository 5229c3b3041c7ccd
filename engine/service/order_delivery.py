"""How an approved purchase order leaves the house, and what its delivery changes."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from engine.connect.order_documents import order_csv, order_json
from engine.connect.outgoing_folder import hand_over_file
from engine.errors import StoreError
from engine.model.canonical import digest
from engine.purchase.states import OrderState
from engine.service import audit
from engine.service.delivery import NotSent, Void
from engine.service.order_steps import record_step
from engine.service.outbox import Message
from engine.service.people import SYSTEM
from engine.service.stores import AuditSeal, Stores
from engine.store.orders import Revision, find_order, move_order, read_revision
from engine.store.tables.purchasing import approval_requests


@dataclass(frozen=True, kw_only=True)
class OrderToFolder:
    """Writes an order as CSV and JSON into a folder, from where another system takes it.

    The names derive from the revision, so writing again is no second order.
    """

    folder: Path
    seal: AuditSeal
    is_repeatable: bool = True

    def hand_over(self, stores: Stores, message: Message) -> str:
        revision = _approved_revision(stores, message)
        number = str(message.payload["order"])
        name = f"{number}-r{revision.number}"
        try:
            hand_over_file(
                self.folder, f"{name}.csv", order_csv(number, revision.number, revision.content)
            )
            # Last, because a program that watches the folder waits for it.
            path = hand_over_file(
                self.folder,
                f"{name}.json",
                order_json(number, revision.number, revision.digest, message.key, revision.content),
            )
        except StoreError as error:
            raise NotSent(str(error)) from error
        return str(path)

    def settle(self, work: sa.Connection, message: Message, receipt: str, now: datetime) -> None:
        record_sent(work, self.seal, message, receipt=receipt, now=now)

    def doubt(self, work: sa.Connection, message: Message, now: datetime) -> None:
        record_doubt(work, self.seal, message, now=now)


def record_sent(
    work: sa.Connection, seal: AuditSeal, message: Message, *, receipt: str, now: datetime
) -> None:
    """The order is with the supplier."""
    audit.take_turn(work)  # first, as everybody who moves an order does: no two wait crosswise
    order = find_order(work, str(message.payload["order"]))
    move_order(work, order, OrderState.SENT, sent_at=now)
    more = {"key": message.key, "receipt": digest(receipt)}
    record_step(work, seal, order.id, SYSTEM, at=now, kind="order.sent", more=more)


def record_doubt(work: sa.Connection, seal: AuditSeal, message: Message, *, now: datetime) -> None:
    """The order may or may not be with the supplier; a person says which."""
    audit.take_turn(work)
    order = find_order(work, str(message.payload["order"]))
    move_order(work, order, OrderState.SEND_UNCONFIRMED)
    more = {"key": message.key}
    record_step(work, seal, order.id, SYSTEM, at=now, kind="order.send_unconfirmed", more=more)


def _approved_revision(stores: Stores, message: Message) -> Revision:
    """What is to be sent, held once more against what was approved; raises Void."""
    number = str(message.payload["order"])
    with stores.database.read() as look:
        order = find_order(look, number)
        revision = read_revision(look, order.id, order.revision)
        approved = look.execute(
            sa.select(approval_requests.c.digest).where(
                approval_requests.c.id == message.payload["request"],
                approval_requests.c.po_id == order.id,
                approval_requests.c.state == "approved",
            )
        ).scalar_one_or_none()
    if order.state != OrderState.APPROVED:
        raise Void(f"{number} is {order.state!r} and no longer approved; it was not sent.")
    if (revision.number, revision.digest) != (message.payload["revision"], approved):
        raise Void(f"{number} is not the revision that was approved; it was not sent.")
    return revision
