"""Exceptions that somebody looks after: who, until when, and what was said about it.

An assignment hides nothing and changes no plan; lists and digests show the owner, who is told at
once and reminded on the day it is due. It ends when it is given to somebody else or taken back,
and means nothing any more once no plan reports the exception. Whoever may override may assign;
each is sealed in the audit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import InvalidInput, UnknownName
from engine.model.people import Person, Right
from engine.service import audit, conversation, reading
from engine.service.assignment_facts import sealed_terms, subject_of
from engine.service.company import order_day
from engine.service.rights import require_right
from engine.service.stores import Stores
from engine.store.tables.exceptions import exception_assignments
from engine.store.tables.people import people

LONGEST_NOTE = 300
TOLD = "assigned"  # the notice that its owner gets


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One exception in somebody's hands; `due` is the day on which they are reminded."""

    id: int
    key: str
    assignee: str
    due: date | None
    note: str
    author: str
    at: datetime
    is_over: bool = False


def assign(
    stores: Stores,
    run_id: str,
    keys: Sequence[str],
    *,
    assignee: str,
    due: date | None,
    note: str,
    person: Person,
    now: datetime,
) -> tuple[Assignment, ...]:
    """Give exceptions of a run to a person, all or none; whoever had them has them no more.

    Raises UnknownName for a person or a key that is not there, InvalidInput for a day that has
    passed, NotAllowed, naming who may.
    """
    known = set(reading.exceptions(stores, run_id)["key"])
    unknown = next((key for key in keys if key not in known), None)
    if unknown is not None:
        raise UnknownName("exception", unknown)
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.OVERRIDE)
        _require_person(work, assignee)
        if due is not None and due < order_day(work, now):
            raise InvalidInput(f"{due} has passed; name a day that is still to come.")
        values = {"assignee": assignee, "due": due, "note": note.strip()[:LONGEST_NOTE]}
        return tuple(_give(stores, work, {"key": key, **values}, person, now) for key in keys)


def assignment(stores: Stores, number: int) -> Assignment:
    """One assignment, also one that is over; raises UnknownName."""
    table = exception_assignments
    with stores.database.read() as look:
        row = look.execute(sa.select(table).where(table.c.id == number)).one_or_none()
    if row is None:
        raise UnknownName("assignment", str(number))
    return _assignment(row)


def release(
    stores: Stores, keys: Sequence[str], *, person: Person, now: datetime
) -> tuple[Assignment, ...]:
    """Take them back from whoever has them; UnknownName where nobody has any of them."""
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.OVERRIDE)
        held = [each for each in _held(work).values() if each.key in keys]
        if not held:
            raise UnknownName("assigned exception", ", ".join(keys) or "none")
        for each in held:
            _end(stores, work, each.id, person, now)
    return tuple(held)


def owners(look: sa.Connection) -> Mapping[str, str]:
    """The name of whoever looks after an exception, by its key."""
    names = {row.id: row.name for row in look.execute(sa.select(people.c.id, people.c.name))}
    return {key: names.get(each.assignee, each.assignee) for key, each in _held(look).items()}


def due_now(stores: Stores, run_id: str, now: datetime) -> tuple[Assignment, ...]:
    """What is due by today and is still reported by this run."""
    reported = set(reading.exceptions(stores, run_id)["key"])
    with stores.database.read() as look:
        today = order_day(look, now)
        held = _held(look)
    return tuple(
        each for key, each in held.items()
        if key in reported and each.due is not None and each.due <= today
    )  # fmt: skip


def _give(
    stores: Stores, work: sa.Connection, values: dict[str, Any], person: Person, now: datetime
) -> Assignment:
    table, key = exception_assignments, values["key"]
    before = _held(work).get(key)
    if before is not None:
        _end(stores, work, before.id, person, now)
    row = work.execute(
        sa.insert(table).values(**values, author=person.id, at=now).returning(table)
    ).one()
    audit.record(
        work, stores.seal, person, at=now, kind="exception.assigned", subject=subject_of(row.id),
        body=sealed_terms(row),
    )  # fmt: skip
    if row.assignee != person.id:
        conversation.tell(
            work, key=f"{TOLD}:{row.id}", person_id=row.assignee, kind=TOLD, now=now,
            payload={"assignment": row.id, "exception": key, "by": person.name},
        )  # fmt: skip
    return _assignment(row)


def _end(stores: Stores, work: sa.Connection, number: int, person: Person, now: datetime) -> None:
    table = exception_assignments
    ended = {"ended_by": person.id, "ended_at": now}
    work.execute(sa.update(table).where(table.c.id == number).values(ended))
    audit.record(
        work, stores.seal, person, at=now, kind="exception.released", subject=subject_of(number),
        body={},
    )  # fmt: skip


def _require_person(look: sa.Connection, person_id: str) -> None:
    active = look.execute(sa.select(people.c.id).where(people.c.active)).scalars().all()
    if person_id not in active:
        raise UnknownName("person", person_id, sorted(active))


def _held(look: sa.Connection) -> Mapping[str, Assignment]:
    table = exception_assignments
    query = sa.select(table).where(table.c.ended_at.is_(None)).order_by(table.c.id)
    return {row.key: _assignment(row) for row in look.execute(query).all()}


def _assignment(row: sa.Row[Any]) -> Assignment:
    return Assignment(
        id=row.id, key=row.key, assignee=row.assignee, due=row.due, note=row.note,
        author=row.author, at=row.at, is_over=row.ended_at is not None,
    )  # fmt: skip
