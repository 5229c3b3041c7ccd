"""Revisions: what people may change, and the difference that finance reads."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.errors import IllegalTransition, InvalidInput
from engine.purchase.compose import compose_orders
from engine.purchase.diff import difference
from engine.purchase.order import OrderContent
from engine.purchase.revise import ChangeUnits, RemoveLine, extended, revised
from engine.purchase.states import NEXT, OPEN, OrderState, require_step
from support.purchasing import TERMS, Run, buy, frame, pounds


@pytest.fixture
def order() -> OrderContent:
    """Line 1 ash lamps 24 x 10, line 2 oak lamps 108 x 20 (18 from 120 on)."""
    buys = frame(buy("LAMP-OAK-01", 108), buy("LAMP-ASH-02", 24))
    return compose_orders(buys, TERMS, on=Run().as_of)[0]


def test_a_difference_shows_before_after_and_money(order: OrderContent) -> None:
    after = revised(order, [ChangeUnits(line=2, units=120), RemoveLine(line=1)])
    found = difference(order, after)
    removed, changed = found.lines
    assert (removed.kind, removed.sku, removed.units_before, removed.units_after) == (
        "removed", "LAMP-ASH-02", 24, 0,
    )  # fmt: skip
    assert removed.money_minor == -pounds(240)
    assert (changed.kind, changed.units_before, changed.units_after) == ("changed", 108, 120)
    assert (changed.price_before_micros, changed.price_after_micros) == (20_000_000, 18_000_000)
    assert changed.money_minor == 0  # 108 x 20 = 120 x 18: the price break pays
    assert found.money_minor == -pounds(240)
    assert found.total_after_minor == after.total_minor


def test_an_equal_revision_has_an_empty_difference(order: OrderContent) -> None:
    assert difference(order, revised(order, [ChangeUnits(line=2, units=108)])).is_empty


def test_a_quantity_that_a_person_chose_does_not_flow_and_says_so(order: OrderContent) -> None:
    assert all(line.flows for line in order.lines)
    untouched, changed = revised(order, [ChangeUnits(line=2, units=120)]).lines
    assert (changed.flows, changed.reason) == (
        False, "a person changed the quantity that the plan had",
    )  # fmt: skip
    assert untouched == order.lines[0]
    back = revised(
        revised(order, [ChangeUnits(line=2, units=120)]), [ChangeUnits(line=2, units=108)]
    )
    assert not back.lines[1].flows
    assert revised(order, [ChangeUnits(line=2, units=108)]) == order
    assert difference(order, back).lines[0].other == ("reason", "flows")


def test_a_difference_names_terms_and_other_fields(order: OrderContent) -> None:
    later = replace(order.lines[0], requested_on=order.lines[0].requested_on.replace(day=30))
    after = replace(order, rate=Decimal("1.5"), incoterm=None, lines=(later, order.lines[1]))
    found = difference(order, after)
    assert [(head.field, head.before, head.after) for head in found.head] == [
        ("rate", "1", "1.5"), ("incoterm", "DAP", "None"),
    ]  # fmt: skip
    assert [change.other for change in found.lines] == [("requested_on",)]


def test_lines_keep_their_numbers_and_new_ones_get_unused_ones(order: OrderContent) -> None:
    shorter = revised(order, [RemoveLine(line=2)])
    (more,) = compose_orders(frame(buy("LAMP-OAK-01", 12)), TERMS, on=Run().as_of)
    longer = extended(shorter, more, last_line=2)
    assert [(line.line, line.sku) for line in longer.lines] == [
        (1, "LAMP-ASH-02"), (3, "LAMP-OAK-01"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([ChangeUnits(line=2, units=100)], "Take 96 or 108"),
        ([ChangeUnits(line=2, units=13)], "Take 12 or 24"),
        ([ChangeUnits(line=2, units=5)], "sold from 12 units on"),
        ([ChangeUnits(line=2, units=0)], "cannot be ordered"),
        ([ChangeUnits(line=2, units=-12)], "cannot be ordered"),
        ([ChangeUnits(line=2, units=12_000_000)], "cannot be ordered"),
        ([RemoveLine(line=7)], r"no line 7\. Lines: 1 \(LAMP-ASH-02\)"),
        ([RemoveLine(line=1), RemoveLine(line=2)], "cancel the order instead"),
        ([RemoveLine(line=1), ChangeUnits(line=1, units=12)], "no line 1"),
    ],
)
def test_a_change_that_makes_no_sense_says_what_does(
    order: OrderContent, changes: list[ChangeUnits | RemoveLine], says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        revised(order, changes)


def test_an_illegal_step_names_both_states_and_what_is_allowed() -> None:
    with pytest.raises(IllegalTransition, match=r"'sent'.*'draft'.*confirmed") as caught:
        require_step("PO-1001", OrderState.SENT, OrderState.DRAFT)
    assert caught.value.allowed[0] == "confirmed"


def test_every_state_is_reached_from_a_draft_and_every_life_can_end() -> None:
    reached = {OrderState.DRAFT}
    while more := {after for state in reached for after in NEXT[state]} - reached:
        reached |= more
    assert reached == set(OrderState)
    ends = {state for state in OrderState if not NEXT[state]}
    assert ends == {
        OrderState.CLOSED, OrderState.REJECTED, OrderState.CANCELLED, OrderState.SUPERSEDED,
    }  # fmt: skip
    assert not ends & OPEN


def test_an_order_is_approved_from_proposed_only_and_sent_only_after() -> None:
    before = {after: {s for s in OrderState if after in NEXT[s]} for after in OrderState}
    assert before[OrderState.APPROVED] == {OrderState.PROPOSED, OrderState.SEND_UNCONFIRMED}
    # A confirmed order whose amendment left waits for its confirmation again.
    assert before[OrderState.SENT] == {
        OrderState.APPROVED, OrderState.SEND_UNCONFIRMED, OrderState.CONFIRMED,
    }  # fmt: skip
