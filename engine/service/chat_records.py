"""Deleting what was said: turns with their calls, facts and judgements, and what shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.tables.conversation import facts, notices, threads, tool_calls, turns
from engine.store.tables.surfaces import feedback, inbox, posts

AT_ONCE = 500  # ids in one statement
SHOWS_TURN = ("answer", "table", "chart")  # posts that are drawn from a turn
ENDED = ("done", "dead")


def old_turns(look: sa.Connection, before: datetime) -> tuple[str, ...]:
    """Turns asked before then, whether they were answered or not."""
    return tuple(look.execute(sa.select(turns.c.id).where(turns.c.asked_at < before)).scalars())


def turns_of(look: sa.Connection, person_id: str) -> tuple[str, ...]:
    """What this person asked, and whatever was said in threads that they opened."""
    own_thread = sa.select(threads.c.id).where(threads.c.person_id == person_id)
    query = sa.select(turns.c.id).where(
        (turns.c.person_id == person_id) | turns.c.thread_id.in_(own_thread)
    )
    return tuple(look.execute(query.order_by(turns.c.thread_id, turns.c.ordinal)).scalars())


def delete_turns(work: sa.Connection, turn_ids: Sequence[str]) -> None:
    """Delete turns with all that hangs on them; a thread forgets, or goes where nothing is left."""
    touched: set[str] = set()
    for ids in _batches(turn_ids):
        touched |= set(
            work.execute(sa.select(turns.c.thread_id).where(turns.c.id.in_(ids))).scalars()
        )
        for table in (feedback, facts, tool_calls):
            work.execute(sa.delete(table).where(table.c.turn_id.in_(ids)))
        work.execute(sa.update(inbox).where(inbox.c.turn_id.in_(ids)).values(turn_id=None))
        work.execute(sa.delete(turns).where(turns.c.id.in_(ids)))
    _delete_posts(work, frozenset(turn_ids))
    for ids in _batches(sorted(touched)):
        left = sa.select(turns.c.thread_id).where(turns.c.thread_id.in_(ids))
        work.execute(sa.delete(threads).where(threads.c.id.in_(ids), threads.c.id.not_in(left)))
        work.execute(sa.update(threads).where(threads.c.id.in_(ids)).values(memory={}))


def _delete_posts(work: sa.Connection, turn_ids: frozenset[str]) -> None:
    """What could only be drawn from these turns."""
    rows = work.execute(
        sa.select(posts.c.id, posts.c.ref).where(posts.c.kind.in_(SHOWS_TURN))
    ).all()
    gone = [row.id for row in rows if row.ref.get("turn") in turn_ids]
    for ids in _batches(gone):
        work.execute(sa.delete(posts).where(posts.c.id.in_(ids)))


def delete_told(work: sa.Connection, before: datetime) -> int:
    """Delete notices shown before then; those of decisions stay, or they would be told again."""
    told = work.execute(
        sa.delete(notices).where(
            notices.c.shown_at < before, ~notices.c.key.startswith("decision:", autoescape=True)
        )
    )
    return told.rowcount


def delete_heard_of(work: sa.Connection, users: frozenset[tuple[str, str]]) -> int:
    """Delete what these users of chat surfaces (team, user) sent and is worked off."""
    rows = work.execute(sa.select(inbox.c.id, inbox.c.payload, inbox.c.state)).all()
    gone = [row.id for row in rows if row.state in ENDED and sender(row.payload) in users]
    for ids in _batches(gone):
        work.execute(sa.delete(inbox).where(inbox.c.id.in_(ids)))
    return len(gone)


def sender(payload: dict[str, Any]) -> tuple[str, str]:
    """Team and user of an event of a chat surface."""
    return str(payload.get("team", "")), str(payload.get("user", ""))


def _batches(ids: Sequence[Any]) -> list[list[Any]]:
    return [list(ids[at : at + AT_ONCE]) for at in range(0, len(ids), AT_ONCE)]
