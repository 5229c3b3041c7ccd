"""Several processes at the same moment, and one that is killed: one effect or none, never half."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.purchase.states import OrderState
from engine.service import approve, audit, budget, purchase
from engine.service.approval_card import ApprovalCard
from engine.service.audit_anchor import read_anchor
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.purchasing import (
    approval_decisions,
    approval_requests,
    po_revisions,
    purchase_orders,
)
from engine.store.tables.work import outbox
from support.crowd import CROWD, Crowd, a_crowd
from support.crowd_calls import append_three, draft_oak, draft_vase, propose_one
from support.purchasing import (
    NOW,
    buy,
    cap,
    click,
    count,
    draft,
    person,
    proposed,
    purchasing_stores,
)

pytestmark = pytest.mark.xdist_group("crowd")


@pytest.fixture(scope="module")
def crowd() -> Iterator[Crowd]:
    with a_crowd() as crowd:
        yield crowd


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def events_of(stores: Stores, number: str) -> Counter[str]:
    return Counter(event.kind for event in audit.events(stores, subject=number))


def test_eight_decisions_from_eight_processes_give_one_approval(
    stores: Stores, crowd: Crowd
) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    managers = ["max", "max", "max", "mia", "mia", "dana", "dana", "dana"]
    outcomes = crowd.at_once(click, [(stores, card, who) for who in managers])
    results = Counter(outcome.result for outcome in outcomes)
    assert results == {"approved": 1, "already_decided": CROWD - 1}
    winner = next(o.decided_by for o in outcomes if o.result == "approved")
    assert {outcome.decided_by for outcome in outcomes} == {winner}
    assert count(stores, approval_decisions) == count(stores, outbox) == 1
    assert events_of(stores, card.number)["order.approved"] == 1
    assert events_of(stores, card.number)["approval.refused"] == CROWD - 1
    assert audit.verify(stores).verified


def test_yes_and_no_at_once_give_one_of_them(stores: Stores, crowd: Crowd) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    calls = [("max", "approve"), ("mia", "reject")] * (CROWD // 2)
    outcomes = crowd.at_once(click, [(stores, card, *call) for call in calls])
    (winner,) = [outcome for outcome in outcomes if outcome.took_effect]
    state = purchase.order_view(stores, card.number).state
    assert state == winner.result
    assert count(stores, outbox) == (1 if state is OrderState.APPROVED else 0)
    assert count(stores, approval_decisions) == 1


def test_two_steps_are_taken_by_two_people_however_many_click(stores: Stores, crowd: Crowd) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 240))
    calls = [
        (stores, card, who) for who in ["max", "mia", "dana", "max", "mia", "dana", "max", "dana"]
    ]
    outcomes = crowd.at_once(click, calls)
    results = Counter(outcome.result for outcome in outcomes)
    assert (results["second_approver_needed"], results["approved"]) == (1, 1)
    approvers = {each.approver for each in approve.card(stores, card.request_id, now=NOW).decisions}
    assert len(approvers) == 2
    assert "dana" in approvers
    assert count(stores, outbox) == 1


def test_the_same_need_drafted_by_eight_processes_is_one_order(
    stores: Stores, crowd: Crowd
) -> None:
    drafted = crowd.at_once(draft_oak, [(stores, who) for who in ["bea", "ben"] * 4])
    assert Counter(drafted) == {("PO-1001", False): 1, ("PO-1001", True): CROWD - 1}
    assert count(stores, purchase_orders) == count(stores, po_revisions) == 1


def test_numbers_have_neither_gaps_nor_doubles(stores: Stores, crowd: Crowd) -> None:
    numbers = crowd.at_once(draft_vase, [(stores, n) for n in range(CROWD)])
    assert sorted(numbers) == [f"PO-{1001 + n}" for n in range(CROWD)]


def test_eight_proposals_at_once_spend_no_pound_twice(stores: Stores, crowd: Crowd) -> None:
    cap(stores, 1200)
    orders = [draft_vase(stores, n) for n in range(CROWD)]
    assert purchase.order_view(stores, orders[0]).content.total_minor == 1850 * 12
    bea = person(stores, "bea")
    won = crowd.at_once(propose_one, [(stores, number, bea, NOW) for number in orders])
    assert sum(won) == 5  # five times 12 x 18.50 fit into 1,200
    (status,) = budget.current(stores, NOW.date())
    assert status.committed_minor == 5 * 1850 * 12


def test_writers_in_several_processes_make_one_chain(stores: Stores, crowd: Crowd) -> None:
    before = audit.verify(stores).events
    crowd.at_once(append_three, [(stores,)] * CROWD)
    assert audit.verify(stores).require().events == before + 3 * CROWD


def nothing_happened(stores: Stores, card: ApprovalCard, events: int) -> None:
    assert approve.status(stores, card.request_id) == "pending"
    assert purchase.order_view(stores, card.number).state is OrderState.PROPOSED
    assert count(stores, outbox) == count(stores, approval_decisions) == 0
    assert audit.verify(stores).require().events == events


def test_a_decision_killed_anywhere_before_its_commit_never_happened(
    stores: Stores, crowd: Crowd
) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    events = audit.verify(stores).events
    deaths = crowd.killed_before_commit(click, stores, card, "max")
    assert deaths > 15
    nothing_happened(stores, card, events)
    assert click(stores, card, "max").result == "approved"
    assert count(stores, outbox) == 1


def test_a_decision_killed_right_after_its_commit_stands_and_the_anchor_catches_up(
    stores: Stores, crowd: Crowd
) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    events = audit.verify(stores).events
    crowd.killed_after_commit(click, stores, card, "max")
    assert read_anchor(stores.seal.anchor).newest == events
    assert click(stores, card, "max").result == "already_decided"
    assert purchase.order_view(stores, card.number).state is OrderState.APPROVED
    assert count(stores, outbox) == count(stores, approval_decisions) == 1
    assert audit.verify(stores).require().anchored == events + 2


def test_a_proposal_killed_anywhere_leaves_neither_question_nor_commitment(
    stores: Stores, crowd: Crowd
) -> None:
    draft(stores, buy("LAMP-OAK-01", 60))
    bea = person(stores, "bea")
    crowd.killed_before_commit(propose_one, stores, "PO-1001", bea, NOW)
    assert count(stores, approval_requests) == 0
    assert purchase.order_view(stores, "PO-1001").state is OrderState.DRAFT
    assert propose_one(stores, "PO-1001", bea, NOW)


def test_drafting_killed_anywhere_uses_up_no_number(stores: Stores, crowd: Crowd) -> None:
    crowd.killed_before_commit(draft_oak, stores, "bea")
    assert draft_oak(stores, "bea") == ("PO-1001", False)
