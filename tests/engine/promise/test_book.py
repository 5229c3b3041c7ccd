"""Promises from what is sent and what is there: queue, place, set, policy; acid tests 12 and 19."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from engine.model.decisions import OPEN_ORDERS, OPEN_TRANSFERS, Decisions
from engine.promise.book import Since
from engine.promise.offers import Offer, promise_of
from engine.promise.policy import PromisePolicy
from support.demand import AS_OF
from support.promises import backorder, book_of, out, shelf, shop
from support.supply import day

NO_LEAD = PromisePolicy(lead_time_promise=False)


def ours(state: str, **other: object) -> Decisions:
    row = {
        "po": "PO-1001", "line": 1, "supplier": "ACME", "sku": "A", "location": "MAIN",
        "units": 20, "state": state, "ordered_on": day(-4), **other,
    }  # fmt: skip
    return Decisions(open_orders=pd.DataFrame([row], columns=list(OPEN_ORDERS)))


def offer(snapshot: object, sku: str = "A", place: str = "MAIN", **other: object) -> Offer:
    book = book_of(snapshot, **other)  # type: ignore[arg-type]  given by name in each test
    return next(each for each in book.offers if (each.sku, each.location) == (sku, place))


def test_customers_are_promised_the_order_that_covers_their_place_in_the_queue() -> None:
    snapshot = shop(
        purchase_orders=[out("SOON", 9, 5), out("LATER", 1, 50)],
        backorders=[backorder("W1", 5), backorder("W2", 5, paid=1)],
    )

    first, second = book_of(snapshot).lines

    assert (first.line.order_line, first.ahead, second.ahead) == ("W1", 0, 5)
    assert first.span is not None
    assert first.span.pos == ("SOON",)
    assert second.span is not None
    assert second.span.pos == ("SOON", "LATER")
    assert AS_OF <= first.span.first <= first.span.last < second.span.last


def test_what_is_on_the_shelf_is_given_at_once_and_the_queue_moves_up() -> None:
    snapshot = shop(
        stock=[shelf(5)], purchase_orders=[out("SOON", 9, 5)],
        backorders=[backorder("W1", 5), backorder("W2", 5, paid=1)],
    )  # fmt: skip

    first, second = book_of(snapshot).lines

    assert (first.basis, first.held, first.ready) == ("stock", 5, True)
    assert (second.basis, second.held, second.ahead) == ("inbound", 0, 0)


@pytest.mark.parametrize("state", ["draft", "proposed", "approved"])
def test_what_is_not_sent_promises_nothing(state: str) -> None:
    snapshot = shop(backorders=[backorder("W1", 5)])

    (waits,) = book_of(snapshot, NO_LEAD, decisions=ours(state)).lines
    (sent,) = book_of(snapshot, NO_LEAD, decisions=ours("sent")).lines

    assert (waits.basis, waits.span, waits.why) == ("none", None, "nothing on its way")
    assert sent.basis == "inbound"


def test_a_late_confirmation_moves_the_window_and_marks_the_old_one_at_risk() -> None:
    told = {"promised_from": day(3), "promised_to": day(8)}
    snapshot = shop(backorders=[backorder("W1", 5, **told)])

    (before,) = book_of(snapshot, decisions=ours("sent")).lines
    late = ours("confirmed", confirmed_on=day(20))
    (after,) = book_of(snapshot, decisions=late).lines

    assert before.span is not None
    assert after.span is not None
    assert after.span.last > before.span.last + timedelta(days=5)
    assert before.slips is not None
    assert after.slips is not None
    assert before.slips < 0.35 < after.slips
    assert (before.at_risk, after.at_risk) == (False, True)


def test_a_component_that_is_short_caps_the_promise_of_its_set() -> None:
    bundles = [
        {"bundle_sku": "AB", "component_sku": "A", "quantity": 2},
        {"bundle_sku": "AB", "component_sku": "B", "quantity": 1},
    ]
    snapshot = shop(
        bundles=bundles, stock=[shelf(50), shelf(3, "B")],
        purchase_orders=[out("B-PO", 2, 40, sku="B")],
    )  # fmt: skip

    sets, part = offer(snapshot, "AB"), offer(snapshot, "B")

    assert sets.free == 3  # 50 of A would make 25
    assert promise_of(sets, 3, PromisePolicy(), AS_OF).basis == "stock"
    four = promise_of(sets, 4, PromisePolicy(), AS_OF)
    assert (four.basis, four.span) == ("inbound", part.rungs[0].span)
    # 25 sets at most: for one more no A is on its way.
    assert promise_of(sets, 25, PromisePolicy(), AS_OF).basis == "inbound"
    assert promise_of(sets, 26, PromisePolicy(), AS_OF).basis == "lead_time"


def test_a_waiting_set_draws_its_components_once() -> None:
    bundles = [{"bundle_sku": "AB", "component_sku": name, "quantity": 2} for name in "AB"]
    snapshot = shop(
        bundles=bundles, stock=[shelf(10), shelf(4, "B")],
        backorders=[backorder("W1", 3, sku="AB"), backorder("W2", 8, paid=1)],
    )  # fmt: skip

    book = book_of(snapshot)

    assert [line.held for line in book.lines] == [2, 6]
    assert book.allocation.left == {("A", "MAIN"): 0, ("B", "MAIN"): 0}


def test_units_are_promised_to_a_new_customer_behind_those_who_wait() -> None:
    snapshot = shop(purchase_orders=[out("SOON", 9, 10)], backorders=[backorder("W1", 6)])
    found = offer(snapshot)

    assert (found.free, found.waiting) == (0, 6)
    assert promise_of(found, 4, NO_LEAD, AS_OF).basis == "inbound"
    assert promise_of(found, 5, NO_LEAD, AS_OF).basis == "lead_time"


def test_without_anything_on_its_way_lead_times_promise_only_by_policy_and_name_alternatives() -> (
    None
):
    snapshot = shop(
        items=[{"sku": "A", "substitutes": "B"}, {"sku": "B"}],
        stock=[shelf(0), shelf(7, location="SHOP"), shelf(9, "B")],
    )  # fmt: skip

    found = promise_of(offer(snapshot), 1, PromisePolicy(), AS_OF)
    none = promise_of(offer(snapshot, policy=NO_LEAD), 1, NO_LEAD, AS_OF)

    assert found.basis == "lead_time"
    assert found.span is not None
    # Eight to twelve days, ordered within the next seven.
    assert day(8) <= found.span.first < found.span.last <= day(20)
    assert (none.basis, none.span, none.why) == ("none", None, "nothing on its way")
    assert [(a.kind, a.sku, a.location, a.free) for a in none.alternatives] == [
        ("other location", "A", "SHOP", 7), ("substitute", "B", "MAIN", 9),
    ]  # fmt: skip


def test_no_window_is_given_that_ends_beyond_the_maximum_wait() -> None:
    policy = PromisePolicy(maximum_wait_days=5)
    snapshot = shop(purchase_orders=[out("LATER", 0, 9)], backorders=[backorder("W1")])

    found = promise_of(offer(snapshot, policy=policy), 1, policy, AS_OF)
    (line,) = book_of(snapshot, policy).lines

    assert (found.basis, found.span, found.why) == ("none", None, "too far off")
    assert (line.span, line.why) == (None, "too far off")


def test_no_window_is_given_that_cannot_hold_because_too_likely_nothing_comes() -> None:
    """Of thirty orders still out after nine days twelve never came: no window holds 80 %."""
    never = [out(f"NEVER{n}", 60 + n, 5, cancelled_units=5) for n in range(12)]
    snapshot = shop(
        purchase_orders=[*never, out("SOON", 9, 10)], backorders=[backorder("W1", 5)],
        stock=[shelf(3, location="SHOP")],
    )  # fmt: skip

    (line,) = book_of(snapshot, NO_LEAD).lines
    (modest,) = book_of(snapshot, replace(NO_LEAD, confidence=0.5)).lines
    asked = promise_of(offer(snapshot, policy=NO_LEAD), 1, NO_LEAD, AS_OF)

    assert (line.basis, line.span, line.why) == ("none", None, "may never come")
    assert (asked.basis, asked.span, asked.why) == ("none", None, "may never come")
    assert [each.location for each in asked.alternatives] == ["SHOP"]
    assert modest.basis == "inbound"


def test_a_channels_share_of_what_comes_is_not_promised_to_others() -> None:
    policy = PromisePolicy(channel_reserve={"web": 0.5}, lead_time_promise=False)
    snapshot = shop(purchase_orders=[out("SOON", 9, 10)])
    found = offer(snapshot, policy=policy)

    assert promise_of(found, 5, policy, AS_OF, "wholesale").basis == "inbound"
    assert promise_of(found, 6, policy, AS_OF, "wholesale").basis == "none"
    assert promise_of(found, 10, policy, AS_OF, "web").basis == "inbound"


def test_what_came_since_the_data_is_on_the_shelf_and_no_longer_on_its_way() -> None:
    snapshot = shop(purchase_orders=[out("SOON", 9, 10)], backorders=[backorder("W1", 12)])
    came = Since(came={("SOON", 1, "A", "MAIN"): 10})

    (line,) = book_of(snapshot, NO_LEAD, since=came).lines

    assert (line.held, line.basis, line.span) == (10, "none", None)


def test_a_transfer_under_way_is_promised_for_its_day_and_gone_from_where_it_left() -> None:
    moving = pd.DataFrame(
        [("A", "SHOP", "MAIN", 4, pd.Timestamp(day(3)), True)], columns=list(OPEN_TRANSFERS)
    )
    snapshot = shop(stock=[shelf(9, location="SHOP")], backorders=[backorder("W1", 4)])
    since = Since(moved={("A", "SHOP"): 4})

    book = book_of(snapshot, NO_LEAD, decisions=Decisions(open_transfers=moving), since=since)

    assert book.lines[0].span is not None
    assert book.lines[0].span.first == book.lines[0].span.last == day(3)
    assert book.lines[0].span.pos == ("transfer from SHOP",)
    assert book.allocation.left["A", "SHOP"] == 5


def test_a_window_is_never_in_the_past_however_old_the_data() -> None:
    snapshot = shop(purchase_orders=[out("SOON", 9, 10)], backorders=[backorder("W1")])
    today = AS_OF + timedelta(days=30)

    (line,) = book_of(snapshot, today=today).lines

    assert line.span is not None
    assert line.span.first >= today


def test_bad_records_promise_nothing_that_is_not_there() -> None:
    never = [out("NEVER", 300, 50, code="GHOST")]
    snapshot = shop(
        suppliers=[{"supplier": "ACME"}, {"supplier": "GHOST"}],
        stock=[shelf(-5), shelf(8, "B", reserved=20)],
        receipts=[{"po": "UNKNOWN", "line": 7, "received_on": day(-1), "units": 99}],
        purchase_orders=never,
        backorders=[backorder("W1", 2), backorder("W2", 2, location="NOWHERE"),
                    backorder("W3", 0), backorder("W4", 1, sku="GONE", contact_ref=None)],
    )  # fmt: skip

    book = book_of(snapshot, NO_LEAD)

    assert all(units == 0 for units in book.allocation.left.values())
    assert [line.line.order_line for line in book.lines] == ["W1", "W2", "W4"]
    assert [line.held for line in book.lines] == [0, 0, 0]
    assert {line.basis for line in book.lines[1:]} == {"none"}


def test_an_order_without_dates_is_promised_by_its_lane() -> None:
    snapshot = shop(purchase_orders=[out("PLAIN", 5, 10, promised_on=None, confirmed_on=None)],
                    backorders=[backorder("W1")])  # fmt: skip

    (line,) = book_of(snapshot).lines

    assert line.span is not None
    # Eight to twelve days from the order, five of them gone.
    assert day(3) <= line.span.first <= line.span.last <= day(8)


def test_an_overdue_order_keeps_days_ahead_of_it_and_is_at_risk() -> None:
    snapshot = shop(purchase_orders=[out("LATE", 25, 10)], backorders=[backorder("W1")])

    (line,) = book_of(snapshot).lines

    assert line.span is not None
    assert date.min < AS_OF <= line.span.first < line.span.last
    assert line.span.overdue
    assert line.at_risk


def test_handling_comes_on_top_of_every_window() -> None:
    snapshot = shop(stock=[shelf(1)], purchase_orders=[out("SOON", 9, 10)])
    slow = PromisePolicy(handling_days=2)

    found = offer(snapshot, policy=slow)

    assert promise_of(found, 1, slow, AS_OF).span is not None
    assert promise_of(found, 1, slow, AS_OF).span.first == day(2)  # type: ignore[union-attr]  a promise without a span fails here
    quick = promise_of(offer(snapshot), 2, PromisePolicy(), AS_OF).span
    later = promise_of(found, 2, slow, AS_OF).span
    assert quick is not None
    assert later is not None
    assert later.last - quick.last == timedelta(days=2)


def test_who_is_served_days_after_the_count_still_waits_for_the_handling() -> None:
    snapshot = shop(stock=[shelf(5)], backorders=[backorder("W1", 5)])

    (line,) = book_of(snapshot, PromisePolicy(handling_days=2), today=day(4)).lines

    assert line.span is not None
    assert (line.span.first, line.span.last) == (day(6), day(6))
