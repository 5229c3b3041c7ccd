"""Exceptions that a person puts off: until a day, or until so much more is at stake.

A snooze hides an exception from the digest and the list; it changes no plan. It ends by itself on
its day, or in the first plan in which more is at stake than it allows, or when somebody wakes it.
Whoever may override may do both; each is sealed in the audit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from engine.errors import InvalidInput, UnknownName
from engine.model.people import Person, Right
from engine.service import audit, reading
from engine.service.assignments import owners
from engine.service.company import order_day
from engine.service.rights import require_right
from engine.service.snooze_facts import sealed_terms, subject_of
from engine.service.stores import Stores
from engine.store.tables.exceptions import exception_snoozes

LONGEST_REASON = 300
ALL_BASIS_POINTS = 10_000
MOST_GROWTH = 100 * ALL_BASIS_POINTS


@dataclass(frozen=True, kw_only=True)
class Snooze:
    """One exception put off; `until` is the first day on which it is back."""

    id: int
    key: str
    until: date | None
    grows_basis_points: int | None  # back when more than so much is added to the stake
    stake_minor: int  # when it was put off, base currency
    reason: str
    author: str
    at: datetime

    def sleeps(self, day: date, stake_minor: int) -> bool:
        if self.until is not None and day >= self.until:
            return False
        if self.grows_basis_points is None:
            return True
        limit = self.stake_minor * (ALL_BASIS_POINTS + self.grows_basis_points)
        return stake_minor * ALL_BASIS_POINTS <= limit


@dataclass(frozen=True, kw_only=True)
class Until:
    """How long; one of the two at least."""

    day: date | None = None
    grows_basis_points: int | None = None


def snooze(
    stores: Stores,
    run_id: str,
    keys: Sequence[str],
    until: Until,
    *,
    reason: str,
    person: Person,
    now: datetime,
) -> tuple[Snooze, ...]:
    """Put exceptions of a run off, all or none; an earlier snooze of the same one is replaced.

    Raises UnknownName for a key the run does not report, InvalidInput without a reason or an end
    that lies ahead, NotAllowed, naming who may.
    """
    said = reason.strip()[:LONGEST_REASON]
    if not said:
        raise InvalidInput("Say why it can wait: whoever misses it will ask.")
    reported = reading.exceptions(stores, run_id)
    stakes = dict(zip(reported["key"], reported["at_stake_minor"], strict=True))
    unknown = next((key for key in keys if key not in stakes), None)
    if unknown is not None:
        raise UnknownName("exception", unknown)
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.OVERRIDE)
        _require_end(until, order_day(work, now))
        numbers = [
            _put_off(stores, work, key, int(stakes[key]), until, said, person, now) for key in keys
        ]
        table = exception_snoozes
        rows = work.execute(sa.select(table).where(table.c.id.in_(numbers)).order_by(table.c.id))
        return tuple(_snooze(row) for row in rows.all())


def _require_end(until: Until, today: date) -> None:
    if until.day is None and until.grows_basis_points is None:
        raise InvalidInput("Say until when, or by how much it may grow before it is back.")
    if until.day is not None and until.day <= today:
        raise InvalidInput(f"{until.day} has passed; name a day that is still to come.")
    points = until.grows_basis_points
    if points is not None and not 0 <= points <= MOST_GROWTH:
        raise InvalidInput(f"A growth of {points / 100:g} % is not between 0 and 10,000 %.")


def _put_off(
    stores: Stores,
    work: sa.Connection,
    key: str,
    stake_minor: int,
    until: Until,
    reason: str,
    person: Person,
    now: datetime,
) -> int:
    table = exception_snoozes
    earlier = work.execute(
        sa.select(table).where(table.c.key == key, table.c.ended_at.is_(None))
    ).all()
    for row in earlier:
        _end(stores, work, row.id, person, now)
    values = {
        "key": key, "until": until.day, "grows_basis_points": until.grows_basis_points,
        "stake_minor": stake_minor, "reason": reason, "author": person.id, "at": now,
    }  # fmt: skip
    row = work.execute(sa.insert(table).values(values).returning(table)).one()
    audit.record(
        work, stores.seal, person, at=now, kind="exception.snoozed", subject=subject_of(row.id),
        body=sealed_terms(row),
    )  # fmt: skip
    return int(row.id)


def wake(
    stores: Stores, keys: Sequence[str], *, person: Person, now: datetime
) -> tuple[Snooze, ...]:
    """End the snoozes of these exceptions; UnknownName where none of them has one."""
    table = exception_snoozes
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.OVERRIDE)
        query = sa.select(table).where(table.c.key.in_(keys), table.c.ended_at.is_(None))
        rows = work.execute(query.order_by(table.c.id)).all()
        if not rows:
            raise UnknownName("snoozed exception", ", ".join(keys) or "none")
        for row in rows:
            _end(stores, work, row.id, person, now)
    return tuple(_snooze(row) for row in rows)


def _end(stores: Stores, work: sa.Connection, number: int, person: Person, now: datetime) -> None:
    table = exception_snoozes
    ended = {"ended_by": person.id, "ended_at": now}
    work.execute(sa.update(table).where(table.c.id == number).values(ended))
    audit.record(
        work, stores.seal, person, at=now, kind="exception.woken", subject=subject_of(number),
        body={},
    )  # fmt: skip


def exceptions_now(
    stores: Stores, run_id: str, now: datetime, since: str | None = None
) -> pd.DataFrame:
    """A run's exceptions as of now: `status` is new, open or snoozed; `until`, `reason`, `author`.

    New and open are against the run `since`, by default the plan of record before; most money
    first. `owner` is the name of whoever looks after it, "" for nobody.
    """
    found = reading.exceptions(stores, run_id, since)
    with stores.database.read() as look:
        day, known, owned = order_day(look, now), _current(look), owners(look)
    asleep = [
        known[key] if key in known and known[key].sleeps(day, int(stake)) else None
        for key, stake in zip(found["key"], found["at_stake_minor"], strict=True)
    ]
    told = zip(asleep, found["status"], strict=True)
    return found.assign(
        status=["snoozed" if each else status for each, status in told],
        until=pd.Series([each and each.until for each in asleep], index=found.index, dtype=object),
        snooze_reason=[each.reason if each else "" for each in asleep],
        snoozed_by=[each.author if each else "" for each in asleep],
        owner=[owned.get(key, "") for key in found["key"]],
    )


def awake(exceptions: pd.DataFrame) -> pd.DataFrame:
    """Those that nobody has put off."""
    return exceptions[exceptions["status"] != "snoozed"].reset_index(drop=True)


def _current(look: sa.Connection) -> Mapping[str, Snooze]:
    table = exception_snoozes
    query = sa.select(table).where(table.c.ended_at.is_(None)).order_by(table.c.id)
    return {row.key: _snooze(row) for row in look.execute(query).all()}


def _snooze(row: sa.Row[Any]) -> Snooze:
    return Snooze(
        id=row.id,
        key=row.key,
        until=row.until,
        grows_basis_points=row.grows_basis_points,
        stake_minor=row.stake_minor,
        reason=row.reason,
        author=row.author,
        at=row.at,
    )
