"""The outbox: what must leave the house, written in the same transaction as its reason.

    pending ──▶ sending ──▶ delivered
       ▲           │ ├────▶ unconfirmed   handed over, no answer: only a person moves it on
       ├───────────┘ └────▶ dead          refused, too often, or withdrawn
       └──── (a person says "send again")

A message is marked `sending`, and that is committed, before it is handed over. So whatever is
found in `sending` after a crash may or may not have left.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from engine.errors import IllegalTransition, UnknownName
from engine.service.leases import Lease, Overtaken, require_lease
from engine.store.claims import claim_one, insert_once, settle
from engine.store.database import Database
from engine.store.tables.work import outbox

MessageState = Literal["pending", "sending", "delivered", "unconfirmed", "dead"]
FIRST_RETRY_SECONDS = 5.0
LONGEST_RETRY_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message; `key` is what a receiver can recognise a repeat by."""

    id: int
    key: str
    kind: str
    payload: Mapping[str, Any]
    state: MessageState
    claims: int
    failures: int  # in a row
    last_error: str | None
    receipt: str | None


def enqueue(
    work: sa.Connection, *, kind: str, key: str, payload: Mapping[str, Any], now: datetime
) -> None:
    """Add a message within the caller's unit of work; a key that is known adds nothing."""
    enqueue_once(work, kind=kind, key=key, payload=payload, now=now)


def enqueue_once(
    work: sa.Connection, *, kind: str, key: str, payload: Mapping[str, Any], now: datetime
) -> bool:
    """As enqueue; says whether the message is new."""
    return insert_once(
        work,
        outbox,
        {
            "key": key, "kind": kind, "payload": dict(payload), "state": "pending",
            "next_at": now, "claims": 0, "failures": 0, "created_at": now,
        },
    )  # fmt: skip


def has_due(database: Database, lease: Lease, now: datetime) -> bool:
    """Whether anything waits to be sent or was left in the middle; a read, so idling is free."""
    due = sa.or_((outbox.c.state == "pending") & (outbox.c.next_at <= now), _abandoned(lease, now))
    with database.read() as look:
        return look.execute(sa.select(outbox.c.id).where(due).limit(1)).first() is not None


def claim(
    database: Database, *, lease: Lease, kinds: Collection[str], now: datetime, seconds: float
) -> Message | None:
    """The next pending message of these kinds, now `sending`; None when nothing is due.

    Raises Overtaken for a leader that was replaced.
    """
    due = (outbox.c.state == "pending") & (outbox.c.next_at <= now)
    with database.write() as work:
        require_lease(work, lease)
        row = claim_one(
            work,
            outbox,
            due=due & outbox.c.kind.in_(sorted(kinds)),
            order=outbox.c.next_at,
            state="sending",
            owner=lease.owner,
            until=now + timedelta(seconds=seconds),
        )
    return None if row is None else _message(row)


def abandoned(work: sa.Connection, lease: Lease, now: datetime) -> list[Message]:
    """Messages whose sender ended or slept between taking them and recording the outcome.

    Only the leader sends, so what another owner has in hand was left by an earlier leader.
    """
    rows = work.execute(
        sa.select(outbox).where(_abandoned(lease, now)).order_by(outbox.c.id).with_for_update()
    )
    return [_message(row) for row in rows]


def delivered(work: sa.Connection, message: Message, *, receipt: str, now: datetime) -> None:
    """Record a delivery together with what it changes; raises Overtaken when it was overtaken."""
    _settle(work, message, state="delivered", receipt=receipt, ended_at=now, last_error=None)


def unconfirmed(work: sa.Connection, message: Message, *, error: str) -> None:
    """Record that nobody knows whether it left; it is never tried again by itself."""
    _settle(work, message, state="unconfirmed", last_error=error)


def failed(
    work: sa.Connection, message: Message, *, error: str, now: datetime, failures_limit: int
) -> MessageState:
    """Record that it certainly did not leave: tried again later, or dead after the last attempt."""
    failures = message.failures + 1
    if failures >= failures_limit:
        _settle(work, message, state="dead", failures=failures, last_error=error, ended_at=now)
        return "dead"
    later = now + timedelta(seconds=retry_seconds(failures))
    _settle(work, message, state="pending", failures=failures, last_error=error, next_at=later)
    return "pending"


def dead(work: sa.Connection, message: Message, *, error: str, now: datetime) -> None:
    """Record that it must not leave any more."""
    _settle(work, message, state="dead", last_error=error, ended_at=now)


def again(work: sa.Connection, message: Message, *, now: datetime) -> None:
    """Put an abandoned message back; only for transports to which a repeat is no second message."""
    _settle(work, message, state="pending", next_at=now)


def retry_seconds(failures: int) -> float:
    """Wait before the next attempt: 5 s, 20 s, 80 s, ... at most an hour."""
    return min(FIRST_RETRY_SECONDS * 4.0 ** (failures - 1), LONGEST_RETRY_SECONDS)


def withdraw(work: sa.Connection, *, key: str, reason: str, now: datetime) -> bool:
    """Stop a message that has not left, with the cancellation that makes it void.

    False when there is no such message or it ended already; raises IllegalTransition while it is
    being sent, because nobody can call it back then.
    """
    stopped = work.execute(
        sa.update(outbox)
        .where(outbox.c.key == key, outbox.c.state == "pending")
        .values(state="dead", last_error=reason, ended_at=now)
    ).rowcount
    if stopped:
        return True
    state = work.execute(sa.select(outbox.c.state).where(outbox.c.key == key)).scalar_one_or_none()
    if state in ("sending", "unconfirmed"):
        raise IllegalTransition(
            f"Message {key!r}", state, "withdrawn", ["delivered", "unconfirmed"]
        )
    return False


def resolve(
    work: sa.Connection,
    *,
    key: str,
    outcome: Literal["delivered", "again"],
    note: str,
    now: datetime,
) -> Message:
    """A person's word on a message that nobody else can judge: it arrived, or send it again."""
    message = find(work, key)
    if message.state not in ("unconfirmed", "dead"):
        raise IllegalTransition(f"Message {key!r}", message.state, outcome, [])
    changes: dict[str, object] = (
        {"state": "delivered", "receipt": note, "ended_at": now}
        if outcome == "delivered"
        else {"state": "pending", "next_at": now, "failures": 0, "ended_at": None}
    )
    work.execute(sa.update(outbox).where(outbox.c.id == message.id).values(changes))
    return message


def find(work: sa.Connection, key: str) -> Message:
    """A message by its key."""
    row = work.execute(sa.select(outbox).where(outbox.c.key == key).with_for_update()).one_or_none()
    if row is None:
        raise UnknownName("message", key)
    return _message(row)


def counts(database: Database) -> dict[str, int]:
    """Messages by state."""
    with database.read() as look:
        rows = look.execute(
            sa.select(outbox.c.state, sa.func.count().label("number")).group_by(outbox.c.state)
        )
        return {row.state: row.number for row in rows}


def needs_person(database: Database) -> list[Message]:
    """Messages that only a person moves on, oldest first."""
    with database.read() as look:
        rows = look.execute(
            sa.select(outbox)
            .where(outbox.c.state.in_(("unconfirmed", "dead")))
            .order_by(outbox.c.id)
        )
        return [_message(row) for row in rows]


def _abandoned(lease: Lease, now: datetime) -> sa.ColumnElement[bool]:
    return (outbox.c.state == "sending") & sa.or_(
        outbox.c.claimed_by != lease.owner, outbox.c.claimed_until <= now
    )


def _settle(work: sa.Connection, message: Message, **changes: object) -> None:
    held = settle(
        work, outbox, row_id=message.id, state="sending", claims=message.claims, changes=changes
    )
    if not held:
        raise Overtaken(f"Message {message.key!r} was settled by another process meanwhile.")


def _message(row: sa.Row[Any]) -> Message:
    return Message(
        id=row.id, key=row.key, kind=row.kind, payload=row.payload, state=row.state,
        claims=row.claims, failures=row.failures, last_error=row.last_error, receipt=row.receipt,
    )  # fmt: skip
