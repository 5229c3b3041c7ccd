"""Keep what was asked and answered, so that every figure shown can be traced afterwards.

    open_thread ─▶ begin_turn ─▶ start_call ─▶ end_call ... ─▶ end_turn

A turn that was cut off is found by its id with what it had done; a write that was started and
not ended is never tried again by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from engine.errors import InvalidInput, UnknownName
from engine.model.people import Person
from engine.service.stores import Stores
from engine.store.claims import insert_once
from engine.store.tables.conversation import facts, notices, threads, tool_calls, turns
from engine.store.tables.purchasing import approval_requests
from engine.store.tables.surfaces import feedback

Outcome = Literal["clean", "repaired", "template", "failed"]
Mode = Literal["read", "write"]
USERS_OWN = 0  # call ordinal of the figures in the person's own message


@dataclass(frozen=True, kw_only=True)
class StoredFact:
    """A fact as the database keeps it; `value` is plain JSON, a date in ISO form."""

    id: str
    call_ordinal: int
    kind: str
    value: int | float | str
    label: str
    detail: Mapping[str, Any]
    run_id: str | None
    snapshot_id: str | None
    formula: str | None


@dataclass(frozen=True, kw_only=True)
class StoredCall:
    ordinal: int
    tool: str
    mode: Mode
    arguments: Mapping[str, Any]
    state: Literal["started", "done", "failed"]
    result: Mapping[str, Any] | None = field(repr=False)
    error: str | None
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something a person is to be told; `payload` holds ids only."""

    id: int
    key: str
    person_id: str
    kind: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class StoredTurn:
    id: str
    thread_id: str
    ordinal: int
    person_id: str
    text: str
    asked_at: datetime
    run_id: str | None
    model: str
    prompt_version: str
    outcome: Outcome | None  # None: not answered, or not yet
    complaints: Sequence[Any]
    answer: Mapping[str, Any] | None = field(repr=False)
    answered_at: datetime | None = None
    tokens: tuple[int, int] = (0, 0)  # read and written by the model


def open_thread(
    stores: Stores, thread_id: str, *, surface: str, person: Person, now: datetime
) -> None:
    """A thread by this id; one that exists is left as it is."""
    with stores.database.write() as work:
        insert_once(
            work,
            threads,
            {
                "id": thread_id, "surface": surface, "person_id": person.id, "memory": {},
                "created_at": now, "updated_at": now,
            },
        )  # fmt: skip


def exists(stores: Stores, thread_id: str) -> bool:
    """Whether we have talked there."""
    with stores.database.read() as look:
        query = sa.select(threads.c.id).where(threads.c.id == thread_id)
        return look.execute(query).first() is not None


def memory_of(stores: Stores, thread_id: str) -> Mapping[str, Any]:
    """What the thread remembers; raises UnknownName."""
    with stores.database.read() as look:
        row = look.execute(
            sa.select(threads.c.memory).where(threads.c.id == thread_id)
        ).one_or_none()
    if row is None:
        raise UnknownName("thread", thread_id)
    return row.memory


def begin_turn(
    stores: Stores,
    thread_id: str,
    *,
    person: Person,
    text: str,
    run_id: str | None,
    model: str,
    prompt_version: str,
    now: datetime,
) -> str:
    """Record a question and return the turn's id, `thread/ordinal`."""
    with stores.database.write() as work:
        # Touching the thread first makes two messages of one thread take turns on PostgreSQL too.
        work.execute(sa.update(threads).where(threads.c.id == thread_id).values(updated_at=now))
        last: int = work.execute(
            sa.select(sa.func.coalesce(sa.func.max(turns.c.ordinal), 0)).where(
                turns.c.thread_id == thread_id
            )
        ).scalar_one()
        turn_id = f"{thread_id}/{last + 1}"
        work.execute(
            sa.insert(turns).values(
                id=turn_id, thread_id=thread_id, ordinal=last + 1, person_id=person.id,
                identity_source=person.source, text=text, asked_at=now, run_id=run_id,
                model=model, prompt_version=prompt_version, complaints=[],
                input_tokens=0, output_tokens=0,
            )
        )  # fmt: skip
    return turn_id


def keep_facts(stores: Stores, turn_id: str, kept: Sequence[StoredFact]) -> None:
    """Add facts to a turn; an id that it has already is left as it is."""
    with stores.database.write() as work:
        _insert_facts(work, turn_id, kept)


def start_call(
    stores: Stores,
    turn_id: str,
    ordinal: int,
    *,
    tool: str,
    mode: Mode,
    arguments: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Record that a call begins, before it does. False: it began earlier, look at `calls_of`."""
    with stores.database.write() as work:
        return insert_once(
            work,
            tool_calls,
            {
                "turn_id": turn_id, "ordinal": ordinal, "tool": tool, "mode": mode,
                "arguments": dict(arguments), "state": "started", "started_at": now,
            },
        )  # fmt: skip


def end_call(
    stores: Stores,
    turn_id: str,
    ordinal: int,
    *,
    result: Mapping[str, Any] | None,
    error: str | None,
    found: Sequence[StoredFact],
    now: datetime,
) -> None:
    """Record what a call gave, with its facts, in one transaction."""
    with stores.database.write() as work:
        work.execute(
            sa.update(tool_calls)
            .where(tool_calls.c.turn_id == turn_id, tool_calls.c.ordinal == ordinal)
            .values(
                state="failed" if result is None else "done",
                result=sa.null() if result is None else dict(result),
                error=error,
                ended_at=now,
            )
        )
        _insert_facts(work, turn_id, found)


def end_turn(
    stores: Stores,
    turn_id: str,
    *,
    outcome: Outcome,
    answer: Mapping[str, Any],
    complaints: Sequence[Any],
    memory: Mapping[str, Any],
    tokens: tuple[int, int],
    now: datetime,
) -> None:
    """Record the answer and what the thread remembers from it. `tokens` are input and output."""
    with stores.database.write() as work:
        work.execute(
            sa.update(turns)
            .where(turns.c.id == turn_id)
            .values(
                outcome=outcome, answer=dict(answer), complaints=list(complaints),
                answered_at=now, input_tokens=tokens[0], output_tokens=tokens[1],
            )
        )  # fmt: skip
        thread = sa.select(turns.c.thread_id).where(turns.c.id == turn_id).scalar_subquery()
        work.execute(
            sa.update(threads)
            .where(threads.c.id == thread)
            .values(memory=dict(memory), updated_at=now)
        )


def turn(stores: Stores, turn_id: str) -> StoredTurn:
    """One turn by its id; raises UnknownName."""
    with stores.database.read() as look:
        row = look.execute(sa.select(turns).where(turns.c.id == turn_id)).one_or_none()
    if row is None:
        raise UnknownName("turn", turn_id)
    return _turn(row)


def recent_turns(stores: Stores, thread_id: str, limit: int) -> tuple[StoredTurn, ...]:
    """Answered turns of a thread, the newest first."""
    with stores.database.read() as look:
        rows = look.execute(
            sa.select(turns)
            .where(turns.c.thread_id == thread_id, turns.c.outcome.is_not(None))
            .order_by(turns.c.ordinal.desc())
            .limit(limit)
        )
        return tuple(_turn(row) for row in rows)


def calls_of(stores: Stores, turn_id: str) -> tuple[StoredCall, ...]:
    """The calls of a turn, in order."""
    return parts_of(stores, turn_id)[0]


def facts_of(stores: Stores, turn_id: str) -> tuple[StoredFact, ...]:
    """The facts of a turn, as they were found."""
    return parts_of(stores, turn_id)[1]


def parts_of(stores: Stores, turn_id: str) -> tuple[tuple[StoredCall, ...], tuple[StoredFact, ...]]:
    """Calls and facts of a turn, in order, as of one moment."""
    calls = sa.select(tool_calls).where(tool_calls.c.turn_id == turn_id)
    found = sa.select(facts).where(facts.c.turn_id == turn_id)
    with stores.database.read() as look:
        return (
            tuple(_call(row) for row in look.execute(calls.order_by(tool_calls.c.ordinal))),
            tuple(
                _fact(row)
                for row in look.execute(found.order_by(facts.c.call_ordinal, facts.c.position))
            ),
        )


def tell(
    work: sa.Connection,
    *,
    key: str,
    person_id: str,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Leave a notice for a person; a key that is known adds nothing. True: this one was new."""
    values = {
        "key": key, "person_id": person_id, "kind": kind, "payload": dict(payload),
        "created_at": now,
    }  # fmt: skip
    return insert_once(work, notices, values)


def decision_key(request_id: int) -> str:
    """The notice that tells what became of an approval request."""
    return f"decision:{request_id}"


def untold_decisions(stores: Stores, limit: int = 100) -> tuple[int, ...]:
    """Approval requests that have ended and that nobody was told of yet, oldest first."""
    told = sa.select(notices.c.key).where(
        notices.c.key == sa.literal("decision:") + sa.cast(approval_requests.c.id, sa.Text)
    )
    query = (
        sa.select(approval_requests.c.id)
        .where(approval_requests.c.state.in_(("approved", "rejected", "expired")), ~told.exists())
        .order_by(approval_requests.c.id)
        .limit(limit)
    )
    with stores.database.read() as look:
        return tuple(look.execute(query).scalars().all())


def take_notices(stores: Stores, person_id: str, *, now: datetime) -> tuple[Mapping[str, Any], ...]:
    """The notices a person has not seen, oldest first; they count as shown from here on.

    Each is its payload with `kind` and `key` added.
    """
    unseen = (notices.c.person_id == person_id) & notices.c.shown_at.is_(None)
    with stores.database.read() as look:
        if look.execute(sa.select(notices.c.id).where(unseen).limit(1)).first() is None:
            return ()
    with stores.database.write() as work:
        rows = work.execute(
            sa.update(notices).where(unseen).values(shown_at=now).returning(*notices.c)
        ).all()
    ordered = sorted(rows, key=lambda row: row.id)
    return tuple({**row.payload, "kind": row.kind, "key": row.key} for row in ordered)


def judge(stores: Stores, turn_id: str, person: Person, verdict: str, *, now: datetime) -> None:
    """Keep what a person thinks of an answer; the last word counts. Raises UnknownName."""
    if verdict not in ("good", "bad"):
        raise InvalidInput(f"{verdict!r} is no verdict on an answer: good or bad.")
    turn(stores, turn_id)
    values = {"turn_id": turn_id, "person_id": person.id, "verdict": verdict, "at": now}
    with stores.database.write() as work:
        if not insert_once(work, feedback, values):
            own = (feedback.c.turn_id == turn_id) & (feedback.c.person_id == person.id)
            work.execute(sa.update(feedback).where(own).values(verdict=verdict, at=now))


def untold_notices(look: sa.Connection, limit: int = 100) -> tuple[Notice, ...]:
    """What nobody has been told yet, oldest first."""
    query = sa.select(notices).where(notices.c.shown_at.is_(None)).order_by(notices.c.id)
    return tuple(
        Notice(id=row.id, key=row.key, person_id=row.person_id, kind=row.kind, payload=row.payload)
        for row in look.execute(query.limit(limit))
    )


def mark_told(work: sa.Connection, notice_id: int, now: datetime) -> None:
    """Count a notice as shown, in the transaction that shows it."""
    work.execute(sa.update(notices).where(notices.c.id == notice_id).values(shown_at=now))


def _insert_facts(work: sa.Connection, turn_id: str, kept: Sequence[StoredFact]) -> None:
    known = set(
        work.execute(sa.select(facts.c.id).where(facts.c.turn_id == turn_id)).scalars().all()
    )
    rows = [
        {
            "turn_id": turn_id, "id": fact.id, "call_ordinal": fact.call_ordinal,
            "position": position, "kind": fact.kind, "value": fact.value, "label": fact.label,
            "detail": dict(fact.detail), "run_id": fact.run_id, "snapshot_id": fact.snapshot_id,
            "formula": fact.formula,
        }
        for position, fact in enumerate(kept)
        if fact.id not in known
    ]  # fmt: skip
    if rows:
        work.execute(sa.insert(facts), rows)


def _call(row: sa.Row[Any]) -> StoredCall:
    return StoredCall(
        ordinal=row.ordinal, tool=row.tool, mode=row.mode, arguments=row.arguments,
        state=row.state, result=row.result, error=row.error, started_at=row.started_at,
        ended_at=row.ended_at,
    )  # fmt: skip


def _fact(row: sa.Row[Any]) -> StoredFact:
    return StoredFact(
        id=row.id, call_ordinal=row.call_ordinal, kind=row.kind, value=row.value,
        label=row.label, detail=row.detail, run_id=row.run_id, snapshot_id=row.snapshot_id,
        formula=row.formula,
    )  # fmt: skip


def _turn(row: sa.Row[Any]) -> StoredTurn:
    return StoredTurn(
        id=row.id, thread_id=row.thread_id, ordinal=row.ordinal, person_id=row.person_id,
        text=row.text, asked_at=row.asked_at, run_id=row.run_id, model=row.model,
        prompt_version=row.prompt_version, outcome=row.outcome, complaints=row.complaints,
        answer=row.answer, answered_at=row.answered_at,
        tokens=(row.input_tokens, row.output_tokens),
    )  # fmt: skip
