"""Approvals by amount: limits at the recorded rate, halves judged together, further approvers."""

from pathlib import Path

import pytest

from engine.purchase.revise import ChangeUnits
from engine.purchase.states import OrderState
from engine.service import approve, audit, people, purchase
from engine.service.approval_card import ApprovalCard
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.purchasing import approval_decisions
from engine.store.tables.work import outbox
from support.purchasing import (
    DAY,
    NOW,
    POLICY,
    buy,
    click,
    count,
    draft,
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


def test_a_foreign_order_is_judged_at_its_recorded_rate(stores: Stores) -> None:
    # Acid test 15: 2,328 EUR is above the manager's 2,000 as a number, 2,002.08 GBP in value.
    near = proposed(stores, buy("CHAIR-1", 0 + 23, currency="EUR"))
    assert near.content.total_minor == pounds(2300)
    assert near.judged_minor == pounds(1978)
    assert click(stores, near, "max").result == "approved"
    above = proposed(stores, buy("LAMP-ASH-02", 240, currency="EUR"), run_id="run-2")
    assert above.judged_minor == pounds(2064)
    assert click(stores, above, "max").cause == "above_limit"
    assert click(stores, above, "dana").result == "approved"


def test_two_half_size_orders_do_not_dodge_the_limit(stores: Stores) -> None:
    first = proposed(stores, buy("LAMP-OAK-01", 60))
    second = proposed(stores, buy("LAMP-ASH-02", 96), run_id="run-2")
    for half in (first, second):
        fresh = approve.card(stores, half.request_id, now=NOW)
        assert fresh.content.base_total_minor < pounds(2000) < fresh.judged_minor
        assert click(stores, fresh, "max").cause == "above_limit"


@pytest.mark.parametrize(
    ("other", "judged"),
    [
        ({"who": "ben"}, 1200),  # another requester
        ({"now": NOW + 8 * DAY}, 1200),  # a week later
        ({"now": NOW + 6 * DAY}, 2160),
    ],
)
def test_together_count_the_orders_of_one_requester_and_supplier_within_the_window(
    stores: Stores, card: ApprovalCard, other: dict[str, object], judged: int
) -> None:
    proposed(stores, buy("LAMP-ASH-02", 96), run_id="run-2", **other)
    assert approve.card(stores, card.request_id, now=NOW).judged_minor == pounds(judged)


def test_an_order_of_another_supplier_or_one_turned_down_is_not_counted(
    stores: Stores, card: ApprovalCard
) -> None:
    proposed(stores, buy("CHAIR-1", 15), run_id="run-2")
    other = proposed(stores, buy("LAMP-ASH-02", 96), run_id="run-3")
    click(stores, other, "dana", "reject")
    assert approve.card(stores, card.request_id, now=NOW).judged_minor == pounds(1200)


def test_a_large_order_needs_two_different_people(stores: Stores) -> None:
    large = proposed(stores, buy("LAMP-OAK-01", 240))
    assert [step.name for step in large.steps] == ["approval", "second approval"]
    first = click(stores, large, "max")
    assert (first.result, first.who_may) == ("second_approver_needed", ("dana",))
    assert "Dana Whitfield" in first.sentence
    assert state(stores) is OrderState.PROPOSED
    assert count(stores, outbox) == 0
    assert click(stores, large, "max").cause == "already_approved"
    assert click(stores, large, "mia").cause == "step_taken"
    assert click(stores, large, "dana").result == "approved"
    assert count(stores, approval_decisions) == 2
    assert kinds(stores).count("order.approved") == 1
    assert approve.status(stores, large.request_id) == "approved"


def test_one_no_ends_a_large_order(stores: Stores) -> None:
    large = proposed(stores, buy("LAMP-OAK-01", 240))
    click(stores, large, "dana")
    assert click(stores, large, "max", "reject").result == "rejected"
    assert state(stores) is OrderState.REJECTED


def test_a_first_approver_may_think_better_of_it(stores: Stores) -> None:
    large = proposed(stores, buy("LAMP-OAK-01", 240))
    click(stores, large, "max")
    assert click(stores, large, "max", "reject", reason="wrong price").result == "rejected"
    made = approve.card(stores, large.request_id, now=NOW).decisions
    assert [each.decision for each in made] == ["approve", "reject"]
    assert count(stores, outbox) == 0
    assert audit.verify(stores).verified


def test_a_policy_that_says_so_approves_small_orders_that_flow_by_itself(stores: Stores) -> None:
    text = POLICY + "  auto_approve_up_to: 500\n"
    people.sync(stores, policy_file(text), now=NOW)
    small = proposed(stores, buy("LAMP-ASH-02", 48))
    assert small.state == "approved"
    event = audit.events(stores, subject="PO-1001")[-1]
    assert (event.kind, event.actor, event.source) == (
        "order.approved", "quartermaster", "system",
    )  # fmt: skip
    waits = proposed(stores, buy("CHAIR-1", 2, tier="wait"), run_id="run-2")
    assert waits.state == "pending"
    more = proposed(stores, buy("LAMP-OAK-01", 12), run_id="run-3")  # 480 + 240 together
    assert more.state == "pending"
    late = click(stores, small, "max")
    assert (late.result, late.decided_by) == ("already_decided", None)


def test_a_quantity_that_a_person_changed_is_never_approved_by_the_policy_itself(
    stores: Stores,
) -> None:
    people.sync(stores, policy_file(POLICY + "  auto_approve_up_to: 500\n"), now=NOW)
    (view,) = draft(stores, buy("LAMP-ASH-02", 24))
    purchase.revise(
        stores, view.number, changes=[ChangeUnits(line=1, units=48)], person=person(stores, "bea"),
        now=NOW, why="more",
    )  # fmt: skip
    asked = purchase.propose(stores, view.number, person=person(stores, "bea"), now=NOW)
    assert asked.state is OrderState.PROPOSED
