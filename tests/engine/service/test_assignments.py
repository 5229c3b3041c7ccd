"""Exceptions in somebody's hands: one owner at a time, told, sealed, and never hidden by it."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from engine.errors import InvalidInput, NotAllowed, UnknownName
from engine.model.people import Person
from engine.service import assignments, audit, conversation
from engine.service.assignments import Assignment
from engine.service.snoozes import exceptions_now
from engine.service.stores import Stores
from engine.store.tables.exceptions import exception_assignments
from support.agent import planned_stores
from support.purchasing import NOW, person

LAMP = "stock_out_soon:LAMP-OAK-01"


@pytest.fixture
def stores(database, tmp_path) -> Stores:  # type: ignore[no-untyped-def]  # noqa: ANN001  fixtures
    return planned_stores(database, tmp_path)


def assign(
    stores: Stores, key: str = LAMP, *, to: str = "max", due: date | None = None,
    by: Person | None = None,
) -> Assignment:  # fmt: skip
    (made,) = assignments.assign(
        stores, "run-1", [key], assignee=to, due=due, note="call them",
        person=by or person(stores, "bea"), now=NOW,
    )  # fmt: skip
    return made


def owners(stores: Stores) -> list[str]:
    return list(exceptions_now(stores, "run-1", NOW)["owner"])


def test_its_owner_is_named_told_and_it_still_needs_somebody(stores: Stores) -> None:
    assign(stores)
    found = exceptions_now(stores, "run-1", NOW)
    assert list(found["owner"]) == ["Max Okafor", ""]
    assert "snoozed" not in set(found["status"])
    (notice,) = conversation.take_notices(stores, "max", now=NOW)
    assert (notice["kind"], notice["exception"]) == ("assigned", LAMP)


def test_given_on_it_has_one_owner_and_taken_back_none(stores: Stores) -> None:
    first = assign(stores)
    assign(stores, to="dana")
    assert owners(stores) == ["Dana Whitfield", ""]
    assert assignments.assignment(stores, first.id).is_over
    assignments.release(stores, [LAMP], person=person(stores, "bea"), now=NOW)
    assert owners(stores) == ["", ""]
    assert list(audit.verify(stores).findings) == []


def test_who_takes_it_themselves_needs_no_notice(stores: Stores) -> None:
    assign(stores, to="bea")
    assert conversation.take_notices(stores, "bea", now=NOW) == ()


def test_what_makes_no_sense_is_refused_and_changes_nothing(stores: Stores) -> None:
    with pytest.raises(UnknownName, match="exception"):
        assign(stores, "no:SUCH")
    with pytest.raises(UnknownName, match="person"):
        assign(stores, to="nobody")
    with pytest.raises(InvalidInput, match="has passed"):
        assign(stores, due=date(2026, 11, 1))
    with pytest.raises(NotAllowed):
        assign(stores, by=replace(person(stores, "bea"), id="stranger", rights=frozenset()))
    with pytest.raises(UnknownName, match="assigned exception"):
        assignments.release(stores, [LAMP], person=person(stores, "bea"), now=NOW)
    assert owners(stores) == ["", ""]


def test_an_owner_changed_beside_the_audit_is_found(stores: Stores) -> None:
    assign(stores)
    with stores.database.write() as work:
        work.execute(sa.update(exception_assignments).values(assignee="dana"))
    (finding,) = audit.verify(stores).findings
    assert finding.sentence == "The assignment:1 was changed beside the audit."
