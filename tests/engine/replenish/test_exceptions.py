"""What is worth a planner's minutes, and that nothing is told twice."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.model.decisions import Decisions
from engine.model.plan import (
    EXCEPTION_CODES,
)
from engine.replenish import build_candidates
from engine.supply import lead_times
from support.replenish import (
    PLAIN,
    Item,
    candidates_for,
    codes,
    company,
    forecast_of,
    ordered,
    plan_for,
)
from support.supply import day


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


def test_a_stockout_that_no_order_can_prevent_is_an_exception_with_its_money() -> None:
    plan = plan_for([Item(weekly=70, on_hand=10, price=30)])
    risk = plan.exceptions.set_index("code").loc["stockout_risk"]

    # Ten a day against ten in stock, a week of lead time: sixty are lost at 20 each.
    assert risk["facts"]["lost_units"] == pytest.approx(60, rel=0.05)
    assert risk["at_stake_minor"] == pytest.approx(120_000, rel=0.05)
    assert risk["key"] == "stockout_risk:A:MAIN::"


def test_overstock_is_an_exception_at_its_cost() -> None:
    plan = plan_for([Item(weekly=7, on_hand=300)])
    over = plan.exceptions.set_index("code").loc["overstock"]

    assert over["facts"]["excess_units"] == pytest.approx(300 - 182, abs=4)
    assert over["at_stake_minor"] == over["facts"]["excess_units"] * 1_000


def test_phantom_stock_is_an_exception_and_is_not_moved_elsewhere() -> None:
    items = [
        Item(location="ONE", weekly=1, on_hand=200, price=40),
        Item(location="TWO", weekly=20, on_hand=0, price=40),
    ]
    phantom = pd.DataFrame(
        [("phantom-stock", "A", "ONE", "No sale for long", np.nan)],
        columns=["code", "sku", "location", "message", "units"],
    )

    assert len(plan_for(items).transfers) == 1
    doubted = plan_for(items, findings=phantom)
    assert "phantom_stock" in codes(doubted)
    assert doubted.transfers.empty


def test_low_confidence_with_high_value_waits_and_is_an_exception() -> None:
    dear = Item(weekly=40, price=100, cost=50)
    sure, unsure = plan_for([dear]), plan_for([replace(dear, confidence="low")])
    cheap = plan_for([Item(weekly=10)], config=PLAIN)

    assert "low_confidence" in codes(unsure) - codes(sure)
    assert sure.lines["tier"].tolist() == ["wait"]
    assert cheap.lines["tier"].tolist() == ["auto_approve"]


def test_a_supplier_whose_minimum_is_not_reached_is_an_exception() -> None:
    supplier = {
        "supplier": "ACME", "lead_time_days": 7.0, "payment_days": 0,
        "minimum_value_micros": 90_000 * 1e6,
    }  # fmt: skip
    short = plan_for([Item(weekly=10)], suppliers=[supplier])
    notice = short.exceptions.set_index("code").loc["supplier_minimum"]

    assert short.lines.empty
    assert notice["facts"] == {"wanted_minor": 18_000, "minimum_minor": 9_000_000}
    assert notice["at_stake_minor"] == plan_for([Item(weekly=10)]).lines["value_minor"].iloc[0]


def test_every_code_of_an_exception_has_a_meaning() -> None:
    plan = plan_for([Item(weekly=100, on_hand=3), Item(sku="B", on_hand=900)], 10_000)

    assert codes(plan) <= set(EXCEPTION_CODES)


def test_a_cut_that_hurts_is_an_exception() -> None:
    assert "budget_cut" in codes(plan_for([Item(weekly=100)], 10_000))


def test_demand_that_ran_away_is_told_of_the_store_and_not_of_the_hub_that_feeds_it() -> None:
    """The hub sells nothing, so it has no row among the series that the drifts are of."""
    items = [
        Item(sku="A", location="STORE", weekly=200, on_hand=900),
        Item(sku="B", location="STORE", weekly=5, on_hand=40),
    ]
    places = [{"location": "HUB"}, {"location": "STORE", "supplied_from": "HUB"}]
    world, forecast = company(items, locations=places), forecast_of(items)
    series = forecast.series.assign(
        drift_units=[0.0, -90.0], drift_share=[0.0, -0.9], tracking_signal=[0.0, -6.0]
    )
    drifted = replace(forecast, series=series)

    found = build_candidates(world, drifted, lead_times(world, PLAIN), Decisions(), PLAIN).notices

    told = found[found["code"] == "demand_drift"]
    assert told[["sku", "location"]].to_numpy().tolist() == [["B", "STORE"]]
    assert told["at_stake_minor"].tolist() == [90 * 10 * 100]
