"""Purchase orders and their revisions in the tables: found, stored, moved from state to state."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from rapidfuzz import process

from engine.errors import Stale, Tampered, UnknownName
from engine.model.canonical import canonical_json
from engine.purchase.numbering import SERIES
from engine.purchase.order import OrderContent
from engine.purchase.states import OrderState, require_step
from engine.store.content import read_content, text_digest
from engine.store.tables.purchasing import (
    po_lines,
    po_revisions,
    po_successors,
    purchase_orders,
    sequences,
)

FIRST_NUMBER = 1001


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One revision as stored, its digest checked against its text."""

    number: int
    digest: str
    content: OrderContent
    author: str
    at: datetime
    why: str


def foreign_numbers(look: sa.Connection, known: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The order numbers among (number, supplier) that another system has given."""
    table = purchase_orders
    ours = {tuple(row) for row in look.execute(sa.select(table.c.number, table.c.supplier))}
    return frozenset(number for number, supplier in known if (number, supplier) not in ours)


def find_order(look: sa.Connection, number: str) -> sa.Row[Any]:
    """An order by its number, `PO-1001` or `1001`; raises UnknownName with the nearest."""
    wanted = number.strip().upper()
    names = [f"{prefix}{wanted}" for prefix in SERIES] if wanted.isdecimal() else [wanted]
    query = sa.select(purchase_orders).where(purchase_orders.c.number.in_(names))
    # A bare number that two series have is the older one's; the other is asked for by its name.
    row = look.execute(query.order_by(purchase_orders.c.id).limit(1)).one_or_none()
    if row is None:
        known = look.execute(sa.select(purchase_orders.c.number)).scalars().all()
        close = process.extract(wanted, known, limit=3, score_cutoff=60)
        raise UnknownName("purchase order", number, [match[0] for match in close])
    return row


def order_by_id(look: sa.Connection, po_id: int) -> sa.Row[Any]:
    return look.execute(sa.select(purchase_orders).where(purchase_orders.c.id == po_id)).one()


def read_revision(look: sa.Connection, po_id: int, revision: int) -> Revision:
    """A revision; raises Tampered when its text no longer has its digest."""
    row = look.execute(
        sa.select(po_revisions).where(
            po_revisions.c.po_id == po_id, po_revisions.c.revision == revision
        )
    ).one()
    if text_digest(row.content) != row.digest:
        raise Tampered(
            f"Revision {revision} of an order does not match its digest. Run `qm audit verify`."
        )
    return Revision(
        number=revision,
        digest=row.digest,
        content=read_content(OrderContent, row.content),
        author=row.author,
        at=row.at,
        why=row.why,
    )


def drafters(look: sa.Connection, po_id: int) -> frozenset[str]:
    """Everyone who wrote a revision, of the order itself or of one whose place it took."""
    line = sa.select(sa.literal(po_id).label("id")).cte("line", recursive=True)
    before = sa.select(po_successors.c.po_id).join(line, po_successors.c.successor_id == line.c.id)
    line = line.union(before)
    query = sa.select(po_revisions.c.author).where(po_revisions.c.po_id.in_(sa.select(line.c.id)))
    return frozenset(look.execute(query).scalars())


def relatives(look: sa.Connection, po_id: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Numbers of the orders whose place an order took, and of those that took its own."""
    table, other = po_successors, purchase_orders.alias("other")
    query = (
        sa.select(other.c.number, (table.c.po_id == po_id).label("is_later"))
        .join(
            other,
            sa.or_(
                (table.c.po_id == po_id) & (other.c.id == table.c.successor_id),
                (table.c.successor_id == po_id) & (other.c.id == table.c.po_id),
            ),
        )
        .order_by(other.c.id)
    )
    rows = look.execute(query).all()
    return (
        tuple(row.number for row in rows if not row.is_later),
        tuple(row.number for row in rows if row.is_later),
    )


def last_line(look: sa.Connection, po_id: int) -> int:
    """The highest line number that any revision used."""
    query = sa.select(sa.func.max(po_lines.c.line)).where(po_lines.c.po_id == po_id)
    return look.execute(query).scalar_one()


def insert_order(
    work: sa.Connection, values: Mapping[str, object], *, series: str = SERIES[0]
) -> int:
    """Store the head of a new order under the next number of a series and return its id."""
    name = "purchase order" if series == SERIES[0] else f"purchase order {series}"
    number = f"{series}{_next_in_sequence(work, name)}"
    inserted = sa.insert(purchase_orders).values(**values, number=number, revision=0)
    return work.execute(inserted.returning(purchase_orders.c.id)).scalar_one()


def add_revision(
    work: sa.Connection,
    order: sa.Row[Any],
    content: OrderContent,
    *,
    author: str,
    at: datetime,
    why: str,
) -> Revision:
    """Store the next revision and make it the current one; raises Stale when another came first."""
    made = store_revision(work, order, content, author=author, at=at, why=why)
    make_current(work, order, made.number)
    return made


def store_revision(
    work: sa.Connection,
    order: sa.Row[Any],
    content: OrderContent,
    *,
    author: str,
    at: datetime,
    why: str,
) -> Revision:
    """Store the next revision beside the current one; a number is used once, also if refused."""
    number = last_revision(work, order.id) + 1
    text = canonical_json(content)
    digest = text_digest(text)
    work.execute(
        sa.insert(po_revisions).values(
            po_id=order.id,
            revision=number,
            digest=digest,
            content=text,
            total_minor=content.total_minor,
            base_total_minor=content.base_total_minor,
            author=author,
            at=at,
            why=why,
        )
    )
    work.execute(sa.insert(po_lines), _line_rows(order.id, number, content))
    return Revision(number=number, digest=digest, content=content, author=author, at=at, why=why)


def make_current(work: sa.Connection, order: sa.Row[Any], revision: int) -> None:
    """Let the order be this revision; raises Stale when another came first."""
    moved = work.execute(
        sa.update(purchase_orders)
        .where(purchase_orders.c.id == order.id, purchase_orders.c.revision == order.revision)
        .values(revision=revision)
    )
    if not moved.rowcount:
        raise Stale(f"{order.number} was changed by somebody else meanwhile. Look at it again.")


def last_revision(look: sa.Connection, po_id: int) -> int:
    """The highest revision stored, also of an amendment that nobody has approved; 0: none."""
    query = sa.select(sa.func.max(po_revisions.c.revision)).where(po_revisions.c.po_id == po_id)
    return look.execute(query).scalar_one() or 0


def move_order(work: sa.Connection, order: sa.Row[Any], wanted: OrderState, **also: object) -> None:
    """Move an order to another state; IllegalTransition, or Stale when it moved meanwhile."""
    require_step(order.number, OrderState(order.state), wanted)
    moved = work.execute(
        sa.update(purchase_orders)
        .where(purchase_orders.c.id == order.id, purchase_orders.c.state == order.state)
        .values(state=wanted.value, **also)
    )
    if not moved.rowcount:
        raise Stale(f"{order.number} is no longer {order.state!r}. Look at it again.")


def current_contents(look: sa.Connection, states: Collection[OrderState]) -> list[OrderContent]:
    """What the orders in these states hold now, by number."""
    query = (
        sa.select(purchase_orders.c.id, purchase_orders.c.revision)
        .where(purchase_orders.c.state.in_(sorted(states)))
        .order_by(purchase_orders.c.id)
    )
    return [read_revision(look, *row).content for row in look.execute(query).all()]


def current_lines(look: sa.Connection, states: Collection[OrderState]) -> list[sa.RowMapping]:
    """Lines of the current revisions of orders in these states, by number and line."""
    query = (
        sa.select(
            purchase_orders.c.id.label("po_id"),
            purchase_orders.c.number,
            purchase_orders.c.state,
            purchase_orders.c.supplier,
            purchase_orders.c.ship_to,
            purchase_orders.c.drafted_at,
            purchase_orders.c.sent_at,
            purchase_orders.c.postponed_until,
            po_lines.c.line,
            po_lines.c.sku,
            po_lines.c.units,
        )
        .join(
            po_lines,
            (po_lines.c.po_id == purchase_orders.c.id)
            & (po_lines.c.revision == purchase_orders.c.revision),
        )
        .where(purchase_orders.c.state.in_(sorted(states)))
        .order_by(purchase_orders.c.id, po_lines.c.line)
    )
    return list(look.execute(query).mappings())


def sent_orders(look: sa.Connection) -> list[sa.RowMapping]:
    """Number, supplier and times of every order that was sent, by number."""
    table = purchase_orders
    query = (
        sa.select(
            table.c.number, table.c.supplier, table.c.proposed_at, table.c.approved_at,
            table.c.sent_at,
        )
        .where(table.c.sent_at.is_not(None))
        .order_by(table.c.id)
    )  # fmt: skip
    return list(look.execute(query).mappings())


def _line_rows(po_id: int, revision: int, content: OrderContent) -> list[dict[str, object]]:
    return [
        {
            "po_id": po_id,
            "revision": revision,
            "line": line.line,
            "sku": line.sku,
            "units": line.units,
            "unit_price_micros": line.unit_price_micros,
            "total_minor": line.total_minor(content.currency),
        }
        for line in content.lines
    ]


def _next_in_sequence(work: sa.Connection, name: str) -> int:
    """The next number; it is used up only if the unit of work commits, so there are no gaps."""
    raised = (
        sa.update(sequences)
        .where(sequences.c.name == name)
        .values(last=sequences.c.last + 1)
        .returning(sequences.c.last)
    )
    number = work.execute(raised).scalar_one_or_none()
    if number is None:
        work.execute(sa.insert(sequences).values(name=name, last=FIRST_NUMBER))
        return FIRST_NUMBER
    return int(number)
