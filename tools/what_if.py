"""The plan under another budget, against the one on screen: a difference of two solves."""

from typing import Annotated

from pydantic import Field

from engine.errors import InvalidInput
from engine.service import reading
from engine.service.reading import RunHeader
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.rank_buys import plan_under
from tools.result import FactTable, OfferedAction, ToolResult
from tools.runs import ledger_for, mark_hypothetical, shown_run
from tools.tool import Arguments, Tool

Amount = Annotated[int, Field(gt=0)]


class WhatIf(Arguments):
    budget_minor: Amount | None = Field(
        default=None, description="the other budget, minor units of the base currency"
    )
    extra_minor: Amount | None = Field(
        default=None, description="so much on top of the budget on screen, in place of budget_minor"
    )


def what_if(arguments: WhatIf, context: ToolContext) -> ToolResult:
    run = shown_run(context)
    budget_minor = _budget(arguments, run)
    other = context.compute.call(plan_under, context.stores, run.id, budget_minor, context.now)
    ledger = ledger_for(other)
    mark_hypothetical(ledger, run, context)
    counts = [len(reading.plan_lines(context.stores, each.id)) for each in (run, other)]
    losses = [_cut_loss(context, each) for each in (run, other)]
    now, then = (
        _column(ledger, "now", run, counts[0], losses[0]),
        _column(ledger, "then", other, counts[1], losses[1]),
    )
    difference = other.allocation.value_minor - run.allocation.value_minor
    ledger.add(
        "if.change",
        abs(difference),
        "money",
        "change of expected profit",
        is_estimate=True,
        inputs=("now.value", "then.value"),
        formula="|value then - value now|",
    )
    ledger.add("if.direction", _direction(difference), "status", "direction of the change")
    labels = ("Budget", "Cost", "Expected profit", "Lines", "Expected loss from cuts")
    names = [
        ledger.add(f"row.{n}", label, "name", "what is compared")
        for n, label in enumerate(labels, start=1)
    ]
    ledger.table(
        FactTable(
            name="comparison",
            title="The plan as it is, and under the other budget",
            columns=("", "Now", "Then"),
            rows=tuple(zip(names, now, then, strict=True)),
        )
    )
    ledger.offer(OfferedAction(kind="say", label="Draft these orders", text="Draft it"))
    return ledger.result("compared")


def _budget(arguments: WhatIf, run: RunHeader) -> int:
    if arguments.budget_minor is not None:
        return arguments.budget_minor
    if arguments.extra_minor is None:
        raise InvalidInput("Name the other budget, or how much more than the plan's it should be.")
    return arguments.extra_minor + (
        run.allocation.spent_minor if run.budget_minor is None else run.budget_minor
    )


def _cut_loss(context: ToolContext, run: RunHeader) -> int:
    return int(reading.cuts(context.stores, run.id)["expected_loss_minor"].sum())


def _column(
    ledger: Ledger, prefix: str, run: RunHeader, lines: int, cut_loss: int
) -> tuple[str, ...]:
    allocation = run.allocation
    budget = (
        ""
        if run.budget_minor is None
        else ledger.add(f"{prefix}.budget", run.budget_minor, "money", "budget")
    )
    return (
        budget,
        ledger.add(f"{prefix}.cost", allocation.spent_minor, "money", "cost of the plan"),
        ledger.add(
            f"{prefix}.value",
            allocation.value_minor,
            "money",
            "expected profit of the plan",
            is_estimate=True,
        ),
        ledger.add(f"{prefix}.lines", lines, "count", "lines to buy"),
        ledger.add(
            f"{prefix}.cut_loss",
            cut_loss,
            "money",
            "expected loss from the lines cut",
            is_estimate=True,
        ),
    )


def _direction(difference: int) -> str:
    if difference == 0:
        return "unchanged"
    return "higher" if difference > 0 else "lower"


TOOL = Tool(
    name="what_if",
    mode="read",
    description="The plan on screen beside the same plan under another budget: cost, profit, cuts.",
    arguments=WhatIf,
    run=what_if,
)
