"""The acid tests of planning, end to end: from snapshot and forecast to lines."""

import itertools
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from engine.model.canonical import digest
from engine.model.config import PlanConfig
from engine.model.decisions import BUDGETS, OPEN_ORDERS, Decisions
from engine.model.money import convert_minor, line_total_minor
from engine.model.plan import (
    CUTS,
    EXCEPTION_CODES,
    EXCEPTIONS,
    LINES,
    TRANSFERS,
    Plan,
)
from engine.replenish import Candidates, build_candidates, compose_plan
from engine.supply import lead_times
from support.replenish import (
    PLAIN,
    Item,
    candidates_for,
    company,
    forecast_of,
    ordered,
    plan_for,
)
from support.supply import day, delivered

SEVERAL = [
    Item(sku="CUP", weekly=30, price=9, cost=4, size=3, terms={"case_pack": 12}),
    Item(sku="LAMP", weekly=4, price=80, cost=41, on_hand=3, terms={"minimum_units": 5}),
    Item(sku="VASE", weekly=12, price=25, cost=11, on_hand=10, size=1.5),
    Item(sku="BOWL", weekly=20, price=12, cost=5, terms={"tiers": "60:4.50|200:4.10"}),
]


def drafts(plan: Plan, **other: Any) -> Decisions:
    """Every line of a plan as a draft order."""
    lines = plan.lines.assign(
        po="D1", line=plan.lines["rank"], state="draft", ordered_on=None, drafted_on=None
    )
    return Decisions(open_orders=lines.assign(**other)[list(OPEN_ORDERS)])


# --- budget -----------------------------------------------------------------------------------


def test_a_binding_budget_shows_what_it_cuts_what_that_loses_and_the_price_of_cash() -> None:
    free = plan_for(SEVERAL)
    half = int(free.lines["cost_minor"].sum()) // 2
    plan = plan_for(SEVERAL, half)

    lost = free.allocation.value_minor - plan.allocation.value_minor
    assert plan.allocation.spent_minor <= half
    assert plan.cuts["expected_loss_minor"].sum() == pytest.approx(lost, abs=3)
    assert plan.allocation.shadow_price > 0
    assert plan.allocation.next_thousand_minor is not None
    assert plan.allocation.next_thousand_minor > 0
    assert plan.allocation.value_minor <= plan.allocation.bound_minor


@given(budget=st.integers(-100, 120_000))
@settings(max_examples=25)
def test_a_budget_is_never_exceeded_by_case_rounding(budget: int) -> None:
    plan = compose_plan(SEVERAL_CANDIDATES, budget)

    assert int(plan.lines["cost_minor"].sum()) <= max(budget, 0)
    assert (plan.lines["units"] % plan.lines["case_pack"] == 0).all()
    assert (plan.lines["units"] > 0).all()
    steps = [sum(units for _, units in each) for each in plan.lines["steps"]]
    assert steps == plan.lines["units"].tolist()


SEVERAL_CANDIDATES = candidates_for(SEVERAL)


def test_category_and_supplier_budgets_hold_besides_the_total() -> None:
    items = [replace(each, item={"category": f"home/{each.sku}"}) for each in SEVERAL]
    budgets = pd.DataFrame(
        [("category:home/CUP", "2026-W48", 10_000, 2_000), ("supplier:ACME", "2026-11", 50_000, 0)],
        columns=list(BUDGETS),
    )
    plan = plan_for(items, 1_000_000, decisions=Decisions(budgets=budgets))

    spent = plan.lines.set_index("sku")["cost_minor"]
    assert 0 < spent.get("CUP", 0) <= 8_000
    assert 0 < spent.sum() <= 50_000


def test_lines_are_ranked_by_return_and_their_parts_add_up() -> None:
    plan = plan_for(SEVERAL, 60_000)
    lines = plan.lines

    assert list(lines.columns) == list(LINES)
    assert lines["rank"].tolist() == list(range(1, len(lines) + 1))
    assert lines["return_per_cash"].is_monotonic_decreasing
    assert lines["running_cost_minor"].iloc[-1] == plan.allocation.spent_minor
    assert (lines["value_minor"] / lines["cost_minor"]).tolist() == pytest.approx(
        lines["return_per_cash"].tolist(), abs=1e-3
    )


def test_a_reason_is_a_sentence_without_figures() -> None:
    for plan in (plan_for(SEVERAL), plan_for(SEVERAL, 40_000)):
        texts = [*plan.lines["reason"], *plan.cuts["reason"]]
        assert all(text.endswith(".") and not any(c.isdigit() for c in text) for text in texts)


def test_frames_have_their_columns_also_where_there_is_nothing() -> None:
    plan = plan_for([Item(on_hand=500)])

    assert plan.lines.empty
    for frame, columns in (
        (plan.lines, LINES),
        (plan.cuts, CUTS),
        (plan.transfers, TRANSFERS),
        (plan.exceptions, EXCEPTIONS),
    ):
        assert list(frame.columns) == list(columns)


# --- price breaks, minimums -------------------------------------------------------------------


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


# --- supply -----------------------------------------------------------------------------------


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
    assert line["cost_minor"] == convert_minor(euros, "EUR", "GBP", rate=pd_decimal("0.8571"))


def pd_decimal(text: str) -> Any:
    from decimal import Decimal

    return Decimal(text)


# --- what cannot be bought --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "tables", "why"),
    [
        (Item(supplier=None), {"supplier_items": [], "suppliers": []}, "no supplier"),
        (
            Item(),
            {"suppliers": [{"supplier": "ACME", "currency": "USD", "lead_time_days": 7.0}]},
            "no exchange rate for USD",
        ),
    ],
)
def test_what_cannot_be_bought_is_named_and_nothing_is_ordered(
    item: Item, tables: dict[str, Any], why: str
) -> None:
    plan = plan_for([item], **tables)

    assert plan.lines.empty
    assert plan.exceptions.set_index("code").loc["cannot_buy"]["facts"]["why"] == why


def test_nothing_is_bought_of_a_discontinued_item() -> None:
    assert plan_for([Item(item={"status": "discontinued"})]).lines.empty


def test_nothing_is_bought_that_sells_below_cost() -> None:
    assert plan_for([Item(price=9, cost=10)]).lines.empty


def test_a_supplier_that_takes_no_orders_is_no_reason_to_fail() -> None:
    shut = [{"supplier": "ACME", "start_date": day(-1), "end_date": day(1200)}]

    assert plan_for([Item()], closures=shut).lines.empty


# --- exceptions -------------------------------------------------------------------------------


def codes(plan: Plan) -> set[str]:
    return set(plan.exceptions["code"])


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
    cheap = plan_for([Item(weekly=10)], config=replace(PLAIN, auto_limit_minor=50_000))

    assert "low_confidence" in codes(unsure) - codes(sure)
    assert sure.lines["tier"].tolist() == ["wait"]
    assert cheap.lines["tier"].tolist() == ["flow"]


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


# --- repeatable -------------------------------------------------------------------------------


def test_stored_candidates_decide_as_the_originals_do() -> None:
    stored = Candidates.from_tables(SEVERAL_CANDIDATES.to_tables())

    for budget in (None, 50_000):
        first, again = compose_plan(SEVERAL_CANDIDATES, budget), compose_plan(stored, budget)
        assert digest(first) == digest(again)
    assert np.array_equal(stored.value, SEVERAL_CANDIDATES.value)
    pd.testing.assert_frame_equal(stored.items, SEVERAL_CANDIDATES.items)


def test_workers_and_company_change_no_figure() -> None:
    """A SKU's options are the same alone, among others, and on several workers."""
    many = [
        Item(sku=f"S{n:03d}", weekly=1 + n % 17, on_hand=n % 13, size=2.0, level_cv=0.2)
        for n in range(300)
    ]
    world, forecast = company(many), forecast_of(many)
    times = lead_times(world, PLAIN)
    alone = candidates_for([many[7]])
    with ThreadPoolExecutor(3) as pool:
        spread = build_candidates(world, forecast, times, Decisions(), PLAIN, mapped=pool.map)
    together = build_candidates(world, forecast, times, Decisions(), PLAIN)

    assert digest(compose_plan(spread, 90_000)) == digest(compose_plan(together, 90_000))
    span = slice(int(together.first[7]), int(together.first[8]))
    assert np.array_equal(together.value[span], alone.value)


def test_a_plan_is_byte_identical_in_another_process_with_another_hash_seed() -> None:
    here = digest(plan_for(SEVERAL, 70_000))
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from engine.model.canonical import digest\n"
        "from test_plan import SEVERAL, plan_for\n"
        "print(digest(plan_for(SEVERAL, 70_000)))"
    )
    folder = Path(__file__).parent
    run = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(folder.parents[1])],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "4242", "PYTHONPATH": str(folder.parents[2])},
    )

    assert run.stdout.strip() == here


@pytest.mark.parametrize(
    "terms", [{}, {"case_pack": 6}, {"minimum_units": 24}, {"tiers": "60:9.2"}]
)
def test_one_more_unit_of_stock_never_raises_a_line_by_more_than_a_pack_or_break(
    terms: dict[str, Any],
) -> None:
    item = Item(weekly=12, size=1.0, level_cv=0.3, terms=terms)
    step = max(terms.get("case_pack", 0), terms.get("minimum_units", 0), 1)
    if "tiers" in terms:
        step = 60
    orders = [
        ordered(plan_for([replace(item, on_hand=stock)])).get(("A", "MAIN"), 0)
        for stock in range(0, 56, 7)
    ]

    for less, more in itertools.pairwise(orders):
        assert more <= less + (0 if not terms else step)


def test_config_that_changes_nothing_else_changes_the_objective_only() -> None:
    """Backorders: who waits costs little, so less is held than when sales are lost."""
    item = Item(weekly=10, size=2.0)
    lost = ordered(plan_for([item]))["A", "MAIN"]
    config = PlanConfig(lead_time_spread=0.0, shortage="backorders", waiting_cost=0.02)
    waited = ordered(plan_for([replace(item, on_hand=10)], config=config)).get(("A", "MAIN"), 0)

    assert waited < lost + 10
