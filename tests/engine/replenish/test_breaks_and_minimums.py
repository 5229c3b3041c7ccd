"""Price breaks and minimums: taken where they pay, refused where they do not (acid 5, 6, 7)."""

from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np
import pytest

from engine.replenish import Candidates, compose_plan
from support.replenish import PLAIN, Item, candidates_for, ordered, plan_for
from support.supply import order


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


@pytest.mark.parametrize("room", [{"capacity_units": 300}, {"capacity_volume_l": 300.0}])
def test_a_price_break_is_lost_where_there_is_no_room_for_it(room: dict[str, Any]) -> None:
    item = Item(weekly=25, price=20, cost=7.5, terms={"tiers": "400:6.80"}, item={"volume_l": 1.0})
    config = replace(PLAIN, holding_rate=0.3, capital_rate=0.0)
    tight, wide = (
        plan_for([item], config=config, locations=[{"location": "MAIN", **capacity}])
        for capacity in (room, {name: 4 * most for name, most in room.items()})
    )

    assert ordered(wide)["A", "MAIN"] >= 400
    assert ordered(tight)["A", "MAIN"] < 100
    assert tight.cuts["cause"].tolist() == ["room:MAIN"]


def test_a_location_never_gets_more_than_it_has_room_for() -> None:
    """Twenty-five are there, fifteen on their way: sixty leave room for what is sold by then."""
    coming = order("P1", 3, 15)
    items = [Item(weekly=20, on_hand=25), Item(sku="B", weekly=30)]
    capacity = [{"location": "MAIN", "capacity_units": 60}]
    candidates = candidates_for(items, locations=capacity, purchase_orders=[coming])
    plan = compose_plan(candidates, None)
    free = float(candidates.rooms["free_units"].iloc[0])

    assert 60 - 40 <= free <= 60 - 15
    assert 0 < plan.lines["units"].sum() <= free


def test_a_location_that_is_full_gets_nothing() -> None:
    items = [Item(on_hand=70), Item(sku="B", weekly=30)]
    plan = plan_for(items, locations=[{"location": "MAIN", "capacity_units": 60}])

    assert plan.lines.empty
    assert plan.cuts["cause"].tolist() == ["room:MAIN"]


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


ASSORTED = [
    Item(sku=sku, weekly=weekly, price=price, item={"volume_l": 10.0})
    for sku, weekly, price in (("A", 20, 30), ("B", 15, 14), ("C", 12, 22))
]


def asked(**terms: Any) -> list[dict[str, Any]]:
    return [{"supplier": "ACME", "lead_time_days": 7.0, "payment_days": 0, **terms}]


def best_by_trying(candidates: Candidates, least_minor: int) -> float:
    """The value of the best of all combinations that cost so much together."""
    spans = [
        slice(int(a), int(b))
        for a, b in zip(candidates.first[:-1], candidates.first[1:], strict=True)
    ]
    cost, value = (
        reduce(np.add.outer, [values[span] for span in spans])
        for values in (candidates.cost_minor, candidates.value)
    )
    return float(value[cost >= least_minor].max())


def test_a_minimum_short_by_forty_is_topped_up_by_what_is_worth_most_not_in_proportion() -> None:
    free = plan_for(ASSORTED)
    least = int(free.lines["cost_minor"].sum()) + 4_000
    terms = asked(minimum_value_micros=least * 10_000)
    candidates = candidates_for(ASSORTED, suppliers=terms)
    plan = compose_plan(candidates, None)
    more = {key: units - ordered(free)[key] for key, units in ordered(plan).items()}

    assert plan.lines["cost_minor"].sum() >= least
    assert plan.allocation.value_minor == int(best_by_trying(candidates, least))
    assert sum(more.values()) == 4  # of ten pounds each
    shares = {key: 4 * ordered(free)[key] / sum(ordered(free).values()) for key in more}
    assert any(abs(more[key] - shares[key]) > 0.5 for key in more)


def test_a_container_at_ninety_three_percent_is_filled_by_what_is_worth_most() -> None:
    free = plan_for(ASSORTED)
    litres = 10.0 * free.lines["units"].sum()
    size = litres / 0.93
    plan = plan_for(ASSORTED, suppliers=asked(container_volume_l=size, container_fill_percent=98.0))
    filled = 10.0 * plan.lines["units"].sum()

    assert 0.98 * size <= filled <= size
    assert plan.lines["reason"].str.contains("to fill the container").any()
    assert any(dict(steps).get("full container", 0) > 0 for steps in plan.lines["steps"])
    assert plan.allocation.value_minor < free.allocation.value_minor


def test_a_container_that_could_never_be_filled_is_not_sent() -> None:
    huge = asked(container_volume_l=60_000.0, container_fill_percent=90.0)

    assert plan_for(ASSORTED, suppliers=huge).lines.empty
