"""A plan keeps its budgets and says what they cost."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from engine.model.decisions import BUDGETS, Decisions
from engine.model.plan import (
    CUTS,
    EXCEPTIONS,
    LINES,
    TRANSFERS,
)
from engine.replenish import compose_plan
from support.replenish import (
    SEVERAL,
    Item,
    candidates_for,
    plan_for,
)

SEVERAL_CANDIDATES = candidates_for(SEVERAL)


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
