"""What more cash, or less, would bring: profit against budget, and what each limit costs."""

from engine.model.budget_worth import BudgetPoint, BudgetWorth, ConstraintCost, LimitPrice
from engine.service.budget_worth import budget_worth
from engine.service.reading import RunHeader
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.result import ChartRequest, FactTable, ToolResult
from tools.runs import ledger_for, mark_hypothetical, shown_run
from tools.tool import Arguments, Tool

WITHOUT = {
    "total": "the total budget",
    "minimums": "suppliers' minimums",
    "containers": "containers and their freight",
}


class BudgetCurve(Arguments):
    """Nothing to choose: the plan on screen."""


def budget_curve(_arguments: BudgetCurve, context: ToolContext) -> ToolResult:
    run = shown_run(context)
    found = context.compute.call(budget_worth, context.stores, run.id)
    ledger = ledger_for(run)
    mark_hypothetical(ledger, run, context)
    paying = [point for point in found.points if point.value_minor > 0]
    if not paying:
        return ledger.result("nothing-pays")
    _add_plan(ledger, run, paying[-1])
    _add_points(ledger, paying)
    _add_limits(ledger, found)
    _add_costs(ledger, found.costs)
    ledger.chart(ChartRequest(kind="budget", run_id=run.id))
    capped = run.budget_minor is not None and run.budget_minor < paying[-1].spent_minor
    return ledger.result("capped" if capped else "enough")


def _add_plan(ledger: Ledger, run: RunHeader, all_of_it: BudgetPoint) -> None:
    """Where the plan is, and where cash would buy nothing more."""
    value = run.allocation.value_minor
    ledger.add("curve.now_spent", run.allocation.spent_minor, "money", "cost of the plan")
    ledger.add("curve.now_value", value, "money", "expected profit of the plan", is_estimate=True)
    ledger.add("curve.most", all_of_it.spent_minor, "money", "cost of everything that pays")
    ledger.add("curve.most_value", all_of_it.value_minor, "money",
               "expected profit of everything that pays", is_estimate=True)  # fmt: skip
    ledger.add(
        "curve.missed", max(all_of_it.value_minor - value, 0), "money",
        "expected profit that the budget leaves out", is_estimate=True,
        inputs=("curve.most_value", "curve.now_value"),
        formula="expected profit of everything that pays - of the plan",
    )  # fmt: skip


def _add_points(ledger: Ledger, points: list[BudgetPoint]) -> None:
    rows = tuple(_point(ledger, f"point.{n}", each) for n, each in enumerate(points, start=1))
    ledger.table(
        FactTable(
            name="curve",
            title="What each budget brings",
            columns=("Budget", "Spent", "Expected profit", "No plan above", "Next unit brings"),
            rows=rows,
        )
    )


def _point(ledger: Ledger, prefix: str, point: BudgetPoint) -> tuple[str, ...]:
    add = ledger.add
    return (
        add(f"{prefix}.budget", point.budget_minor, "money", "budget"),
        add(f"{prefix}.spent", point.spent_minor, "money", "cost under it"),
        add(f"{prefix}.value", point.value_minor, "money", "expected profit", is_estimate=True),
        add(f"{prefix}.bound", point.bound_minor, "money", "bound on any plan's profit",
            is_estimate=True),
        add(f"{prefix}.next", round(point.next_brings, 4), "ratio",
            "expected profit of one more unit of cash"),
    )  # fmt: skip


def _add_limits(ledger: Ledger, found: BudgetWorth) -> None:
    """Budgets and rooms that hold the plan back; those that do not cost nothing."""
    binding = [each for each in found.limits if each.price > 0]
    ledger.add("limits.count", len(found.limits), "count", "limits of the plan")
    ledger.add("limits.binding", len(binding), "count", "limits that hold the plan back")
    if not binding:
        return
    rows = tuple(_limit(ledger, f"limit.{n}", each) for n, each in enumerate(binding, start=1))
    ledger.table(
        FactTable(
            name="limits",
            title="What each limit costs",
            columns=("Limit", "Of", "At most", "Used", "One more brings"),
            rows=rows,
        )
    )


def _limit(ledger: Ledger, prefix: str, limit: LimitPrice) -> tuple[str, ...]:
    """A unit of cash brings a ratio; a unit or litre of room brings money."""
    add = ledger.add
    kind = "money" if limit.of == "money" else "units"
    brings = (
        add(f"{prefix}.price", round(limit.price, 4), "ratio", "profit of one more unit of cash")
        if limit.of == "money"
        else add(f"{prefix}.price", round(limit.price), "money", "profit of one more of the room",
                 is_estimate=True)
    )  # fmt: skip
    return (
        add(f"{prefix}.scope", limit.scope.replace(":", " ", 1), "name", "what is limited"),
        add(f"{prefix}.of", limit.of, "name", "what it counts"),
        add(f"{prefix}.most", round(limit.limit), kind, "the limit"),
        add(f"{prefix}.used", round(limit.used), kind, "used of it"),
        brings,
    )


def _add_costs(ledger: Ledger, costs: tuple[ConstraintCost, ...]) -> None:
    """Each constraint alone left out and the plan decided anew; the gains do not add up."""
    if not costs:
        return
    rows = tuple(_cost(ledger, f"cost.{n}", each) for n, each in enumerate(costs, start=1))
    ledger.table(
        FactTable(
            name="costs",
            title="What the plan would win without one constraint",
            columns=("Without", "Expected profit won", "No plan wins more than"),
            rows=rows,
        )
    )


def _cost(ledger: Ledger, prefix: str, cost: ConstraintCost) -> tuple[str, ...]:
    add = ledger.add
    return (
        add(f"{prefix}.scope", WITHOUT.get(cost.scope, cost.scope.replace(":", " ", 1)), "name",
            "constraint left out"),
        add(f"{prefix}.wins", cost.wins_minor, "money", "expected profit won without it",
            is_estimate=True),
        add(f"{prefix}.most", cost.at_most_minor, "money", "bound on what any plan wins",
            is_estimate=True),
    )  # fmt: skip


TOOL = Tool(
    name="budget_curve",
    mode="read",
    description=(
        "What a bigger or smaller budget would bring: expected profit at a row of budgets, with a "
        "picture, what each budget or room that holds the plan back costs per unit, and what the "
        "plan would win without each budget, room, suppliers' minimums and containers."
    ),
    arguments=BudgetCurve,
    run=budget_curve,
)
