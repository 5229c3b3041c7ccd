"""Customers who wait, as people look at them, and their cancelling."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from rapidfuzz import process

from engine.errors import UnknownName
from engine.model.canonical import digest
from engine.model.people import Person, Right
from engine.service import audit
from engine.service.rights import require_right
from engine.service.stores import Stores
from engine.store.claims import insert_once
from engine.store.promises import newest_promises
from engine.store.tables.promises import (
    allocation_ledger,
    backorder_cancellations,
    backorder_promises,
    told_windows,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_REASON = 300


@dataclass(frozen=True, kw_only=True)
class Backorder:
    """One line that waits, as the newest run left it; see engine.promise.lines."""

    order_line: str
    sku: str
    location: str
    channel: str
    units: int
    held: int
    ready: bool
    rank: int
    ahead: int
    paid_at: datetime | None
    basis: str
    why: str
    first_on: date | None
    last_on: date | None
    pos: tuple[str, ...]
    told_first: date | None
    told_last: date | None
    slips: float | None
    at_risk: bool
    contact_ref: str | None


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Everybody who waits, in the order of the queue; `day` is that of the run, None: no run."""

    day: date | None
    at: datetime | None
    lines: tuple[Backorder, ...]


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """Units that a line was given (or, below zero, that were taken back) and why."""

    seq: int
    at: datetime
    order_line: str
    sku: str
    location: str
    units: int
    held: int
    rank: int
    paid_at: datetime | None
    why: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How windows that customers were told have held: of those judged, early, inside and late."""

    origin: str  # with the order, by the engine, or in a message
    windows: int
    hits: int
    early: int
    late: int

    @property
    def rate(self) -> float | None:
        return self.hits / self.windows if self.windows else None


def queue(stores: Stores, *, sku: str | None = None, location: str | None = None) -> Queue:
    """Who waits, narrowed by exact code; those not served (rank 0) come last."""
    table = backorder_promises
    query = sa.select(table).where(table.c.state == "waiting")
    if sku is not None:
        query = query.where(table.c.sku == sku)
    if location is not None:
        query = query.where(table.c.location == location)
    served_first = sa.case((table.c.rank > 0, 0), else_=1)
    query = query.order_by(served_first, table.c.rank, table.c.order_line)
    names = tuple(Backorder.__dataclass_fields__)
    with stores.database.read() as look:
        run = newest_promises(look)
        rows = look.execute(query).mappings().all()
    lines = tuple(
        Backorder(**{name: row[name] for name in names if name != "pos"}, pos=tuple(row["pos"]))
        for row in rows
    )
    return Queue(day=run.day if run else None, at=run.at if run else None, lines=lines)


def ledger(
    stores: Stores, *, order_line: str | None = None, sku: str | None = None, limit: int = 200
) -> tuple[LedgerEntry, ...]:
    """Entries of the allocation ledger, newest last; at most the newest `limit`."""
    table = allocation_ledger
    query = sa.select(table).order_by(table.c.seq.desc()).limit(limit)
    if order_line is not None:
        query = query.where(table.c.order_line == order_line)
    if sku is not None:
        query = query.where(table.c.sku == sku)
    with stores.database.read() as look:
        rows = look.execute(query).mappings().all()
    names = tuple(LedgerEntry.__dataclass_fields__)
    return tuple(LedgerEntry(**{name: row[name] for name in names}) for row in reversed(rows))


def kept_windows(stores: Stores, *, first: date, last: date) -> tuple[Kept, ...]:
    """Windows whose last day falls between these days, by where they came from."""
    table = told_windows
    query = (
        sa.select(table.c.origin, table.c.outcome, sa.func.count())
        .where(table.c.outcome.is_not(None), table.c.last_on.between(first, last))
        .group_by(table.c.origin, table.c.outcome)
    )
    counted: dict[str, dict[str, int]] = {}
    with stores.database.read() as look:
        for origin, outcome, number in look.execute(query):
            counted.setdefault(origin, {})[outcome] = int(number)
    return tuple(
        Kept(
            origin=origin, windows=sum(by.values()), hits=by.get("held", 0),
            early=by.get("early", 0), late=by.get("late", 0),
        )
        for origin, by in sorted(counted.items())
    )  # fmt: skip


def cancel_backorder(
    stores: Stores, order_line: str, *, person: Person, now: datetime, reason: str
) -> bool:
    """The customer no longer waits; what the line held goes to the next in the queue.

    False when it was cancelled before. It takes effect with the next run. Raises UnknownName for a
    line that does not wait, and NotAllowed for whoever may not draft orders.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.DRAFT)
        _require_waiting(work, order_line)
        is_new = insert_once(
            work,
            backorder_cancellations,
            {
                "order_line": order_line, "author": person.id, "at": now,
                "reason": reason.strip()[:LONGEST_REASON],
            },
        )  # fmt: skip
        if is_new:
            body = {"reason": digest(reason)}
            audit.record(work, stores.seal, person, at=now, kind="backorder.cancelled",
                         subject=order_line, body=body)  # fmt: skip
        return is_new


def _require_waiting(look: sa.Connection, order_line: str) -> None:
    table = backorder_promises
    names: Sequence[str] = look.execute(sa.select(table.c.order_line)).scalars().all()
    if order_line not in names:
        near = process.extract(order_line, sorted(names), limit=3, score_cutoff=60)
        raise UnknownName("waiting order line", order_line, [name for name, _, _ in near])
