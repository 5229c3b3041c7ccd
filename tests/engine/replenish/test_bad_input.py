"""Bad input is named, and nothing is ordered rather than something wrong."""

from typing import Any

import pandas as pd
import pytest

from engine.model.decisions import BUDGETS, Decisions
from engine.model.plan import Plan
from support.replenish import Item, codes, ordered, plan_for
from support.supply import day, order

ACME = {"supplier": "ACME", "lead_time_days": 7.0, "payment_days": 0}


def said(plan: Plan, code: str) -> list[str]:
    """Why, by the exceptions of a kind."""
    return [str(facts["why"]) for facts in plan.exceptions.set_index("code").loc[[code], "facts"]]


def safe(plan: Plan) -> None:
    """Nothing negative, nothing in broken packs, nothing above the budget."""
    assert (plan.lines["units"] > 0).all()
    assert (plan.lines["units"] % plan.lines["case_pack"] == 0).all()
    assert (plan.lines["cost_minor"] >= 0).all()
    assert (plan.transfers["units"] > 0).all()
    budget = plan.allocation.budget_minor
    assert budget is None or plan.lines["cost_minor"].sum() <= max(budget, 0)


@pytest.mark.parametrize(
    ("item", "tables", "why"),
    [
        (Item(supplier=None), {"supplier_items": [], "suppliers": []}, "no supplier"),
        (
            Item(),
            {"suppliers": [{"supplier": "ACME", "currency": "USD", "lead_time_days": 7.0}]},
            "no exchange rate for USD",
        ),
        (
            Item(),
            {
                "suppliers": [{"supplier": "ACME", "currency": "EUR", "lead_time_days": 7.0}],
                "fx_rates": [{"date": day(-9), "currency": "EUR", "rate": 0.0}],
            },
            "no exchange rate for EUR",
        ),
        (
            Item(),
            {"purchase_orders": [order(f"P{n}", 400 + 30 * n) for n in range(3)]},
            "its supplier has never delivered",
        ),
    ],
)
def test_what_cannot_be_bought_is_named_and_nothing_is_ordered(
    item: Item, tables: dict[str, Any], why: str
) -> None:
    plan = plan_for([item], **tables)

    assert plan.lines.empty
    assert said(plan, "cannot_buy") == [why]


def test_a_supplier_that_never_delivered_is_passed_over_for_one_that_may() -> None:
    rows = [
        {"supplier": name, "sku": "A", "unit_cost_micros": 10e6, "rank": rank}
        for rank, name in enumerate(("ACME", "OTHER"), start=1)
    ]
    orders = [order(f"P{n}", 400 + 30 * n) for n in range(3)]
    both = [ACME, {**ACME, "supplier": "OTHER"}]
    plan = plan_for([Item()], suppliers=both, supplier_items=rows, purchase_orders=orders)

    assert plan.lines["supplier"].tolist() == ["OTHER"]


@pytest.mark.parametrize(
    ("supplier", "listing", "why"),
    [
        ({"lead_time_days": None}, {}, "no lead time: the usual one is assumed"),
        ({"lead_time_days": 0.0}, {}, "a lead time of zero: orders arrive on their day"),
        (
            {"incoterm": "fob"},
            {},
            "FOB without a freight: its goods are valued as if it cost nothing",
        ),
        ({}, {"case_pack": 0}, "a pack below one unit: single units are ordered"),
        ({}, {"minimum_units": -5}, "a minimum below one unit: none counts"),
        ({}, {"tiers": "50:11|90:12"}, "prices that rise with the quantity: they count as stated"),
        ({}, {"tiers": "fifty:11"}, "price breaks that cannot be read: the unit cost counts"),
        ({}, {"tiers": "50:0"}, "price breaks without a price: the unit cost counts"),
    ],
)
def test_terms_that_cannot_be_meant_are_named_and_the_order_is_one_that_can_be_placed(
    supplier: dict[str, Any], listing: dict[str, Any], why: str
) -> None:
    plan = plan_for([Item(weekly=30, terms=listing)], suppliers=[{**ACME, **supplier}])

    assert said(plan, "odd_terms") == [why]
    safe(plan)
    assert ordered(plan)


def test_sound_terms_are_not_doubted() -> None:
    plan = plan_for([Item(terms={"tiers": "50:9|90:8", "case_pack": 6, "minimum_units": 12})])

    assert "odd_terms" not in codes(plan)


@pytest.mark.parametrize(
    ("supplier", "listing"),
    [
        ({"incoterm": "EXW", "freight_percent": 4.0}, {}),
        ({"incoterm": "FOB", "container_cost_micros": 900_000_000}, {}),
        ({"incoterm": "EXW"}, {"freight_per_unit_micros": 200_000}),
        ({"incoterm": "DAP"}, {}),
        ({"incoterm": "CIF"}, {}),
    ],
)
def test_freight_that_is_stated_or_the_sellers_is_not_doubted(
    supplier: dict[str, Any], listing: dict[str, Any]
) -> None:
    plan = plan_for([Item(terms=listing)], suppliers=[{**ACME, **supplier}])

    assert "odd_terms" not in codes(plan)


def test_a_price_that_rises_is_what_the_order_costs() -> None:
    plan = plan_for([Item(weekly=30, price=40, terms={"tiers": "20:12"})])
    line = plan.lines.iloc[0]

    assert line["units"] >= 20
    assert line["cost_minor"] == line["units"] * 1_200


@pytest.mark.parametrize("budget", [0, -1, -1_000_000, 1])
def test_no_money_buys_nothing_and_says_what_is_lost(budget: int) -> None:
    plan = plan_for([Item(weekly=100)], budget)

    assert plan.lines.empty
    assert plan.cuts["cause"].tolist() == ["budget"]
    assert plan.cuts["expected_loss_minor"].iloc[0] > 0
    assert "budget_cut" in codes(plan)
    safe(plan)


def test_a_negative_budget_of_a_category_buys_nothing_of_it() -> None:
    spent = pd.DataFrame(
        [("category:goods", "2026-W48", 1_000, 5_000)], columns=list(BUDGETS)
    )  # overspent
    plan = plan_for([Item(weekly=100)], decisions=Decisions(budgets=spent))

    assert plan.lines.empty
    assert plan.cuts["cause"].tolist() == ["category:goods"]


def test_a_minimum_larger_than_any_budget_is_left_out_not_cut_to_fit() -> None:
    plan = plan_for([Item(weekly=30, terms={"minimum_units": 60})], 50_000)

    assert plan.lines.empty
    assert plan.cuts["units"].tolist() == [60]
    assert plan.cuts["cause"].tolist() == ["budget"]


def test_a_suppliers_minimum_larger_than_any_budget_orders_nothing_there() -> None:
    plan = plan_for([Item(weekly=100)], 90_000, suppliers=[{**ACME, "minimum_value_micros": 1e9}])

    assert plan.lines.empty
    assert len(plan.cuts) == 1
    safe(plan)


def test_circular_supply_is_cut_named_and_somebody_buys() -> None:
    places = [
        {"location": "ONE", "supplied_from": "TWO"},
        {"location": "TWO", "supplied_from": "THREE"},
        {"location": "THREE", "supplied_from": "ONE"},
    ]
    items = [Item(location=each["location"], price=40) for each in places]
    plan = plan_for(items, locations=places)
    notice = plan.exceptions.set_index("code").loc["circular_supply"]

    assert notice["location"] == "ONE"
    assert set(ordered(plan)) == {("A", "ONE")}
    safe(plan)


def test_a_location_that_is_full_already_is_named() -> None:
    items = [Item(on_hand=70), Item(sku="B", weekly=30)]
    plan = plan_for(items, locations=[{"location": "MAIN", "capacity_units": 60}])
    notice = plan.exceptions.set_index("code").loc["over_capacity"]

    assert notice["facts"]["units"] == 70
    assert notice["at_stake_minor"] == round(70 * 1_000 * (1 - 60 / 70))


def test_a_room_below_nothing_is_a_room_for_nothing() -> None:
    plan = plan_for([Item()], locations=[{"location": "MAIN", "capacity_units": -3}])

    assert plan.lines.empty
    assert plan.cuts["cause"].tolist() == ["room:MAIN"]


def test_a_negative_stock_record_counts_as_none() -> None:
    assert ordered(plan_for([Item(on_hand=-40)])) == ordered(plan_for([Item(on_hand=0)]))


def test_nothing_is_bought_of_a_discontinued_item() -> None:
    assert plan_for([Item(item={"status": "discontinued"})]).lines.empty


def test_nothing_is_bought_that_sells_below_cost() -> None:
    assert plan_for([Item(price=9, cost=10)]).lines.empty


def test_nothing_is_bought_that_sells_below_what_it_costs_to_get_here() -> None:
    far = {**ACME, "incoterm": "FOB", "freight_percent": 60.0, "duty_percent": 40.0}

    assert ordered(plan_for([Item(price=20, cost=10)]))
    assert plan_for([Item(price=20, cost=10)], suppliers=[far]).lines.empty


def test_a_supplier_that_takes_no_orders_is_no_reason_to_fail() -> None:
    shut = [{"supplier": "ACME", "start_date": day(-1), "end_date": day(1200)}]

    assert plan_for([Item()], closures=shut).lines.empty
