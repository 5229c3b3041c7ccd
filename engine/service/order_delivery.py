"""How an approved purchase order leaves the house, and what its delivery changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from engine.connect.order_documents import order_csv, order_json
from engine.connect.order_mail import Sender, order_mail, recipients
from engine.connect.order_pdf import order_pdf
from engine.connect.order_x12 import Interchange, order_x12
from engine.connect.outgoing_folder import hand_over_file
from engine.connect.smtp import MailServer, NotAccepted, Refused
from engine.connect.webhook import Webhook
from engine.errors import InvalidInput, StoreError
from engine.model.canonical import digest
from engine.purchase.states import OrderState
from engine.service import audit
from engine.service.delivery import NotSent, Undeliverable
from engine.service.fulfilment import tell
from engine.service.order_paper import Letterhead, Paper, paper_for
from engine.service.order_steps import record_step
from engine.service.outbox import Message
from engine.service.people import SYSTEM
from engine.service.stores import AuditSeal, Stores
from engine.store.fulfilment import leaving_amendment, move_amendment
from engine.store.orders import find_order, move_order

Format = Literal["pdf", "csv", "x12", "json"]


@dataclass(frozen=True, kw_only=True)
class _OrderRoute:
    """What every way of sending an order has in common."""

    seal: AuditSeal
    letterhead: Letterhead = field(default_factory=Letterhead)

    def settle(self, work: sa.Connection, message: Message, receipt: str, now: datetime) -> None:
        record_sent(work, self.seal, message, receipt=receipt, now=now)

    def doubt(self, work: sa.Connection, message: Message, now: datetime) -> None:
        record_doubt(work, self.seal, message, now=now)

    def lost(self, work: sa.Connection, message: Message, now: datetime) -> None:
        order = find_order(work, str(message.payload["order"]))
        tell(
            work, order, "undelivered", f"undelivered:{message.key}:{message.claims}", now,
            people=[order.requested_by, order.drafted_by],
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class OrderToFolder(_OrderRoute):
    """Writes an order into a folder, from where another system takes it.

    The names derive from the revision, so writing again is no second order. JSON comes last,
    because a program that watches the folder waits for it.
    """

    folder: Path
    formats: tuple[Format, ...] = ("pdf", "csv", "json")
    edi_sender: str = ""
    edi_is_test: bool = False
    is_repeatable: bool = True

    def hand_over(self, stores: Stores, message: Message, now: datetime) -> str:
        del now  # the files of a revision are the same whenever they are written
        paper = paper_for(stores, message, self.letterhead)
        write = self._writers(paper)
        path = self.folder
        try:
            for form in sorted(self.formats, key=("pdf", "csv", "x12", "json").index):
                name = f"{paper.document.file_name}.{form}"
                path = hand_over_file(self.folder, name, write[form]())
        except StoreError as error:
            raise NotSent(str(error)) from error
        return str(path)

    def _writers(self, paper: Paper) -> Mapping[Format, Callable[[], bytes]]:
        document = paper.document
        return {
            "pdf": lambda: order_pdf(document),
            "csv": lambda: order_csv(document),
            "x12": lambda: order_x12(document, self._interchange(paper)),
            "json": lambda: order_json(document),
        }

    def _interchange(self, paper: Paper) -> Interchange:
        supplier = paper.document.supplier
        if not self.edi_sender:
            raise Undeliverable(
                "An X12 order names its sender: set edi.sender, such as ZZ:LANTERNLOOM."
            )
        if not supplier.edi_id:
            raise Undeliverable(
                f"{supplier.code} has no X12 address. Add one to the column edi_id of the "
                "suppliers and import again."
            )
        return Interchange(sender=self.edi_sender, at=paper.approved_at, is_test=self.edi_is_test)


@dataclass(frozen=True, kw_only=True)
class OrderByMail(_OrderRoute):
    """Sends an order to the supplier's address, as PDF and CSV.

    Never by itself a second time once the text has been sent: nobody can take a mail back.
    """

    server: MailServer
    sender: Sender
    is_repeatable: bool = False

    def hand_over(self, stores: Stores, message: Message, now: datetime) -> str:
        del now  # the mail is dated with its approval
        paper = paper_for(stores, message, self.letterhead)
        try:
            to = recipients(paper.document.supplier.email)
            text = order_mail(paper.document, self.sender, to, paper.approved_at)
            everyone = (*to, *self.sender.copy_to)
            return self.server.hand_over(self.sender.address, everyone, text)
        except (InvalidInput, Refused) as error:
            raise Undeliverable(str(error)) from error
        except NotAccepted as error:
            raise NotSent(str(error)) from error


@dataclass(frozen=True, kw_only=True)
class OrderToWebhook(_OrderRoute):
    """Posts an order as signed JSON to a system that knows the idempotency key."""

    webhook: Webhook
    is_repeatable: bool = False

    def hand_over(self, stores: Stores, message: Message, now: datetime) -> str:
        paper = paper_for(stores, message, self.letterhead)
        try:
            return self.webhook.post(order_json(paper.document), key=message.key, now=now)
        except Refused as error:
            raise Undeliverable(str(error)) from error
        except NotAccepted as error:
            raise NotSent(str(error)) from error


def record_sent(
    work: sa.Connection, seal: AuditSeal, message: Message, *, receipt: str, now: datetime
) -> None:
    """The order, or a change of it, is with the supplier."""
    audit.take_turn(work)  # first, as everybody who moves an order does: no two wait crosswise
    order = find_order(work, str(message.payload["order"]))
    more = {"key": message.key, "receipt": digest(receipt)}
    mark_sent(work, order, now)
    record_step(work, seal, order.id, SYSTEM, at=now, kind="order.sent", more=more)


def mark_sent(work: sa.Connection, order: sa.Row[Any], now: datetime) -> None:
    """Move what has left; a confirmed order whose amendment left is to be confirmed again."""
    amendment = leaving_amendment(work, order)
    if amendment is None:
        move_order(work, order, OrderState.SENT, sent_at=now)
        return
    move_amendment(work, amendment, "sent", sent_at=now)
    if order.state == OrderState.CONFIRMED:
        move_order(work, order, OrderState.SENT)


def record_doubt(work: sa.Connection, seal: AuditSeal, message: Message, *, now: datetime) -> None:
    """The order may or may not be with the supplier; a person says which."""
    audit.take_turn(work)
    order = find_order(work, str(message.payload["order"]))
    amendment = leaving_amendment(work, order)
    if amendment is None:
        move_order(work, order, OrderState.SEND_UNCONFIRMED)
    else:
        move_amendment(work, amendment, "send_unconfirmed")
    more = {"key": message.key}
    record_step(work, seal, order.id, SYSTEM, at=now, kind="order.send_unconfirmed", more=more)
    tell(
        work, order, "in_doubt", f"in doubt:{message.key}:{message.claims}", now,
        people=[order.requested_by, order.drafted_by],
    )  # fmt: skip
