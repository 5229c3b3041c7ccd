"""Budgets of this week and month: cap, what waits, what is spent, what is left."""

from engine.service import budget
from engine.service.budget import BudgetStatus
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool


class ShowBudget(Arguments):
    """Nothing to choose."""


def show_budget(_arguments: ShowBudget, context: ToolContext) -> ToolResult:
    run = current_run(context)
    found = budget.current(context.stores, budget.day_that_counts(context.stores, context.now))
    ledger = ledger_for(run)
    rows = tuple(
        _row(ledger, f"budget.{number}", status) for number, status in enumerate(found, start=1)
    )
    ledger.add("budget.count", len(rows), "count", "budgets in force")
    if run.budget_minor is not None:
        ledger.add("budget.plan", run.budget_minor, "money", "budget that the plan was made for")
    if not rows:
        return ledger.result("none" if run.budget_minor is None else "plan-only")
    ledger.table(
        FactTable(
            name="budgets",
            title="Budgets in force",
            columns=("Scope", "Period", "Cap", "Waiting", "Spent", "Left"),
            rows=rows,
        )
    )
    return ledger.result("listed")


def _row(ledger: Ledger, prefix: str, status: BudgetStatus) -> tuple[str, ...]:
    add = ledger.add
    return (
        add(f"{prefix}.scope", status.scope, "name", "scope of the budget"),
        add(f"{prefix}.period", status.period, "name", "period of the budget"),
        add(f"{prefix}.cap", status.cap_minor, "money", "budget cap"),
        add(f"{prefix}.waiting", status.committed_minor, "money", "budget held by proposals"),
        add(f"{prefix}.spent", status.consumed_minor, "money", "budget spent by approved orders"),
        add(f"{prefix}.left", status.left_minor, "money", "budget left"),
    )


TOOL = Tool(
    name="show_budget",
    mode="read",
    description="The budgets of this week and month with what is held, spent and left.",
    arguments=ShowBudget,
    run=show_budget,
)
