import pandas as pd
import pytest

from engine.measure.on_time_in_full import on_time_in_full
from engine.model.config import PlanConfig
from engine.model.period import Period
from engine.supply import lead_times, scorecard
from engine.supply.freed import freed_stock
from support.supply import AS_OF, day, order, receipt, supplier, supply_snapshot


def test_a_scorecard_by_hand() -> None:
    """Four lines: on time in full, late, on time but short, and one overdue without anything."""
    snapshot = supply_snapshot(
        purchase_orders=[
            order("P1", 100, 10, promised_on=day(-80)),
            order("P2", 90, 10, promised_on=day(-70)),
            order("P3", 80, 10, promised_on=day(-60), cancelled_units=0),
            order("P4", 30, 10, promised_on=day(-10)),
        ],
        receipts=[
            receipt("P1", 80, 9, rejected_units=1),
            receipt("P2", 60, 10),
            receipt("P3", 60, 5),
        ],
    )

    score = scorecard(snapshot, lead_times(snapshot, PlanConfig())).iloc[0]

    assert (score["lines"], score["open_lines"], score["overdue_lines"]) == (4, 2, 2)
    assert score["judged_lines"] == 4
    assert score["on_time_share"] == 0.5  # P1 and P3: what came, came in time
    assert score["in_full_share"] == 0.25  # P2; of P1 only nine were good
    assert score["otif_share"] == 0
    assert score["delivered_share"] == (9 + 10 + 5) / 40
    assert score["late_days"] == pytest.approx(10 / 3)
    assert score["promised_days"] == 20
    assert score["rejected_share"] == pytest.approx(1 / 25)


def test_a_supplier_that_gets_slower_has_a_positive_trend() -> None:
    leads = [10, 10, 20, 20]
    orders = [order(f"P{i}", 200 - 10 * i) for i in range(4)]
    receipts = [receipt(f"P{i}", 200 - 10 * i - lead) for i, lead in enumerate(leads)]
    snapshot = supply_snapshot(purchase_orders=orders, receipts=receipts)

    score = scorecard(snapshot, lead_times(snapshot, PlanConfig())).iloc[0]

    assert score["trend_days"] == 10


def test_the_scorecard_and_the_key_figure_judge_the_same_lines_alike() -> None:
    orders = [order(f"P{i}", 100 - i, 10, promised_on=day(-70)) for i in range(8)]
    receipts = [receipt(f"P{i}", 68 + i % 4, 10 - (i > 5)) for i in range(8)]
    snapshot = supply_snapshot(purchase_orders=orders, receipts=receipts)

    score = scorecard(snapshot, lead_times(snapshot, PlanConfig())).iloc[0]
    kpi = on_time_in_full(
        snapshot["purchase_orders"],
        snapshot["receipts"],
        Period(start=day(-365), end=day(-1)),
        AS_OF,
    )

    assert score["otif_share"] == kpi.value
    assert 0 < score["otif_share"] < score["in_full_share"]


def test_prices_are_held_against_the_list_at_the_quantity_ordered() -> None:
    """200 at 9.90 where the break at 100 says 9, and 10 at the listed 10: 2080 to 1900."""
    snapshot = supply_snapshot(
        supplier_items=[
            {"supplier": "ACME", "sku": "A", "unit_cost_micros": 10_000_000, "tiers": "100:9.00"}
        ],
        purchase_orders=[
            order("P1", 100, 200, unit_cost_micros=9_900_000),
            order("P2", 90, 10, unit_cost_micros=10_000_000),
            order("P3", 80, 10, unit_cost_micros=99_000_000, currency="JPY"),
        ],
    )

    score = scorecard(snapshot, lead_times(snapshot, PlanConfig())).iloc[0]

    assert score["price_variance"] == pytest.approx(2080 / 1900 - 1)


def test_confirmed_dates_and_cancellations_are_told_apart_from_promises() -> None:
    snapshot = supply_snapshot(
        suppliers=[supplier(lead_time_days=14.0)],
        purchase_orders=[
            order("P1", 50, 10, promised_on=day(-35), confirmed_on=day(-30)),
            order("P2", 40, 10, promised_on=day(-20), confirmed_on=day(-10), cancelled_units=5),
        ],
    )

    score = scorecard(snapshot, lead_times(snapshot, PlanConfig())).iloc[0]

    assert (score["stated_days"], score["promised_days"], score["confirmed_days"]) == (14, 17.5, 25)
    assert score["promised_sd_days"] == 2.5
    assert score["cancelled_share"] == 0.25


def test_orders_of_long_ago_are_left_out_unless_they_are_open() -> None:
    snapshot = supply_snapshot(
        purchase_orders=[order("OLD", 500), order("OUT", 450), order("NEW", 50)],
        receipts=[receipt("OLD", 480), receipt("NEW", 30)],
    )

    score = scorecard(snapshot, lead_times(snapshot, PlanConfig())).iloc[0]

    assert (score["lines"], score["open_lines"]) == (2, 1)


SCORES = pd.DataFrame(
    {
        "supplier": ["ACME", "CALM"],
        "mean_days": [14.0, 14.0],
        "sd_days": [4.0, 1.0],
        "best_quarter_sd_days": [0.0, 2.0],
        "promised_sd_days": [float("nan"), 0.0],
    }
)


def test_the_money_that_a_better_spread_frees_by_hand() -> None:
    """Ten a day +-3, two weeks +-4 days and no review: sd 41.5452 (golden), 11.225 without."""
    needs = pd.DataFrame(
        {
            "supplier": ["ACME", "CALM"],
            "daily_units": 10.0,
            "daily_sd": 3.0,
            "unit_cost_minor": 250.0,
        }
    )
    freed = freed_stock(SCORES, needs, PlanConfig(review_days=0, service_target=0.95))
    by_supplier = freed.set_index("supplier")

    z = 1.6448536
    assert by_supplier.loc["ACME", "safety_minor"] == pytest.approx(250 * z * 41.5452, rel=1e-5)
    assert by_supplier.loc["ACME", "freed_best_quarter_minor"] == pytest.approx(
        250 * z * (41.5452 - 11.22497), rel=1e-5
    )
    assert pd.isna(by_supplier.loc["ACME", "freed_promised_minor"])
    assert by_supplier.loc["CALM", "freed_best_quarter_minor"] == 0
    assert by_supplier.loc["CALM", "freed_promised_minor"] > 0


def test_a_steady_quarter_is_the_target_and_thin_quarters_are_none() -> None:
    steady = [(200 - i, 20) for i in range(6)]
    wild = [(100 - i, 10 + 8 * i) for i in range(6)]
    orders = [order(f"P{ago}", ago) for ago, _ in [*steady, *wild]]
    receipts = [receipt(f"P{ago}", ago - lead) for ago, lead in [*steady, *wild]]
    snapshot = supply_snapshot(purchase_orders=orders, receipts=receipts)

    score = scorecard(snapshot, lead_times(snapshot, PlanConfig())).iloc[0]

    assert score["best_quarter_sd_days"] == pytest.approx(0, abs=1e-9)
    assert score["sd_days"] > 5


def test_a_supplier_that_never_delivers_stands_with_nothing_delivered() -> None:
    orders = [order(f"P{i}", 200 - 20 * i, 10, promised_on=day(-180 + 20 * i)) for i in range(6)]
    snapshot = supply_snapshot(purchase_orders=orders)

    score = scorecard(snapshot, lead_times(snapshot, PlanConfig())).iloc[0]

    assert (score["otif_share"], score["delivered_share"], score["overdue_lines"]) == (0, 0, 6)
    assert pd.isna(score["trend_days"])
    assert score["mean_days"] > 30  # it states nothing and is assumed to need a fortnight


def test_orders_that_are_cancelled_whole_give_a_chance_of_never_coming() -> None:
    kept = [order(f"K{i}", 200 - 10 * i) for i in range(8)]
    gone = [order(f"G{i}", 195 - 10 * i, 10, cancelled_units=10) for i in range(4)]
    came = [receipt(f"K{i}", 190 - 10 * i) for i in range(8)]
    snapshot = supply_snapshot(purchase_orders=[*kept, *gone], receipts=came)

    score = scorecard(snapshot, lead_times(snapshot, PlanConfig())).iloc[0]

    assert 0.15 < score["lost_share"] < 1 / 3
    assert score["cancelled_share"] == pytest.approx(1 / 3)
