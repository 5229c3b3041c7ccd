"""What is worth a planner's minutes, and that nothing is told twice."""

import numpy as np
import pandas as pd
import pytest

from engine.model.plan import Plan
from support.replenish import Item, candidates_for, ordered, plan_for
from support.supply import day


def codes(plan: Plan) -> set[str]:
    return set(plan.exceptions["code"])


def test_what_is_worth_a_planners_minutes_grows_with_the_company() -> None:
    """Twenty a week missed at 20 each: much for a small company, nothing beside a big one."""
    short = Item(weekly=20, price=30)
    big = Item(sku="BIG", weekly=70_000, price=30, on_hand=10_000_000)

    assert codes(plan_for([short])) == {"stockout_risk"}
    beside = plan_for([short, big]).exceptions
    assert set(beside["sku"]) <= {"BIG"}
    assert candidates_for([short, big]).rules.least_at_stake_minor == pytest.approx(
        0.01 * 70_020 * 2_000, abs=1
    )


def test_the_company_sets_no_limit_below_the_least_worth_a_look() -> None:
    assert candidates_for([Item(weekly=1)]).rules.least_at_stake_minor == 2_000


def test_stock_that_may_not_be_there_is_asked_about_in_a_big_company_too() -> None:
    items = [Item(on_hand=20), Item(sku="BIG", weekly=70_000, price=30, on_hand=10_000_000)]
    phantom = pd.DataFrame(
        [("phantom-stock", "A", "MAIN", "No sale for long", np.nan)],
        columns=["code", "sku", "location", "message", "units"],
    )

    assert "phantom_stock" in codes(plan_for(items, findings=phantom))


def test_what_an_order_placed_now_saves_is_no_stockout_risk() -> None:
    """Stock lasts ten days, an order comes in seven."""
    plan = plan_for([Item(weekly=70, on_hand=100, price=30)])

    assert ordered(plan)
    assert "stockout_risk" not in codes(plan)


def test_an_item_that_is_no_longer_bought_may_run_out() -> None:
    ended = Item(weekly=70, on_hand=10, price=30, item={"status": "discontinued"})

    assert "stockout_risk" not in codes(plan_for([ended]))


def test_a_place_that_waits_for_a_late_order_is_one_exception() -> None:
    """Two late lines share the margin that is missed; the same money is not reported twice."""
    late = [
        {
            "po": f"P{n}", "line": 1, "supplier": "ACME", "sku": "A", "location": "MAIN",
            "ordered_on": day(-60), "promised_on": day(-20), "units": units,
        }
        for n, units in ((1, 30), (2, 10))
    ]  # fmt: skip
    item = Item(weekly=700, price=30)
    found = plan_for([item], purchase_orders=late).exceptions
    first, second = found["at_stake_minor"].tolist()

    assert found["code"].tolist() == ["late_supply", "late_supply"]
    assert found["po"].tolist() == ["P1", "P2"]
    assert first == pytest.approx(3 * second, abs=3)


def test_one_item_in_two_places_is_two_exceptions() -> None:
    items = [Item(location=name, weekly=70, price=30) for name in ("ONE", "TWO")]

    assert plan_for(items).exceptions["location"].sort_values().tolist() == ["ONE", "TWO"]
