"""Actions of a review: an owner, a day, carried until they end, each step sealed."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.errors import InvalidInput, NotAllowed, UnknownName
from engine.model.people import Person
from engine.service import audit
from engine.service.review_actions import ReviewAction, actions, add_action, end_action
from engine.service.stores import Stores
from engine.store.database import Database
from support.purchasing import NOW, person, purchasing_stores

DUE = date(2026, 12, 1)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def count_mugs(stores: Stores, due: date = DUE, who: str = "bea") -> ReviewAction:
    return add_action(
        stores, month="2026-10", text="Count the  mugs\nin Leeds", owner="max", due=due,
        person=person(stores, who), now=NOW,
    )  # fmt: skip


def test_an_action_is_carried_until_it_is_done(stores: Stores) -> None:
    first = count_mugs(stores)
    second = count_mugs(stores, DUE - timedelta(days=3))

    assert first.text == "Count the mugs in Leeds"
    assert [each.id for each in actions(stores)] == [second.id, first.id]  # the earlier day first
    ended = end_action(
        stores, first.id, state="done", outcome="12 were missing",
        person=person(stores, "bea"), now=NOW,
    )  # fmt: skip

    assert (ended.state, ended.outcome, ended.ended_by) == ("done", "12 were missing", "bea")
    assert [each.id for each in actions(stores)] == [second.id]
    # The next review also tells what has ended since the last.
    assert [each.id for each in actions(stores, since=NOW - timedelta(days=1))] == [
        second.id, first.id
    ]  # fmt: skip
    assert audit.verify(stores).verified


def test_what_makes_no_action_is_refused(stores: Stores) -> None:
    bea = person(stores, "bea")
    with pytest.raises(UnknownName, match="nobody"):
        add_action(stores, month="2026-10", text="x", owner="nobody", due=DUE, person=bea, now=NOW)
    with pytest.raises(InvalidInput, match="says what is to be done"):
        add_action(stores, month="2026-10", text=" ", owner="max", due=DUE, person=bea, now=NOW)
    with pytest.raises(InvalidInput, match="has passed"):
        count_mugs(stores, due=NOW.date() - timedelta(days=1))
    stranger = Person(id="eve", name="Eve", rights=frozenset(), source="terminal")
    with pytest.raises(NotAllowed):
        add_action(stores, month="2026-10", text="x", owner="max", due=DUE, person=stranger,
                   now=NOW)  # fmt: skip


def test_an_action_ends_once(stores: Stores) -> None:
    made = count_mugs(stores)
    bea = person(stores, "bea")
    end_action(stores, made.id, state="dropped", outcome="no time", person=bea, now=NOW)

    with pytest.raises(InvalidInput, match="is dropped already"):
        end_action(stores, made.id, state="done", outcome="", person=bea, now=NOW)
    with pytest.raises(UnknownName, match="99"):
        end_action(stores, 99, state="done", outcome="", person=bea, now=NOW)


def test_an_action_is_overdue_from_the_day_after(stores: Stores) -> None:
    made = count_mugs(stores)

    assert not made.is_overdue(DUE)
    assert made.is_overdue(DUE + timedelta(days=1))
