import pytest

from engine.model.config import PlanConfig
from engine.supply import lead_times, scorecard
from support.supply import day, order, receipt, supply_snapshot


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
    assert score["on_time_share"] == 0.5
    assert score["in_full_share"] == 0.5
    assert score["rejected_share"] == pytest.approx(1 / 25)


def test_a_supplier_that_gets_slower_has_a_positive_trend() -> None:
    leads = [10, 10, 20, 20]
    orders = [order(f"P{i}", 200 - 10 * i) for i in range(4)]
    receipts = [receipt(f"P{i}", 200 - 10 * i - lead) for i, lead in enumerate(leads)]
    snapshot = supply_snapshot(purchase_orders=orders, receipts=receipts)

    score = scorecard(snapshot, lead_times(snapshot, PlanConfig())).iloc[0]

    assert score["trend_days"] == 10
