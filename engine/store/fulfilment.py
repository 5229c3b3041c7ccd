"""Confirmations, receipts and amendments of orders, in the tables."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import InvalidInput
from engine.purchase.progress import (
    ConfirmedLine,
    LineProgress,
    MovedLine,
    Movement,
    MovementKind,
    progress_of,
)
from engine.purchase.states import UNDER_WAY, OrderState
from engine.store.orders import read_revision
from engine.store.tables.fulfilment import (
    po_amendments,
    po_confirmations,
    po_confirmed_lines,
    po_confirmed_prices,
    po_receipt_lines,
    po_receipts,
)
from engine.store.tables.purchasing import purchase_orders

PENDING = ("proposed",)
ON_ITS_WAY = ("approved", "send_unconfirmed")  # decided, and not certainly with the supplier


def order_progress(look: sa.Connection, order: sa.Row[Any]) -> tuple[LineProgress, ...]:
    """How far an order has come at its current revision."""
    content = read_revision(look, order.id, order.revision).content
    has_ended = order.state == OrderState.CLOSED
    words, moved = newest_words(look, order.id), movements(look, order.id)
    return progress_of(content, words, moved, has_ended=has_ended)


def told_progress(look: sa.Connection) -> dict[int, dict[int, LineProgress]]:
    """Progress by order id and line, of the orders of which anything was told since they left."""
    said = sa.select(po_confirmations.c.po_id).union(sa.select(po_receipts.c.po_id))
    ids = sorted(look.execute(said).scalars())
    query = sa.select(purchase_orders).where(
        purchase_orders.c.id.in_(ids), purchase_orders.c.state.in_(sorted(UNDER_WAY))
    )
    return {
        order.id: {line.line: line for line in order_progress(look, order)}
        for order in look.execute(query).all()
    }


def newest_words(look: sa.Connection, po_id: int) -> tuple[ConfirmedLine, ...]:
    """What the supplier said last of each line."""
    head, lines, prices = po_confirmations, po_confirmed_lines, po_confirmed_prices
    query = (
        sa.select(lines.c.line, lines.c.units, lines.c.expected_on, prices.c.unit_price_micros)
        .join(head, lines.c.confirmation_id == head.c.id)
        .outerjoin(
            prices,
            (prices.c.confirmation_id == head.c.id) & (prices.c.line == lines.c.line),
        )
        .where(head.c.po_id == po_id)
        .order_by(head.c.id)
    )
    newest = {row.line: ConfirmedLine(**row) for row in look.execute(query).mappings()}
    return tuple(newest[line] for line in sorted(newest))


def words_by(look: sa.Connection, po_id: int, author: str) -> frozenset[ConfirmedLine]:
    """All units and days that one author has ever recorded as said of an order's lines."""
    head, lines = po_confirmations, po_confirmed_lines
    query = (
        sa.select(lines.c.line, lines.c.units, lines.c.expected_on)
        .join(head, lines.c.confirmation_id == head.c.id)
        .where(head.c.po_id == po_id, head.c.author == author)
    )
    return frozenset(
        ConfirmedLine(line=row.line, units=row.units, expected_on=row.expected_on)
        for row in look.execute(query)
    )


def movements(look: sa.Connection, po_id: int) -> tuple[Movement, ...]:
    """What came and went back, in the order in which it was told."""
    head, lines = po_receipts, po_receipt_lines
    query = (
        sa.select(
            head.c.id, head.c.kind, head.c.on_day, lines.c.line, lines.c.units,
            lines.c.rejected_units, lines.c.replaced, lines.c.reason,
        )
        .join(lines, lines.c.receipt_id == head.c.id)
        .where(head.c.po_id == po_id)
        .order_by(head.c.id, lines.c.line)
    )  # fmt: skip
    parts: dict[tuple[int, MovementKind, date], list[MovedLine]] = defaultdict(list)
    for row in look.execute(query):
        moved = MovedLine(
            line=row.line, units=row.units, rejected_units=row.rejected_units,
            replaced=row.replaced, reason=row.reason,
        )  # fmt: skip
        parts[row.id, row.kind, row.on_day].append(moved)
    return tuple(
        Movement(kind=kind, on_day=day, lines=tuple(moved))
        for (_, kind, day), moved in sorted(parts.items(), key=lambda part: part[0][0])
    )


def revision_told_of(look: sa.Connection, po_id: int, key: str) -> int | None:
    """The revision that a confirmation on record is about; None: this key has told nothing."""
    table = po_confirmations
    query = sa.select(table.c.revision).where(table.c.po_id == po_id, table.c.key == key)
    return look.execute(query).scalar_one_or_none()


def was_told(look: sa.Connection, table: sa.Table, po_id: int, key: str, digest: str) -> bool:
    """Whether this very message is on record; raises InvalidInput if its key told other lines."""
    query = sa.select(table.c.digest).where(table.c.po_id == po_id, table.c.key == key)
    known = look.execute(query).scalar_one_or_none()
    if known is not None and known != digest:
        raise InvalidInput(
            f"{key!r} has been recorded for this order with other lines. Give what is new a key "
            "of its own, or leave the key out."
        )
    return known is not None


def add_confirmation(
    work: sa.Connection, values: dict[str, object], lines: Sequence[ConfirmedLine]
) -> int:
    """Store a confirmation and its lines; returns its id."""
    inserted = sa.insert(po_confirmations).values(values).returning(po_confirmations.c.id)
    number: int = work.execute(inserted).scalar_one()
    rows = [
        {"confirmation_id": number, "line": e.line, "units": e.units, "expected_on": e.expected_on}
        for e in lines
    ]
    work.execute(sa.insert(po_confirmed_lines), rows)
    prices = [
        {"confirmation_id": number, "line": e.line, "unit_price_micros": e.unit_price_micros}
        for e in lines
        if e.unit_price_micros is not None
    ]
    if prices:
        work.execute(sa.insert(po_confirmed_prices), prices)
    return number


def add_movement(work: sa.Connection, values: dict[str, object], lines: Sequence[MovedLine]) -> int:
    """Store a delivery or a parcel back with its lines; returns its id."""
    inserted = sa.insert(po_receipts).values(values).returning(po_receipts.c.id)
    number: int = work.execute(inserted).scalar_one()
    rows = [
        {
            "receipt_id": number, "line": e.line, "units": e.units,
            "rejected_units": e.rejected_units, "replaced": e.replaced, "reason": e.reason,
        }
        for e in lines
    ]  # fmt: skip
    work.execute(sa.insert(po_receipt_lines), rows)
    return number


def open_question(look: sa.Connection, po_id: int) -> sa.Row[Any] | None:
    """The newest confirmation that a person must answer; None: there is nothing to answer."""
    table = po_confirmations
    query = (
        sa.select(table)
        .where(table.c.po_id == po_id, table.c.answer == "open")
        .order_by(table.c.id.desc())
        .limit(1)
    )
    return look.execute(query).one_or_none()


def answer_all(work: sa.Connection, po_id: int, answer: str, who: str, at: datetime) -> None:
    """Every open confirmation of an order is answered, by the last one's answer."""
    table = po_confirmations
    work.execute(
        sa.update(table)
        .where(table.c.po_id == po_id, table.c.answer == "open")
        .values(answer=answer, answered_by=who, answered_at=at)
    )


def amendment_of_request(look: sa.Connection, request_id: int) -> sa.Row[Any] | None:
    """The amendment that an approval request asks for; None: it asks for the order itself."""
    query = sa.select(po_amendments).where(po_amendments.c.request_id == request_id)
    return look.execute(query).one_or_none()


def newest_amendment(look: sa.Connection, po_id: int) -> sa.Row[Any] | None:
    """The last amendment of an order, however it ended; None: it was never amended."""
    table = po_amendments
    query = sa.select(table).where(table.c.po_id == po_id).order_by(table.c.revision.desc())
    return look.execute(query.limit(1)).one_or_none()


def move_amendment(work: sa.Connection, amendment: sa.Row[Any], state: str, **also: object) -> None:
    """Note what became of an amendment."""
    table = po_amendments
    work.execute(
        sa.update(table)
        .where(table.c.po_id == amendment.po_id, table.c.revision == amendment.revision)
        .values(state=state, **also)
    )


def leaving_amendment(look: sa.Connection, order: sa.Row[Any]) -> sa.Row[Any] | None:
    """The amendment by which an order is its current revision and which has not left for sure."""
    newest = newest_amendment(look, order.id)
    if newest is None or newest.revision != order.revision or newest.state not in ON_ITS_WAY:
        return None
    return newest
