"""What is on its way counts, and orders go out on the days that remain (acid 8, 11, 20)."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from engine.model.money import convert_minor, line_total_minor
from engine.model.plan import (
    Plan,
)
from support.replenish import (
    PLAIN,
    SEVERAL,
    Item,
    candidates_for,
    drafts,
    ordered,
    plan_for,
)
from support.supply import day, delivered


def with_leads(leads: list[int]) -> int:
    orders, receipts = delivered(leads * 20)
    plan = plan_for(
        [Item(weekly=20, on_hand=60)], purchase_orders=orders, receipts=receipts, config=PLAIN
    )
    return ordered(plan)["A", "MAIN"]


def test_the_same_mean_lead_time_with_a_larger_spread_raises_the_order() -> None:
    assert with_leads([4, 24]) > with_leads([12, 16]) > with_leads([14])


def test_planning_twice_with_a_draft_open_orders_nothing_more() -> None:
    first = plan_for(SEVERAL)
    again = plan_for(SEVERAL, decisions=drafts(first))

    assert len(first.lines) == 4
    assert again.lines.empty


def test_a_postponed_draft_is_not_ordered_a_second_time_but_its_risk_is_seen() -> None:
    item = Item(weekly=10, on_hand=15)
    drafted = drafts(plan_for([item]))
    late = {"state": "postponed", "ordered_on": pd.Timestamp(day(10))}
    postponed = drafts(plan_for([item]), **late)

    assert ordered(plan_for([item]))
    assert ordered(plan_for([item], decisions=postponed)) == {}
    early, later = (
        candidates_for([item], decisions=each).items["stockout_days_p50"].iloc[0]
        for each in (drafted, postponed)
    )
    assert later < early


def test_the_next_mornings_plan_does_not_add_a_day_to_yesterdays_draft() -> None:
    """A seventh of a week's demand has gone, and so has a day of the week to be covered."""
    item = Item(weekly=70, on_hand=110)
    yesterday = drafts(plan_for([item]), drafted_on=pd.Timestamp(day(-1)))
    long_ago = drafts(plan_for([item]), drafted_on=pd.Timestamp(day(-8)))
    morning = replace(item, on_hand=100)

    assert ordered(plan_for([morning], decisions=yesterday)) == {}
    assert ordered(plan_for([morning], decisions=long_ago)) != {}


def test_the_morning_after_a_postponement_orders_nothing_either() -> None:
    item = Item(weekly=70, on_hand=110)
    put_off = {
        "state": "postponed", "ordered_on": pd.Timestamp(day(6)),
        "drafted_on": pd.Timestamp(day(-1)),
    }  # fmt: skip
    decided = drafts(plan_for([item]), **put_off)

    assert ordered(plan_for([replace(item, on_hand=100)], decisions=decided)) == {}


def test_a_draft_that_covers_half_is_topped_up_and_not_doubled() -> None:
    item = Item(weekly=70, on_hand=20)
    whole = ordered(plan_for([item]))["A", "MAIN"]
    half = drafts(plan_for([item]), units=whole // 2)

    assert ordered(plan_for([item], decisions=half))["A", "MAIN"] == pytest.approx(
        whole - whole // 2, abs=1
    )


def test_a_draft_with_one_supplier_is_not_ordered_again_from_another() -> None:
    """The other one is drawn level the next morning; its order day is no new need."""
    both = [
        {"supplier": name, "lead_time_days": 7.0, "payment_days": 0} for name in ("ACME", "OTHER")
    ]
    rows = [
        {"supplier": each["supplier"], "sku": "A", "unit_cost_micros": 10e6, "rank": rank}
        for rank, each in enumerate(both, start=1)
    ]
    tables = {"suppliers": both, "supplier_items": rows}
    item = Item(weekly=70, on_hand=110)
    yesterday = drafts(plan_for([item], **tables), drafted_on=pd.Timestamp(day(-1)))

    assert ordered(plan_for([item], **tables))
    morning = plan_for([replace(item, on_hand=100)], decisions=yesterday, **tables)
    assert ordered(morning) == {}


def test_a_budget_in_pounds_judges_euros_at_the_rate_on_record() -> None:
    """At .85 the line fits the cap, at .90 it does not: the same euros (acid 15, its planning)."""
    supplier = {"supplier": "ACME", "currency": "EUR", "lead_time_days": 7.0, "payment_days": 0}
    item = Item(weekly=10, cost=8.5, currency_cost=10.0, terms={"minimum_units": 18})

    def spent(rate: float) -> int:
        rates = [{"date": day(-3), "currency": "EUR", "rate": rate}]
        plan = plan_for([item], 15_400, suppliers=[supplier], fx_rates=rates)
        return plan.allocation.spent_minor

    assert spent(0.85) == 18 * 850
    assert spent(0.90) == 0


def test_an_open_order_that_is_lost_for_years_does_not_keep_a_need_from_being_ordered() -> None:
    old = {
        "po": "P0", "line": 1, "supplier": "ACME", "sku": "A", "location": "MAIN",
        "ordered_on": day(-900), "units": 500,
    }  # fmt: skip
    plan = plan_for([Item(weekly=10)], purchase_orders=[old])

    assert ordered(plan) == {("A", "MAIN"): 18}
    late = plan.exceptions[plan.exceptions["code"] == "late_supply"].iloc[0]
    assert late["facts"]["lost"]
    assert late["po"] == "P0"


def test_a_closure_ahead_pulls_the_order_forward() -> None:
    """The next chance would be the last before five weeks of closure, too late to ship."""
    shut = [{"supplier": "ACME", "start_date": day(10), "end_date": day(44)}]

    assert ordered(plan_for([Item(weekly=10, on_hand=32)])) == {}
    assert ordered(plan_for([Item(weekly=10, on_hand=32)], closures=shut))["A", "MAIN"] > 20


def test_a_monthly_order_day_buys_for_the_month_and_waits_when_it_is_far() -> None:
    def on(days: str) -> Plan:
        supplier = {"supplier": "ACME", "lead_time_days": 7.0, "order_days": days}
        return plan_for([Item(weekly=10)], suppliers=[supplier])

    # As-of is Monday, 23 November.
    assert ordered(on("mon"))["A", "MAIN"] < 25
    assert ordered(on("23"))["A", "MAIN"] > 35
    assert ordered(on("22")) == {}


def test_a_closure_over_the_monthly_order_day_pulls_the_order_ahead() -> None:
    """Orders are taken on the 23rd; in December the supplier is shut over it.

    As-of is Monday, 23 November: stock lasts until December's order comes, not January's.
    """
    monthly = [{"supplier": "ACME", "lead_time_days": 7.0, "order_days": "23"}]
    shut = [{"supplier": "ACME", "start_date": day(25), "end_date": day(45)}]
    item = Item(weekly=10, on_hand=75)

    open_ = ordered(plan_for([item], suppliers=monthly))
    closed = ordered(plan_for([item], suppliers=monthly, closures=shut))

    assert open_ == {}
    assert closed["A", "MAIN"] > 20


def test_currency_is_converted_at_the_rate_in_force_and_rounded_as_a_line_is() -> None:
    item = Item(weekly=10, cost=8.0, currency_cost=9.337)
    plan = plan_for(
        [item],
        suppliers=[{"supplier": "ACME", "currency": "EUR", "lead_time_days": 7.0}],
        fx_rates=[{"date": day(-3), "currency": "EUR", "rate": 0.8571}],
    )
    line = plan.lines.iloc[0]
    euros = line_total_minor(int(line["units"]), 9_337_000, "EUR")

    assert line["currency"] == "EUR"
    assert line["unit_cost_micros"] == 9_337_000
    assert line["cost_minor"] == convert_minor(euros, "EUR", "GBP", rate=Decimal("0.8571"))
