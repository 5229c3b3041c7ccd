from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from engine.errors import InvalidInput
from engine.model.config import PlanConfig
from engine.model.decisions import OPEN_ORDERS, Decisions
from engine.model.snapshot import Snapshot
from engine.model.supply import LeadTimes
from engine.supply import Inbound, inbound, lane_rows, lead_times, remaining_pmf
from support.demand import AS_OF
from support.supply import Row, day, delivered, order, receipt, supplier, supply_snapshot

CONFIG = PlanConfig()


def arriving(snapshot: Snapshot, drafts: list[Row] | None = None) -> Inbound:
    orders = pd.DataFrame(drafts or [], columns=list(OPEN_ORDERS))
    times = lead_times(snapshot, CONFIG)
    return inbound(snapshot, times, Decisions(open_orders=orders), AS_OF)


def expected_days(found: Inbound) -> list[float]:
    return (found.arrival @ np.arange(found.arrival.shape[1])).tolist()


def draft(**other: object) -> Row:
    return {
        "po": "D1", "line": 1, "supplier": "ACME", "sku": "A", "location": "MAIN", "units": 24,
        "state": "draft", "ordered_on": None, "drafted_on": None, **other,
    }  # fmt: skip


def test_what_is_open_is_ordered_less_cancelled_less_received() -> None:
    found = arriving(
        supply_snapshot(
            purchase_orders=[
                order("P1", 5, 100, cancelled_units=20), order("P2", 5, 10), order("P3", 5, 50),
                order("P4", 5, 80, confirmed_units=60),
            ],
            receipts=[
                receipt("P1", 1, 30), receipt("P2", 1, 10), receipt("P3", 1, 45, rejected_units=5),
            ],
        )
    )  # fmt: skip

    assert found.lines[["po", "units"]].to_numpy().tolist() == [["P1", 50], ["P4", 60]]


def test_drafts_count_as_supply_wherever_they_stand_in_approval() -> None:
    states = ["draft", "proposed", "approved", "cancelled", "rejected", "superseded"]
    drafts = [draft(po=f"D-{state}", state=state) for state in states]

    found = arriving(supply_snapshot(suppliers=[supplier(lead_time_days=10.0)]), drafts)

    assert found.lines["state"].tolist() == ["approved", "draft", "proposed"]
    assert found.arrival.sum(axis=1) == pytest.approx(1.0)
    assert expected_days(found) == pytest.approx([10.0] * 3, abs=0.1)


def test_a_postponed_draft_still_counts_and_arrives_later() -> None:
    snapshot = supply_snapshot(suppliers=[supplier(lead_time_days=10.0)])

    now = arriving(snapshot, [draft()])
    later = arriving(snapshot, [draft(ordered_on=day(14))])

    assert later.lines["units"].tolist() == [24]
    assert expected_days(later)[0] == pytest.approx(expected_days(now)[0] + 14)


def test_an_order_that_the_snapshot_holds_by_now_is_not_counted_twice() -> None:
    found = arriving(supply_snapshot(purchase_orders=[order("D1", 0, 24)]), [draft(state="sent")])

    assert found.lines["units"].tolist() == [24]


CERTAIN = PlanConfig(lead_time_spread=0.0)


def due_today(**other: object) -> Inbound:
    """A fortnight of lead time without spread, ordered a fortnight ago."""
    made = supply_snapshot(
        suppliers=[supplier(lead_time_days=14.0)], purchase_orders=[order("P1", 14, **other)]
    )
    return inbound(made, lead_times(made, CERTAIN), Decisions(), AS_OF)


def test_what_is_due_this_morning_arrives_this_morning_and_is_not_overdue() -> None:
    for found in (due_today(), due_today(promised_on=day(0))):
        assert found.arrival[0, 0] == pytest.approx(1.0)
        assert found.lines["overdue"].tolist() == [False]


def test_what_was_due_yesterday_is_overdue() -> None:
    assert due_today(promised_on=day(-1)).lines["overdue"].tolist() == [True]


def test_a_supplier_that_keeps_its_dates_delivers_on_the_as_of_day_too() -> None:
    past = [order(f"P{i}", 100 + i, confirmed_on=day(-80 - i)) for i in range(40)]
    came = [receipt(f"P{i}", 80 + i) for i in range(40)]
    now = order("NOW", 20, confirmed_on=day(0))

    found = arriving(supply_snapshot(purchase_orders=[*past, now], receipts=came))

    assert found.arrival[0, 0] > 0.9


def test_nothing_arrives_on_a_day_that_the_supplier_is_closed() -> None:
    shut = [{"supplier": "ACME", "start_date": day(0), "end_date": day(2)}]
    made = supply_snapshot(
        suppliers=[supplier(lead_time_days=14.0)], purchase_orders=[order("P1", 14)], closures=shut
    )
    found = inbound(made, lead_times(made, CERTAIN), Decisions(), AS_OF)

    assert found.arrival[0, 3] == pytest.approx(1.0)


def test_an_overdue_order_comes_some_day_from_today_on() -> None:
    orders, receipts = delivered([10, 11, 12] * 5)
    found = arriving(
        supply_snapshot(purchase_orders=[*orders, order("LATE", 90)], receipts=receipts)
    )

    assert found.lines["overdue"].tolist() == [True]
    assert found.arrival[0].sum() == pytest.approx(1.0)
    assert expected_days(found)[0] > 10


def test_an_order_lost_for_years_is_no_supply() -> None:
    found = arriving(supply_snapshot(purchase_orders=[order("GONE", 500)]))

    assert found.lines["lost"].tolist() == [True]
    assert found.arrival.sum() == 0


@pytest.mark.parametrize("state", ["sent", "send_unconfirmed", "draft"])
def test_an_order_of_ours_that_never_shows_up_is_lost_after_as_long_as_any_other(
    state: str,
) -> None:
    long_ago, less_long = pd.Timestamp(day(-181)), pd.Timestamp(day(-180))
    found = arriving(supply_snapshot(), [draft(state=state, ordered_on=long_ago)])
    is_out = state != "draft"
    assert found.lines["lost"].tolist() == [is_out]
    assert found.arrival.sum() == pytest.approx(0.0 if is_out else 1.0)
    waiting = arriving(supply_snapshot(), [draft(state=state, ordered_on=less_long)])
    assert waiting.lines["lost"].tolist() == [False]


def test_an_order_counts_in_the_data_or_here_by_its_number_and_supplier() -> None:
    ours = [
        draft(po="P1", state="sent", ordered_on=pd.Timestamp(day(-5))),
        draft(po="P2", supplier="OTHER"),
    ]
    data = supply_snapshot(
        suppliers=[supplier(), supplier(code="OTHER")],
        purchase_orders=[order("P1", 5, 100), order("P2", 5, 50)],
    )
    found = arriving(data, ours)
    assert found.lines[["po", "supplier", "units"]].to_numpy().tolist() == [
        ["P1", "ACME", 100], ["P2", "ACME", 50], ["P2", "OTHER", 24],
    ]  # fmt: skip


def test_a_closure_pushes_arrival_back() -> None:
    suppliers = [supplier(lead_time_days=5.0)]
    shut = [{"supplier": "ACME", "start_date": day(1), "end_date": day(10)}]

    open_ = arriving(supply_snapshot(suppliers=suppliers), [draft()])
    closed = arriving(supply_snapshot(suppliers=suppliers, closures=shut), [draft()])

    assert expected_days(closed)[0] == pytest.approx(expected_days(open_)[0] + 10)


def with_history_of_dates(confirmed: int) -> Snapshot:
    """Ten deliveries two days after the confirmed date each, and one order still out."""
    past = [order(f"P{i}", 100 + i, confirmed_on=day(-80 - i)) for i in range(10)]
    came = [receipt(f"P{i}", 78 + i) for i in range(10)]
    now = order("NOW", 5, confirmed_on=day(confirmed))
    return supply_snapshot(purchase_orders=[*past, now], receipts=came)


def test_a_confirmed_date_is_taken_as_far_as_the_supplier_keeps_to_dates() -> None:
    assert expected_days(arriving(with_history_of_dates(30)))[0] == pytest.approx(32, abs=0.2)


def test_a_supplier_that_confirms_later_moves_the_arrival() -> None:
    early = expected_days(arriving(with_history_of_dates(30)))[0]
    late = expected_days(arriving(with_history_of_dates(44)))[0]

    assert late == pytest.approx(early + 14, abs=1e-3)


def test_a_first_confirmed_date_moves_its_own_order_by_everyones_experience() -> None:
    """NEW has never delivered; OLD's ten deliveries came two days after what it confirmed."""
    made = with_history_of_dates(30)
    tables = {
        "purchase_orders": [
            *made["purchase_orders"].to_dict("records"),
            order("FIRST", 5, code="NEW", confirmed_on=day(60)),
            order("OTHER", 5, code="NEW"),
        ],
        "receipts": made["receipts"].to_dict("records"),
        "suppliers": [supplier(), supplier("NEW", lead_time_days=14.0)],
    }
    found = arriving(supply_snapshot(**tables))
    days = dict(zip(found.lines["po"], expected_days(found), strict=True))

    assert days["FIRST"] == pytest.approx(62, abs=0.5)
    assert days["OTHER"] < 45


def test_a_confirmed_date_that_nobodys_receipts_judge_stands_for_this_orders_lead_time() -> None:
    """Sixty days from order to the confirmed day, where the supplier states a fortnight."""
    made = supply_snapshot(
        suppliers=[supplier(lead_time_days=14.0)],
        purchase_orders=[order("FAR", 10, confirmed_on=day(50)), order("PLAIN", 10)],
    )
    found = arriving(made)
    far, plain = expected_days(found)
    spread = np.sqrt(found.arrival[0] @ (np.arange(found.arrival.shape[1]) - far) ** 2)

    assert far == pytest.approx(50, abs=1.5)
    assert spread == pytest.approx(0.25 * 60, rel=0.1)
    assert plain < 10


def test_confirmed_dates_are_learnt_apart_from_promised_ones() -> None:
    """Confirmed days are kept to the day; promised ones are passed by twenty."""
    sure = [order(f"C{i}", 100 + i, confirmed_on=day(-80 - i)) for i in range(10)]
    vague = [order(f"V{i}", 100 + i, promised_on=day(-80 - i)) for i in range(10)]
    came = [receipt(f"C{i}", 80 + i) for i in range(10)] + [
        receipt(f"V{i}", 60 + i) for i in range(10)
    ]
    now = [order("NOWC", 5, confirmed_on=day(30)), order("NOWV", 5, promised_on=day(30))]
    found = arriving(supply_snapshot(purchase_orders=[*sure, *vague, *now], receipts=came))
    days = dict(zip(found.lines["po"], expected_days(found), strict=True))

    assert 29 < days["NOWC"] < 35
    assert 45 < days["NOWV"] < 51


@cache
def three_deliveries() -> LeadTimes:
    orders, receipts = delivered([10, 11, 30])
    return lead_times(supply_snapshot(purchase_orders=orders, receipts=receipts), CONFIG)


@given(elapsed=st.integers(0, 400))
def test_remaining_time_is_a_whole_number_of_days(elapsed: int) -> None:
    times = three_deliveries()

    remaining = remaining_pmf(times, np.asarray([0]), np.asarray([elapsed]))

    assert (remaining >= 0).all()
    assert remaining.sum() == pytest.approx(1.0)


def test_a_supplier_nobody_knows_is_named_with_the_table_to_fix() -> None:
    times = lead_times(supply_snapshot(), CONFIG)

    with pytest.raises(InvalidInput, match="No lead time for supplier 'WHO'; add it to suppliers"):
        lane_rows(times, ["WHO"], ["A"], ["MAIN"])


def test_the_lane_of_an_order_is_its_items_statement_else_its_ship_tos() -> None:
    """Where an order goes tells more than what is in it, unless the item states its own time."""
    near, near_came = delivered([10] * 8, sku="A", location="NEAR")
    far, far_came = delivered([30] * 8, sku="B", location="FAR")
    times = lead_times(
        supply_snapshot(
            purchase_orders=[*near, *far],
            receipts=[*near_came, *far_came],
            supplier_items=[{"supplier": "ACME", "sku": "S", "lead_time_days": 50.0}],
        ),
        CONFIG,
    )

    def lane_of(sku: str, location: str) -> tuple[str | None, str | None]:
        row = times.lanes.iloc[int(lane_rows(times, ["ACME"], [sku], [location])[0])]
        return row["sku"], row["location"]

    assert lane_of("A", "FAR") == (None, "FAR")
    assert lane_of("S", "FAR") == ("S", None)
    assert lane_of("A", "ELSEWHERE") == ("A", None)
    assert lane_of("NEVER", "ELSEWHERE") == (None, None)
