"""Take back an override, a planned promotion, a launch or a price."""

from typing import Annotated

from pydantic import Field

from engine.errors import InvalidInput
from engine.service import demand_decisions
from tools.context import ToolContext
from tools.decisions_shown import Shown, shown_decisions
from tools.names import names_of
from tools.result import ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool


class WithdrawDecision(Arguments):
    decision: Annotated[int, Field(gt=0)] | None = Field(
        default=None, description="number of the decision; null: the person's own latest one"
    )
    sku: str | None = Field(
        default=None, description="in place of a number: the latest of this item"
    )
    reason: str | None = Field(default=None, description="why, in the person's own words")


def withdraw_decision(arguments: WithdrawDecision, context: ToolContext) -> ToolResult:
    run = current_run(context)
    chosen = _chosen(arguments, context)
    demand_decisions.withdraw(
        context.stores, chosen.id, person=context.person, now=context.now, reason=arguments.reason
    )
    names = names_of(context.stores, run)
    ledger = ledger_for(run)
    about = [names.item(chosen.sku)] if chosen.sku else []
    ledger.add("decision.number", chosen.id, "count", "number of the decision", *about)
    ledger.add("decision.kind", chosen.kind, "name", "kind of decision", *about)
    if chosen.sku:
        ledger.code("item.sku", about[0])
    return ledger.result("withdrawn")


def _chosen(arguments: WithdrawDecision, context: ToolContext) -> Shown:
    """The decision meant; without a number one that still counts."""
    found = shown_decisions(context.stores, context.now)
    if arguments.decision is not None:
        meant = [each for each in found if each.id == arguments.decision]
    else:
        counts = [each for each in found if each.state == "in force"]
        own = [each for each in counts if each.author == context.person.id]
        meant = [e for e in counts if e.sku == arguments.sku] if arguments.sku else own
    if not meant:
        raise InvalidInput("There is no such decision. Ask for the overrides to see their numbers.")
    return meant[-1]


TOOL = Tool(
    name="withdraw_decision",
    mode="write",
    description="Take back an override, planned promotion, launch, price or undone correction.",
    arguments=WithdrawDecision,
    run=withdraw_decision,
)
