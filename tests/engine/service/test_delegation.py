"""Standing in for an approver: only what they may, only for the days, never against themselves."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import IllegalTransition, InvalidInput, NotAllowed, UnknownName
from engine.service import approve, audit, purchase
from engine.service.delegation import Delegation, lend, listed, take_back
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.delegations import delegations
from support.purchasing import DAY, NOW, buy, click, person, pounds, proposed, purchasing_stores

TODAY = NOW.date()


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def stand_in(stores: Stores, giver: str, to: str, **other: object) -> Delegation:
    values: dict[str, object] = {
        "taker": to, "first_day": TODAY, "last_day": TODAY + timedelta(days=7),
        "reason": "on leave", "person": person(stores, giver), "now": NOW, **other,
    }  # fmt: skip
    return lend(stores, **values)  # type: ignore[arg-type]  # by name


def test_who_stands_in_approves_what_the_giver_may_and_the_decision_names_both(
    stores: Stores,
) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 60), who="bea")
    assert click(stores, card, "ben").cause == "no_right"
    stand_in(stores, "max", "ben")
    fresh = approve.card(stores, card.request_id, now=NOW)
    assert "ben" in fresh.who_may
    assert click(stores, card, "ben").result == "approved"
    (made,) = approve.card(stores, card.request_id, now=NOW).decisions
    assert (made.approver, made.on_behalf_of) == ("ben", "max")
    assert audit.verify(stores).verified


def test_what_is_above_the_givers_limit_stays_above_it(stores: Stores) -> None:
    stand_in(stores, "max", "ben")
    card = proposed(stores, buy("LAMP-OAK-01", 108), who="bea")
    assert card.judged_minor == pounds(2160)
    assert click(stores, card, "ben").result == "refused"
    assert click(stores, card, "dana").result == "approved"


def test_nobody_approves_their_own_request_by_somebody_elses_authority(stores: Stores) -> None:
    stand_in(stores, "max", "bea")
    card = proposed(stores, buy("LAMP-OAK-01", 60), who="bea")
    assert click(stores, card, "bea").cause == "own_request"


def test_the_giver_s_own_request_is_not_approved_by_their_authority(stores: Stores) -> None:
    stand_in(stores, "max", "ben")
    card = proposed(stores, buy("LAMP-OAK-01", 60), who="max")
    assert click(stores, card, "ben").cause == "no_right"


def test_one_authority_does_not_fill_two_steps_nor_one_hand(stores: Stores) -> None:
    stand_in(stores, "max", "ben")
    stand_in(stores, "mia", "ben")
    card = proposed(stores, buy("CHAIR-1", 30), who="bea")
    assert click(stores, card, "ben").result == "second_approver_needed"
    assert click(stores, card, "ben").cause == "already_approved"
    by_ben = approve.card(stores, card.request_id, now=NOW)
    assert by_ben.decisions[0].on_behalf_of == "max"
    assert click(stores, card, "max").cause == "already_approved"
    assert click(stores, card, "dana").result == "approved"


def test_it_holds_on_both_days_and_not_beyond(stores: Stores) -> None:
    first = TODAY + timedelta(days=1)
    stand_in(stores, "max", "ben", first_day=first, last_day=first)
    card = proposed(stores, buy("LAMP-OAK-01", 60), who="bea")
    states = [
        "ben" in approve.card(stores, card.request_id, now=NOW + days * DAY).who_may
        for days in range(3)
    ]
    assert states == [False, True, False]


def test_taken_back_it_ends_at_once_and_is_audited(stores: Stores) -> None:
    made = stand_in(stores, "max", "ben")
    card = proposed(stores, buy("LAMP-OAK-01", 60), who="bea")
    with pytest.raises(NotAllowed):
        take_back(stores, made.id, person=person(stores, "bea"), now=NOW)
    take_back(stores, made.id, person=person(stores, "max"), now=NOW)
    assert click(stores, card, "ben").cause == "no_right"
    with pytest.raises(IllegalTransition, match="taken back"):
        take_back(stores, made.id, person=person(stores, "max"), now=NOW)
    (kept,) = listed(stores, now=NOW)
    assert kept.state == "taken back"
    assert [e.kind for e in audit.events(stores, subject=f"delegation:{made.id}")] == [
        "delegation.lent", "delegation.taken_back",
    ]  # fmt: skip


def test_what_was_lent_cannot_be_lent_on(stores: Stores) -> None:
    stand_in(stores, "max", "ben")
    with pytest.raises(NotAllowed, match="no right to approve"):
        stand_in(stores, "ben", "bea")


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"taker": "max"}, InvalidInput),
        ({"taker": "nobody"}, UnknownName),
        ({"reason": " "}, InvalidInput),
        ({"last_day": date(2020, 1, 1)}, InvalidInput),
        ({"first_day": TODAY + timedelta(days=9), "last_day": TODAY}, InvalidInput),
        ({"last_day": TODAY + timedelta(days=900)}, InvalidInput),
    ],
)
def test_a_loan_without_sense_is_refused(
    stores: Stores, other: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        stand_in(stores, "max", "ben", **other)
    assert listed(stores, now=NOW) == ()


def test_an_identity_that_is_no_proof_lends_nothing(database: Database, tmp_path: Path) -> None:
    stores = purchasing_stores(database, tmp_path)
    demo = person(stores, "max")
    with database.write() as work:
        work.execute(sa.text("UPDATE companies SET is_demo = false"))
    with pytest.raises(NotAllowed, match="demo company only"):
        stand_in(stores, "max", "ben", person=demo)


@pytest.mark.parametrize(
    "change", [{"taker": "bea"}, {"last_day": date(2030, 1, 1)}, {"ended_by": "max"}]
)
def test_a_loan_changed_in_the_database_is_found(stores: Stores, change: dict[str, object]) -> None:
    stand_in(stores, "max", "ben")
    assert audit.verify(stores).verified
    with stores.database.write() as work:
        work.execute(sa.update(delegations).values(change))
    assert not audit.verify(stores).verified


def test_a_decision_by_another_authority_than_recorded_is_found(stores: Stores) -> None:
    stand_in(stores, "max", "ben")
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "ben")
    assert purchase.order_view(stores, "PO-1001").approved_at is not None
    with stores.database.write() as work:
        work.execute(sa.text("UPDATE approval_decisions SET on_behalf_of = NULL"))
    assert not audit.verify(stores).verified
