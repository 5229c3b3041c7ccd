"""What a budget cuts says which budget it was."""

from dataclasses import replace

import pandas as pd

from engine.model.decisions import BUDGETS, Decisions
from engine.model.plan import Plan
from support.replenish import Item, ordered, plan_for

CUPS = Item(sku="CUP", weekly=20, item={"category": "home/cups"})
LAMPS = Item(sku="LAMP", weekly=20, item={"category": "light"})


def capped(scope: str, minor: int, budget_minor: int | None = None) -> Plan:
    budgets = pd.DataFrame([(scope, "2026-W48", minor, 0)], columns=list(BUDGETS))
    return plan_for([CUPS, LAMPS], budget_minor, decisions=Decisions(budgets=budgets))


def causes(plan: Plan) -> dict[str, str]:
    return dict(zip(plan.cuts["sku"], plan.cuts["cause"], strict=True))


def steps(plan: Plan, sku: str) -> dict[str, int]:
    return dict(plan.lines.set_index("sku")["steps"][sku])


def test_what_a_category_budget_cuts_is_a_cut_of_that_category() -> None:
    plan, free = capped("category:home", 10_000), plan_for([CUPS, LAMPS])
    missing = ordered(free)["CUP", "MAIN"] - ordered(plan)["CUP", "MAIN"]

    assert causes(plan) == {"CUP": "category:home"}
    assert plan.cuts["units"].tolist() == [missing]
    assert steps(plan, "CUP")["budget of category home"] == -missing
    assert "supplier minimum" not in steps(plan, "CUP")
    assert "its category's budget" in plan.cuts["reason"].iloc[0]
    assert "its category's budget" in plan.lines.set_index("sku")["reason"]["CUP"]


def test_what_a_supplier_budget_cuts_is_a_cut_of_that_supplier() -> None:
    plan = capped("supplier:ACME", 30_000)

    assert set(causes(plan).values()) == {"supplier:ACME"}


def test_of_two_budgets_the_one_that_binds_is_the_cause() -> None:
    assert set(causes(capped("category:home", 1_000_000, 30_000)).values()) == {"budget"}
    assert causes(capped("category:home", 10_000, 1_000_000)) == {"CUP": "category:home"}


def test_budgets_that_bind_nothing_cut_nothing() -> None:
    assert capped("category:home", 1_000_000, 1_000_000).cuts.empty


def test_what_falls_with_its_suppliers_minimum_says_so() -> None:
    """Without the cups the lamps do not reach the minimum; no budget covers the lamps."""
    supplier = {
        "supplier": "ACME", "lead_time_days": 7.0, "payment_days": 0,
        "minimum_value_micros": 30_000 * 1e6,
    }  # fmt: skip
    budgets = pd.DataFrame([("category:home", "2026-W48", 0, 0)], columns=list(BUDGETS))
    items = [replace(CUPS, weekly=2_000), replace(LAMPS, weekly=2)]
    plan = plan_for(items, decisions=Decisions(budgets=budgets), suppliers=[supplier])

    assert plan.lines.empty
    assert causes(plan) == {"CUP": "category:home", "LAMP": "supplier minimum"}
    assert "supplier's minimum" in plan.cuts.set_index("sku")["reason"]["LAMP"]
