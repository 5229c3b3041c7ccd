"""Orders that do not go on by themselves: not sent, perhaps sent, or confirmed otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from engine.purchase.states import UNDER_WAY, OrderState
from engine.service.order_doubt import SENDABLE
from engine.service.order_facts import SEND
from engine.service.stores import Stores
from engine.store.tables.fulfilment import po_confirmations
from engine.store.tables.purchasing import po_revisions, purchase_orders
from engine.store.tables.work import outbox

Trouble = Literal["undelivered", "in_doubt", "not_as_ordered"]


@dataclass(frozen=True, kw_only=True)
class OrderTrouble:
    """One order and what a person has to say; the amount is what it is worth, base currency."""

    number: str
    supplier: str
    kind: Trouble
    told: str  # the last error, or what came with the supplier's word; may be empty
    worth_minor: int


def order_troubles(stores: Stores) -> tuple[OrderTrouble, ...]:
    """All of them, the most money first."""
    with stores.database.read() as look:
        found = [*_unsent(look), *_unanswered(look)]
    return tuple(sorted(found, key=lambda each: (-each.worth_minor, each.number, each.kind)))


def _unsent(look: sa.Connection) -> Iterator[OrderTrouble]:
    """Dead letters and messages in doubt, of orders that should leave."""
    letters = sa.select(outbox).where(
        outbox.c.kind == SEND, outbox.c.state.in_(("dead", "unconfirmed"))
    )
    stuck = {str(row.payload["order"]): row for row in look.execute(letters)}
    for order in look.execute(_orders(purchase_orders.c.number.in_(sorted(stuck)))):
        letter = stuck[order.number]
        able = (*SENDABLE, *UNDER_WAY) if letter.payload["revision"] > 1 else SENDABLE
        if OrderState(order.state) in able and letter.payload["revision"] == order.revision:
            yield OrderTrouble(
                number=order.number,
                supplier=order.supplier,
                kind="undelivered" if letter.state == "dead" else "in_doubt",
                told=letter.last_error or "",
                worth_minor=order.base_total_minor,
            )


def _unanswered(look: sa.Connection) -> Iterator[OrderTrouble]:
    table = po_confirmations
    waiting = sa.select(table.c.po_id, table.c.note).where(table.c.answer == "open")
    notes = {row.po_id: row.note for row in look.execute(waiting.order_by(table.c.id))}
    for order in look.execute(_orders(purchase_orders.c.id.in_(sorted(notes)))):
        yield OrderTrouble(
            number=order.number,
            supplier=order.supplier,
            kind="not_as_ordered",
            told=notes[order.id],
            worth_minor=order.base_total_minor,
        )


def _orders(where: sa.ColumnElement[bool]) -> sa.Select[int, str, str, str, int, int]:
    orders, revisions = purchase_orders, po_revisions
    return (
        sa.select(
            orders.c.id, orders.c.number, orders.c.supplier, orders.c.state, orders.c.revision,
            revisions.c.base_total_minor,
        )
        .join(
            revisions,
            (revisions.c.po_id == orders.c.id) & (revisions.c.revision == orders.c.revision),
        )
        .where(where)
        .order_by(orders.c.id)
    )  # fmt: skip
