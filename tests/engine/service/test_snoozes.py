"""Exceptions that people put off come back on their day, when they grow, or when woken."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import InvalidInput, NotAllowed, UnknownName
from engine.model.people import Person
from engine.service import audit, reading
from engine.service.snoozes import Until, awake, exceptions_now, snooze, wake
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.exceptions import exception_snoozes
from support.plans import exception, line, plan_of, save
from support.purchasing import NOW, person, purchasing_stores

KEY, OTHER = "overstock:LAMP-OAK-01", "late_supply:CHAIR-1"
TODAY = NOW.date()


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    stores = purchasing_stores(database, tmp_path)
    save(stores, plan_of([line(1)], [exception(KEY, 10_000), exception(OTHER, 500)]))
    return stores


@pytest.fixture
def bea(stores: Stores) -> Person:
    return person(stores, "bea")


def put_off(stores: Stores, bea: Person, **until: object) -> None:
    snooze(stores, "run-1", [KEY], Until(**until), reason="it sells at Christmas",  # pyright: ignore[reportArgumentType]  one of two
           person=bea, now=NOW)  # fmt: skip


def status(stores: Stores, run: str = "run-1", later: int = 0) -> dict[str, str]:
    found = exceptions_now(stores, run, NOW + timedelta(days=later))
    return dict(zip(found["key"], found["status"], strict=True))


def test_what_is_put_off_until_a_day_is_back_on_that_day(stores: Stores, bea: Person) -> None:
    put_off(stores, bea, day=TODAY + timedelta(days=7))
    assert status(stores) == {KEY: "snoozed", OTHER: "new"}
    assert status(stores, later=6)[KEY] == "snoozed"
    assert status(stores, later=7)[KEY] == "new"


def test_what_grows_by_more_than_was_allowed_is_back(stores: Stores, bea: Person) -> None:
    put_off(stores, bea, grows_basis_points=2_000)
    save(stores, plan_of([line(1)], [exception(KEY, 12_000)]), "run-2")
    assert status(stores, "run-2")[KEY] == "snoozed"
    save(stores, plan_of([line(1)], [exception(KEY, 12_001)]), "run-3")
    assert status(stores, "run-3")[KEY] == "open"


def test_an_exception_that_is_resolved_and_comes_back_sleeps_on(
    stores: Stores, bea: Person
) -> None:
    put_off(stores, bea, day=TODAY + timedelta(days=7))
    save(stores, plan_of([line(1)], []), "run-2")
    assert list(reading.resolved_exceptions(stores, "run-2")["key"]) == [KEY, OTHER]
    save(stores, plan_of([line(1)], [exception(KEY, 9_000)]), "run-3")
    assert status(stores, "run-3") == {KEY: "snoozed"}
    assert len(awake(exceptions_now(stores, "run-3", NOW))) == 0


def test_waking_and_snoozing_again_are_sealed_in_the_audit(stores: Stores, bea: Person) -> None:
    put_off(stores, bea, day=TODAY + timedelta(days=7))
    put_off(stores, bea, day=TODAY + timedelta(days=9))
    assert status(stores, later=8)[KEY] == "snoozed"
    wake(stores, [KEY], person=bea, now=NOW)
    assert status(stores)[KEY] == "new"
    assert audit.verify(stores).findings == ()
    with pytest.raises(UnknownName):
        wake(stores, [KEY], person=bea, now=NOW)


def test_a_snooze_made_longer_beside_the_audit_is_found(stores: Stores, bea: Person) -> None:
    put_off(stores, bea, day=TODAY + timedelta(days=7))
    with stores.database.write() as work:
        work.execute(sa.update(exception_snoozes).values(until=date(2099, 1, 1)))
    assert [f.problem for f in audit.verify(stores).findings] == ["state"]


@pytest.mark.parametrize(
    ("until", "told"),
    [
        ({}, "Say until when"),
        ({"day": TODAY}, "has passed"),
        ({"grows_basis_points": -1}, "not between"),
    ],
)
def test_an_end_that_is_none_is_refused(
    stores: Stores, bea: Person, until: dict[str, object], told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        put_off(stores, bea, **until)


def test_a_reason_is_asked_for_and_rights_are_needed(stores: Stores, bea: Person) -> None:
    until = Until(day=TODAY + timedelta(days=1))
    with pytest.raises(InvalidInput, match="Say why"):
        snooze(stores, "run-1", [KEY], until, reason=" ", person=bea, now=NOW)
    with pytest.raises(UnknownName):
        snooze(stores, "run-1", ["overstock:NOPE"], until, reason="x", person=bea, now=NOW)
    nobody = Person(id="nobody", name="Nobody", rights=frozenset(), source="system")
    with pytest.raises(NotAllowed):
        snooze(stores, "run-1", [KEY], until, reason="x", person=nobody, now=NOW)
    assert status(stores)[KEY] == "new"
