"""Approved orders and bills on their way to accounting: through the outbox, once each.

An order goes there when it is with its supplier; a bill when all has come or the order is closed,
over the units that came and stayed. The systems know a repeat by its key, so a message whose answer
was lost is simply sent again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from engine.connect.books.port import BookDocument, BookLine, Books, Kind
from engine.connect.sources.port import SourceAway, SourceRefused
from engine.errors import StoreError
from engine.model.money import MICROS, exponent
from engine.purchase.order import OrderContent
from engine.purchase.states import OrderState
from engine.service import outbox
from engine.service.company import local_zone
from engine.service.delivery import NotSent, Undeliverable
from engine.service.outbox import Message
from engine.service.stores import Stores
from engine.store.fulfilment import order_progress
from engine.store.orders import find_order, read_revision
from engine.store.tables.purchasing import purchase_orders

BOOKS = "books.document"  # kind of message in the outbox
ORDERED = (
    OrderState.SENT, OrderState.CONFIRMED, OrderState.PART_RECEIVED, OrderState.RECEIVED,
    OrderState.CLOSED,
)  # fmt: skip
BILLED = (OrderState.RECEIVED, OrderState.CLOSED)
USUAL_PAYMENT_DAYS = 30
PATIENCE = 40


@dataclass(frozen=True, kw_only=True)
class ToBooks:
    """Carries documents to an accounting system."""

    books: Books = field(repr=False)
    is_repeatable: bool = True
    attempts: int = PATIENCE

    def hand_over(self, stores: Stores, message: Message, now: datetime) -> str:
        del now  # documents are dated by their orders
        kind: Kind = "order" if message.payload["kind"] == "order" else "bill"
        document = book_document(
            stores, str(message.payload["order"]), int(message.payload["revision"]), kind,
            key=message.key,
        )  # fmt: skip
        try:
            return self.books.post(document)
        except SourceRefused as error:
            raise Undeliverable(str(error)) from error
        except (SourceAway, StoreError) as error:
            raise NotSent(str(error)) from error

    def settle(self, work: sa.Connection, message: Message, receipt: str, now: datetime) -> None:
        """Nothing of ours changes: the receipt is in the outbox."""

    def doubt(self, work: sa.Connection, message: Message, now: datetime) -> None:
        """It is in the outbox as unconfirmed; `qm outbox list` names it."""

    def lost(self, work: sa.Connection, message: Message, now: datetime) -> None:
        """It is in the outbox as dead, with what to put right."""


def queue_for_books(stores: Stores, name: str, now: datetime) -> int:
    """Queue what accounting has not got; returns how many. Doing it again adds nothing.

    A revision of an order that its supplier has goes as a document of its own.
    """
    table = purchase_orders
    query = sa.select(table).where(table.c.state.in_(sorted(ORDERED))).order_by(table.c.id)
    added = 0
    with stores.database.write() as work:
        for order in work.execute(query).all():
            wanted: list[Kind] = ["order"]
            if order.state in BILLED and any(units for _, units in _came(work, order)):
                wanted.append("bill")
            for kind in wanted:
                key = f"books:{name}:{order.number}:r{order.revision}:{kind}"
                added += outbox.enqueue_once(
                    work, kind=BOOKS, key=key, now=now,
                    payload={"order": order.number, "revision": order.revision, "kind": kind},
                )  # fmt: skip
    return added


def book_document(
    stores: Stores, number: str, revision: int, kind: Kind, *, key: str
) -> BookDocument:
    """An order as it was approved, or the bill of the units that came and stayed."""
    with stores.database.read() as look:
        order = find_order(look, number)
        content = read_revision(look, order.id, revision).content
        units = dict(_came(look, order)) if kind == "bill" else None
        zone = local_zone(look)
    issued = (order.sent_at or order.approved_at).astimezone(zone).date()
    days = USUAL_PAYMENT_DAYS if content.payment_days is None else content.payment_days
    return BookDocument(
        kind=kind, key=key, number=order.number if kind == "order" else f"{order.number}-B",
        supplier=content.supplier, supplier_name=content.supplier_name, currency=content.currency,
        issued_on=issued, lines=_lines(content, units),
        due_on=content.requested_on if kind == "order" else issued + timedelta(days=days),
    )  # fmt: skip


def _lines(content: OrderContent, came: dict[int, int] | None) -> tuple[BookLine, ...]:
    """What was ordered; or, with `came`, only that, at the order's prices."""
    found: list[BookLine] = []
    quantum = Decimal(1).scaleb(-exponent(content.currency))
    for line in content.lines:
        units = line.units if came is None else came.get(line.line, 0)
        if units > 0:
            price = Decimal(line.unit_price_micros) / MICROS
            whole = Decimal(line.total_minor(content.currency)) * quantum
            amount = whole if units == line.units else (price * units).quantize(quantum)
            found.append(
                BookLine(
                    sku=line.sku, description=line.name, units=units, unit_price=price,
                    amount=amount,
                )
            )  # fmt: skip
    return tuple(found)


def _came(look: sa.Connection, order: sa.Row[tuple[object, ...]]) -> Sequence[tuple[int, int]]:
    """Units of each line that came and were kept."""
    return [
        (line.line, max(line.received - line.returned, 0)) for line in order_progress(look, order)
    ]
