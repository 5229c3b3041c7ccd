"""Price breaks and minimums: taken where they pay, refused where they do not (acid 5, 6, 7)."""

from dataclasses import replace
from typing import Any

import pytest

from support.replenish import (
    PLAIN,
    Item,
    ordered,
    plan_for,
)


def at_holding(rate: float, **other: Any) -> int:
    item = Item(weekly=25, price=20, cost=7.5, terms={"tiers": "400:6.80"}, **other)
    config = replace(PLAIN, holding_rate=rate, capital_rate=0.0)
    return ordered(plan_for([item], config=config)).get(("A", "MAIN"), 0)


def test_a_price_break_is_taken_while_holding_is_cheap_and_refused_when_it_is_dear() -> None:
    assert at_holding(0.3) >= 400
    assert 0 < at_holding(1.2) < 100


def test_a_price_break_is_lost_when_the_extra_stock_would_outlive_its_shelf() -> None:
    assert at_holding(0.3, item={"shelf_life_days": 30}) < 100
    assert at_holding(0.3, item={"shelf_life_days": 365}) >= 400


def test_a_price_break_is_lost_when_the_budget_does_not_reach_it() -> None:
    item = Item(weekly=25, price=20, cost=7.5, terms={"tiers": "400:6.80"})
    plan = plan_for([item], 100_000)

    assert ordered(plan)["A", "MAIN"] < 134
    missed = plan.exceptions[plan.exceptions["code"] == "price_break"].iloc[0]
    assert missed["facts"]["break_units"] >= 400


def test_a_minimum_that_is_two_years_of_cover_is_refused_with_alternatives() -> None:
    plan = plan_for([Item(weekly=1, terms={"minimum_units": 104})])

    assert plan.lines.empty
    notice = plan.exceptions.set_index("code").loc["minimum_above_cover"]
    assert notice["facts"]["refused"]
    assert notice["facts"]["cover_days"] == pytest.approx(728, rel=0.05)
    assert 0 < notice["facts"]["needed_units"] < 10
    assert notice["at_stake_minor"] > 0


def test_a_minimum_of_a_quarter_is_bought_when_the_long_run_pays() -> None:
    plan = plan_for([Item(weekly=8, terms={"minimum_units": 104})])

    assert ordered(plan) == {("A", "MAIN"): 104}
    assert dict(plan.lines["steps"].iloc[0])["item minimum"] > 70


def test_a_supplier_minimum_tops_up_or_keeps_the_order_back() -> None:
    def with_minimum(value: float) -> dict[tuple[str, str], int]:
        supplier = {
            "supplier": "ACME", "lead_time_days": 7.0, "payment_days": 0,
            "minimum_value_micros": value * 1e6,
        }  # fmt: skip
        return ordered(plan_for([Item(weekly=10)], suppliers=[supplier]))

    assert with_minimum(0) == {("A", "MAIN"): 18}
    assert with_minimum(220) == {("A", "MAIN"): 22}
    assert with_minimum(50_000) == {}
