"""Propose a budget with its consequence; somebody entitled confirms it with a click."""

from datetime import date
from typing import Annotated

from pydantic import Field

from engine.purchase.periods import PeriodKind, periods_of
from engine.purchase.spending import TOTAL
from engine.service import budget
from engine.service.budget import BudgetProposal
from engine.service.decisions import taken_of_total
from engine.service.plan_index import line_index
from engine.service.reading import RunHeader
from tools.context import ToolContext
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import names_of, require_category, require_supplier
from tools.rank_buys import plan_under
from tools.result import OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool


class SetBudget(Arguments):
    cap_minor: Annotated[int, Field(gt=0)] = Field(
        description="the new cap in minor units of the base currency, as the person said it"
    )
    span: PeriodKind = Field(default="week", description="period the cap is for")
    on: date | None = Field(default=None, description="a day in that period; null: now")
    supplier: str | None = Field(default=None, description="cap for one supplier")
    category: str | None = Field(default=None, description="cap for one category path")


def set_budget(arguments: SetBudget, context: ToolContext) -> ToolResult:
    run = current_run(context)
    day = arguments.on or budget.day_that_counts(context.stores, context.now)
    periods = periods_of(day)
    scope = _scope(arguments, context, run)
    period = periods.of(arguments.span)
    consequence = (
        _consequence(context, run, arguments.cap_minor, period, day) if scope == TOTAL else {}
    )
    proposal = budget.propose_budget(
        context.stores,
        scope=scope,
        period=period,
        cap_minor=arguments.cap_minor,
        consequence=consequence,
        person=context.person,
        now=context.now,
    )
    ledger = ledger_for(run)
    _add_proposal(ledger, proposal, run)
    ledger.offer(
        OfferedAction(kind="decide-budget", label="Confirm the budget", target=str(proposal.id))
    )
    return ledger.result("proposed")


def _scope(arguments: SetBudget, context: ToolContext, run: RunHeader) -> str:
    if arguments.supplier is not None:
        names = names_of(context.stores, run)
        return f"supplier:{require_supplier(names, arguments.supplier).code}"
    if arguments.category is not None:
        names = names_of(context.stores, run)
        return f"category:{require_category(names, arguments.category)}"
    return TOTAL


def _consequence(
    context: ToolContext, run: RunHeader, cap_minor: int, period: str, day: date
) -> dict[str, int]:
    """The plan on what the new cap leaves against the plan on what is left now.

    Minor units and line counts. Both are solved on the cap minus what orders take of it: what is
    committed can be spent under neither.
    """
    taken = taken_of_total(context.stores, period, context.now)
    caps = {
        status.period: status.cap_minor
        for status in budget.current(context.stores, day)
        if status.scope == TOTAL
    }
    now = _solved(context, run, caps.get(period), taken)
    after = _solved(context, run, cap_minor, taken)
    return {
        "committed_minor": taken,
        "left_minor": cap_minor - taken,
        "lines_before": len(line_index(context.stores, now)),
        "lines_after": len(line_index(context.stores, after)),
        "value_before_minor": now.allocation.value_minor,
        "value_after_minor": after.allocation.value_minor,
        "spent_before_minor": now.allocation.spent_minor,
        "spent_after_minor": after.allocation.spent_minor,
    }


def _solved(context: ToolContext, run: RunHeader, cap_minor: int | None, taken: int) -> RunHeader:
    """The plan on what is left of a cap; without a cap, the plan of record."""
    if cap_minor is None or max(cap_minor - taken, 0) == run.budget_minor:
        return run
    left = max(cap_minor - taken, 0)
    return context.compute.call(plan_under, context.stores, run.id, left, context.now)


def _add_proposal(ledger: Ledger, proposal: BudgetProposal, run: RunHeader) -> None:
    entity = Entity(kind="request", code=f"B-{proposal.id}", name="budget proposal")
    ledger.add("budget.cap", proposal.cap_minor, "money", "proposed budget cap", entity)
    ledger.add("budget.scope", proposal.scope, "name", "scope of the budget", entity)
    ledger.add("budget.period", proposal.period, "name", "period of the budget", entity)
    ledger.add("budget.state", proposal.state, "status", "state of the proposal", entity)
    if proposal.cap_before_minor is not None:
        ledger.add("budget.before", proposal.cap_before_minor, "money", "budget cap before", entity)
    consequence = proposal.consequence
    if not consequence:
        return
    value = consequence["value_after_minor"] - consequence["value_before_minor"]
    committed, left = consequence["committed_minor"], consequence["left_minor"]
    ledger.add("budget.committed", committed, "money", "committed by orders so far")
    ledger.add("budget.left", max(left, 0), "money", "left under the proposed cap")
    if left < 0:
        ledger.add("budget.over", -left, "money", "committed above the proposed cap")
    ledger.add("budget.lines_before", consequence["lines_before"], "count", "lines of the plan now")
    ledger.add("budget.lines_after", consequence["lines_after"], "count", "lines under the cap")
    ledger.add(
        "budget.spent_after",
        consequence["spent_after_minor"],
        "money",
        "cost of the plan under the cap",
    )
    ledger.add(
        "budget.value_change",
        abs(value),
        "money",
        "change of expected profit",
        is_estimate=True,
        formula="|value under the cap - value of the plan|",
    )
    ledger.add("budget.direction", _direction(value), "status", "direction of the change")
    ledger.add("budget.run", run.id, "name", "plan it was compared with")


def _direction(value: int) -> str:
    if value == 0:
        return "unchanged"
    return "higher" if value > 0 else "lower"


TOOL = Tool(
    name="set_budget",
    mode="write",
    description=(
        "Propose a purchasing budget that the person named, with what it would change. It takes "
        "effect only when somebody entitled confirms it."
    ),
    arguments=SetBudget,
    run=set_budget,
)
