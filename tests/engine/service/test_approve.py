"""Approvals: once, by somebody entitled, on exactly what was shown."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import fsspec
import pytest
import sqlalchemy as sa
from fsspec import AbstractFileSystem

from engine.errors import NotAllowed, StoreError, UnknownName
from engine.model.people import Right
from engine.purchase.revise import ChangeUnits
from engine.purchase.states import OrderState
from engine.service import approve, audit, people, purchase
from engine.service.approval_card import ApprovalCard
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.people import policy_versions
from engine.store.tables.purchasing import approval_decisions, approval_requests, po_revisions
from engine.store.tables.work import outbox
from support.purchasing import (
    NOW,
    POLICY,
    buy,
    click,
    count,
    kinds,
    person,
    policy_file,
    pounds,
    proposed,
    purchasing_stores,
    state,
)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


@pytest.fixture
def card(stores: Stores) -> ApprovalCard:
    """60 oak lamps at 20 pounds: 1,200 pounds, asked for by Bea."""
    return proposed(stores, buy("LAMP-OAK-01", 60))


def test_the_card_shows_what_decides(stores: Stores, card: ApprovalCard) -> None:
    assert (card.number, card.revision, card.state) == ("PO-1001", 1, "pending")
    assert card.content.total_minor == card.judged_minor == pounds(1200)
    assert card.people[card.requester] == "Bea Marsh"
    assert card.who_may == ("max", "mia", "dana")
    assert [step.name for step in card.steps] == ["approval"]
    ruling = card.ruling_on("bea")
    assert ruling is not None
    assert ruling.cause == "no_right"
    assert card.expires_at == NOW + timedelta(hours=72)


def test_an_order_is_approved_once_with_one_event_and_one_message(
    stores: Stores, card: ApprovalCard
) -> None:
    outcome = click(stores, card, "max")
    assert (outcome.result, outcome.decided_by) == ("approved", "max")
    assert state(stores) is OrderState.APPROVED
    assert count(stores, outbox) == 1
    assert kinds(stores) == ["order.drafted", "order.proposed", "order.approved"]
    assert approve.card(stores, card.request_id, now=NOW).decisions[0].approver == "max"
    assert audit.verify(stores).verified


def test_a_double_click_and_a_second_manager_change_nothing_more(
    stores: Stores, card: ApprovalCard
) -> None:
    click(stores, card, "max")
    again, late = click(stores, card, "max"), click(stores, card, "dana", "reject")
    for outcome in (again, late):
        assert (outcome.result, outcome.decided_by) == ("already_decided", "max")
        assert not outcome.took_effect
    assert "by Max Okafor" in late.sentence
    assert count(stores, outbox) == count(stores, approval_decisions) == 1
    assert kinds(stores).count("order.approved") == 1
    assert kinds(stores).count("approval.refused") == 2


def test_a_rejected_order_frees_its_need_and_says_who_and_why(
    stores: Stores, card: ApprovalCard
) -> None:
    outcome = click(stores, card, "max", "reject", reason="we have enough lamps")
    assert outcome.result == "rejected"
    assert state(stores) is OrderState.REJECTED
    assert count(stores, outbox) == 0
    decision = approve.card(stores, card.request_id, now=NOW).decisions[0]
    assert (decision.decision, decision.reason) == ("reject", "we have enough lamps")
    assert purchase.open_orders(stores).empty


@pytest.mark.parametrize(
    ("who", "cause"),
    [("bea", "no_right"), ("ben", "no_right")],
)
def test_who_has_no_right_is_told_who_has(
    stores: Stores, card: ApprovalCard, who: str, cause: str
) -> None:
    outcome = click(stores, card, who)
    assert (outcome.result, outcome.cause) == ("refused", cause)
    assert "Who may: Max Okafor, Mia Lund, Dana Whitfield." in outcome.sentence
    assert state(stores) is OrderState.PROPOSED
    refused = audit.events(stores, subject="PO-1001")[-1]
    assert (refused.kind, refused.actor) == ("approval.refused", who)
    assert json.loads(refused.body)["cause"] == cause


def test_rights_that_a_caller_carries_are_not_believed(stores: Stores, card: ApprovalCard) -> None:
    forged = replace(person(stores, "bea"), rights=frozenset(Right), approval_limit_minor=10**12)
    assert click(stores, card, "bea", person=forged).cause == "no_right"


def test_whoever_asked_cannot_approve_even_with_the_right(stores: Stores) -> None:
    own = proposed(stores, buy("LAMP-OAK-01", 60), who="max")
    outcome = click(stores, own, "max")
    assert (outcome.result, outcome.cause) == ("refused", "own_request")
    assert click(stores, own, "max", "reject").cause == "own_request"
    assert click(stores, own, "mia").result == "approved"


def test_whoever_revised_an_order_cannot_approve_it(stores: Stores, card: ApprovalCard) -> None:
    change = [ChangeUnits(line=1, units=72)]
    purchase.revise(
        stores, "PO-1001", changes=change, person=person(stores, "max"), now=NOW, why="more"
    )
    view = purchase.propose(stores, "PO-1001", person=person(stores, "bea"), now=NOW)
    assert view.request_id is not None
    fresh = approve.card(stores, view.request_id, now=NOW)
    assert click(stores, fresh, "max").cause == "own_draft"
    assert click(stores, fresh, "mia").result == "approved"


def test_a_card_of_an_earlier_revision_refuses_and_shows_the_difference(
    stores: Stores, card: ApprovalCard
) -> None:
    bea = person(stores, "bea")
    change = [ChangeUnits(line=1, units=96)]
    purchase.revise(stores, "PO-1001", changes=change, person=bea, now=NOW, why="more")
    stale = click(stores, card, "max")
    assert stale.result == "stale"
    assert stale.difference is not None
    assert stale.difference.money_minor == pounds(36 * 20)
    view = purchase.propose(stores, "PO-1001", person=bea, now=NOW)
    assert view.request_id is not None
    mixed = replace(card, request_id=view.request_id)
    stale = click(stores, mixed, "max")
    assert stale.result == "stale"
    assert stale.difference is not None
    assert stale.difference.lines[0].units_before == 60
    assert state(stores) is OrderState.PROPOSED
    assert click(stores, approve.card(stores, view.request_id, now=NOW), "max").result == "approved"


@pytest.mark.parametrize("change", [{"digest": "f" * 64}, {"digest": ""}, {"revision": 9}])
def test_a_button_for_anything_else_than_what_stands_refuses(
    stores: Stores, card: ApprovalCard, change: dict[str, object]
) -> None:
    assert click(stores, card, "max", **change).result == "stale"
    assert state(stores) is OrderState.PROPOSED


def test_what_a_caller_sends_as_digest_does_not_enter_the_audit(
    stores: Stores, card: ApprovalCard
) -> None:
    click(stores, card, "max", digest="Max Okafor, 1 High Street")
    assert "High Street" not in audit.events(stores)[-1].body


def test_a_new_policy_makes_the_card_stale_until_it_is_looked_at_again(
    stores: Stores, card: ApprovalCard
) -> None:
    people.sync(stores, policy_file(POLICY.replace("up_to: 2000", "up_to: 2100")), now=NOW)
    outcome = click(stores, card, "max")
    assert outcome.result == "stale"
    assert "rules" in outcome.sentence
    assert click(stores, approve.card(stores, card.request_id, now=NOW), "max").result == "approved"


def test_a_right_lost_between_card_and_click_is_lost(stores: Stores, card: ApprovalCard) -> None:
    max_ = person(stores, "max")
    demoted = POLICY.replace("Max Okafor, roles: [manager]", "Max Okafor, roles: [buyer]")
    people.sync(stores, policy_file(demoted), now=NOW)
    fresh = approve.card(stores, card.request_id, now=NOW)
    assert click(stores, fresh, "max", person=max_).cause == "no_right"


def test_a_request_that_ran_out_is_closed_and_its_order_a_draft(
    stores: Stores, card: ApprovalCard
) -> None:
    outcome = click(stores, card, "max", now=card.expires_at)
    assert outcome.result == "expired"
    assert state(stores) is OrderState.DRAFT
    assert kinds(stores)[-2:] == ["order.expired", "approval.refused"]
    assert click(stores, card, "max").result == "expired"
    again = purchase.propose(stores, "PO-1001", person=person(stores, "bea"), now=card.expires_at)
    assert again.request_id not in (None, card.request_id)


def test_the_worker_ends_what_ran_out(stores: Stores, card: ApprovalCard) -> None:
    assert purchase.expire_due(stores, now=card.expires_at - timedelta(seconds=1)) == ()
    assert purchase.expire_due(stores, now=card.expires_at) == ("PO-1001",)
    assert purchase.expire_due(stores, now=card.expires_at) == ()
    assert approve.status(stores, card.request_id) == "expired"


def test_pending_lists_what_waits_and_for_whom(stores: Stores, card: ApprovalCard) -> None:
    large = proposed(stores, buy("CHAIR-1", 50), run_id="run-2")
    waiting = [each.number for each in approve.pending(stores, now=NOW)]
    assert waiting == [card.number, large.number]
    assert [
        c.number for c in approve.pending_for(stores, person(stores, "mia"), now=NOW)
    ] == waiting
    assert approve.pending_for(stores, person(stores, "bea"), now=NOW) == ()
    click(stores, card, "max")
    assert [each.number for each in approve.pending(stores, now=NOW)] == [large.number]
    assert approve.card(stores, card.request_id, now=NOW).who_may == ()


def test_a_terminal_user_approves_only_where_the_policy_says_so(
    database: Database, tmp_path: Path
) -> None:
    stores = purchasing_stores(database, tmp_path, is_demo=False)
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    max_ = people.person_for_os_user(stores, "mokafor")
    outcome = click(stores, card, "max", person=max_)
    assert (outcome.result, outcome.cause) == ("refused", "identity")
    people.sync(stores, policy_file(POLICY + "  terminal_may_approve: true\n"), now=NOW)
    fresh = approve.card(stores, card.request_id, now=NOW)
    assert click(stores, fresh, "max", person=max_).result == "approved"
    assert audit.events(stores, subject="PO-1001")[-1].source == "os-user"


def test_acting_as_somebody_counts_in_a_demo_company_only(
    database: Database, tmp_path: Path
) -> None:
    stores = purchasing_stores(database, tmp_path, is_demo=False)
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    assert click(stores, card, "max").cause == "identity"
    slack = people.person_for_slack(stores, "T1", "U2")
    assert click(stores, card, "max", person=slack).result == "approved"


def test_without_a_policy_nothing_is_decided(stores: Stores, card: ApprovalCard) -> None:
    max_ = person(stores, "max")
    with stores.database.write() as work:
        work.execute(sa.delete(policy_versions))
    with pytest.raises(NotAllowed, match="people file"):
        click(stores, card, "max", person=max_)


def test_a_request_that_is_gone_says_so(stores: Stores, card: ApprovalCard) -> None:
    with pytest.raises(UnknownName, match="approval request"):
        click(stores, replace(card, request_id=999), "max")


class SilentBucket(AbstractFileSystem):
    """A bucket whose library fails in its own way."""

    protocol = "silent"

    def open(self, *_: object, **__: object) -> None:
        raise RuntimeError("503 slow down")

    def cat_file(self, *_: object, **__: object) -> None:
        raise RuntimeError("503 slow down")


def test_an_anchor_that_fails_in_any_way_leaves_the_decision_as_it_was_made(
    stores: Stores, card: ApprovalCard
) -> None:
    fsspec.register_implementation("silent", SilentBucket, clobber=True)
    elsewhere = replace(stores, seal=replace(stores.seal, anchor="silent://bucket/anchor"))
    with pytest.warns(RuntimeWarning, match="503 slow down. The decision stands"):
        outcome = click(elsewhere, card, "max")
    assert outcome.result == "approved"
    assert approve.status(stores, card.request_id) == "approved"
    assert audit.verify(stores).require().lagged == 1
    with pytest.raises(StoreError, match=r"audit\.anchor"):
        audit.verify(elsewhere)


def test_content_changed_behind_our_back_is_never_approved(
    stores: Stores, card: ApprovalCard
) -> None:
    with stores.database.write() as work:
        content = work.execute(sa.select(po_revisions.c.content)).scalar_one()
        forged = content.replace('"units":60', '"units":96')
        assert forged != content
        work.execute(sa.update(po_revisions).values(content=forged))
    with pytest.raises(Exception, match="qm audit verify"):
        click(stores, card, "max")


def test_at_most_one_question_about_an_order_is_open(stores: Stores, card: ApprovalCard) -> None:
    again = purchase.propose(stores, "PO-1001", person=person(stores, "bea"), now=NOW)
    assert again.already_there
    assert again.request_id == card.request_id
    assert count(stores, approval_requests) == 1
