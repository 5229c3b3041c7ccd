"""The inbox: what a chat surface sent, kept before it is acknowledged, worked once.

    new ──▶ working ──▶ done
     ▲         ├──────▶ dead     failed too often; a person was told
     └─────────┘ (failed, or its process ended)

Surfaces deliver again when they are in doubt, so every event has a key. Events of one conversation
are worked one after another, whatever process has them in hand; conversations do not wait for each
other.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.service.outbox import retry_seconds
from engine.store.claims import claim_one, insert_once, settle
from engine.store.database import Database
from engine.store.tables.surfaces import inbox

ATTEMPTS = 3  # a question that failed so often is answered with an apology


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """An event in hand. `turn_id` is the turn an earlier attempt began."""

    id: int
    key: str
    surface: str
    kind: str
    conversation: str
    payload: Mapping[str, Any] = field(repr=False)
    claims: int
    failures: int
    turn_id: str | None

    @property
    def is_last_attempt(self) -> bool:
        return self.failures + 1 >= ATTEMPTS


def keep(
    database: Database,
    *,
    key: str,
    surface: str,
    kind: str,
    conversation: str,
    payload: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Put an event on disk; False for one that is known. Only then may it be acknowledged."""
    with database.write(is_urgent=True) as work:
        return put(
            work, key=key, surface=surface, kind=kind, conversation=conversation,
            payload=payload, now=now,
        )  # fmt: skip


def put(
    work: sa.Connection,
    *,
    key: str,
    surface: str,
    kind: str,
    conversation: str,
    payload: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Put an event into a unit of work of several; False for one that is known."""
    return insert_once(
        work,
        inbox,
        {
            "key": key, "surface": surface, "kind": kind, "conversation": conversation,
            "payload": dict(payload), "state": "new", "next_at": now, "claims": 0,
            "failures": 0, "created_at": now,
        },
    )  # fmt: skip


def claim(
    database: Database,
    *,
    owner: str,
    surface: str,
    kinds: Collection[str],
    now: datetime,
    seconds: float,
) -> Incoming | None:
    """The next event whose conversation is free; None when there is none.

    One that another process took and did not finish in its time is taken over.
    """
    if not _is_waiting(database, surface, kinds, now):  # a read, so idling is free
        return None
    with database.write() as work:
        row = claim_one(
            work,
            inbox,
            due=_due(surface, kinds, now),
            order=inbox.c.id,
            state="working",
            owner=owner,
            until=now + timedelta(seconds=seconds),
        )
    return None if row is None else _incoming(row)


def hold(database: Database, owner: str, *, until: datetime) -> None:
    """Keep for longer what a process has in hand; what one that ended had is free soon."""
    mine = (inbox.c.state == "working") & (inbox.c.claimed_by == owner)
    with database.read() as look:
        if look.execute(sa.select(inbox.c.id).where(mine).limit(1)).first() is None:
            return
    with database.write() as work:
        work.execute(sa.update(inbox).where(mine).values(claimed_until=until))


def began(database: Database, event: Incoming, turn_id: str) -> None:
    """Remember which turn an event began: after a crash that one is resumed, not begun anew."""
    with database.write() as work:
        work.execute(sa.update(inbox).where(inbox.c.id == event.id).values(turn_id=turn_id))


def is_held(work: sa.Connection, event: Incoming) -> bool:
    """Whether it is still in our hands; its row stays locked to the end of the unit of work."""
    mine = (inbox.c.id == event.id) & (inbox.c.state == "working")
    query = sa.select(inbox.c.id).where(mine, inbox.c.claims == event.claims).with_for_update()
    return work.execute(query).first() is not None


def done(work: sa.Connection, event: Incoming, now: datetime) -> bool:
    """Record that it was worked, with what that changed; False when it was taken over meanwhile."""
    return _settle(work, event, {"state": "done", "ended_at": now, "last_error": None})


def failed(database: Database, event: Incoming, *, error: str, now: datetime) -> bool:
    """Put it back for a later attempt; True when that was the last one, and it is dead."""
    failures = event.failures + 1
    is_dead = failures >= ATTEMPTS
    changes: dict[str, object] = {"failures": failures, "last_error": error}
    if is_dead:
        changes |= {"state": "dead", "ended_at": now}
    else:
        changes |= {"state": "new", "next_at": now + timedelta(seconds=retry_seconds(failures))}
    with database.write() as work:
        _settle(work, event, changes)
    return is_dead


def counts(database: Database) -> dict[str, int]:
    """Events by state."""
    with database.read() as look:
        query = sa.select(inbox.c.state, sa.func.count().label("number")).group_by(inbox.c.state)
        return {row.state: row.number for row in look.execute(query)}


def forget(work: sa.Connection, *, ended_before: datetime) -> int:
    """Drop what was worked long ago; surfaces do not deliver again after an hour."""
    ended = inbox.c.state.in_(("done", "dead")) & (inbox.c.ended_at < ended_before)
    return work.execute(sa.delete(inbox).where(ended)).rowcount


def _is_waiting(database: Database, surface: str, kinds: Collection[str], now: datetime) -> bool:
    with database.read() as look:
        due = sa.select(inbox.c.id).where(_due(surface, kinds, now)).limit(1)
        return look.execute(due).first() is not None


def _due(surface: str, kinds: Collection[str], now: datetime) -> sa.ColumnElement[bool]:
    earlier = inbox.alias("earlier")
    before_it = (
        sa.select(earlier.c.id)
        .where(
            earlier.c.conversation == inbox.c.conversation,
            earlier.c.id != inbox.c.id,
            sa.or_(
                (earlier.c.id < inbox.c.id) & earlier.c.state.in_(("new", "working")),
                # PostgreSQL may show a later number before an earlier one.
                (earlier.c.state == "working") & (earlier.c.claimed_until > now),
            ),
        )
        .exists()
    )
    fresh = (inbox.c.state == "new") & (inbox.c.next_at <= now)
    left = (inbox.c.state == "working") & (inbox.c.claimed_until <= now)
    ours = (inbox.c.surface == surface) & inbox.c.kind.in_(sorted(kinds))
    return ours & sa.or_(fresh, left) & ~before_it


def _settle(work: sa.Connection, event: Incoming, changes: Mapping[str, Any]) -> bool:
    return settle(
        work, inbox, row_id=event.id, state="working", claims=event.claims, changes=changes
    )


def _incoming(row: sa.Row[Any]) -> Incoming:
    return Incoming(
        id=row.id, key=row.key, surface=row.surface, kind=row.kind,
        conversation=row.conversation, payload=row.payload, claims=row.claims,
        failures=row.failures, turn_id=row.turn_id,
    )  # fmt: skip
