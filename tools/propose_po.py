"""Ask for the approval of a draft."""

from pydantic import Field

from engine.service import purchase
from tools.context import ToolContext
from tools.orders import add_orders, offer_decisions
from tools.result import ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool


class ProposePo(Arguments):
    number: str = Field(description="the order's number")
    over_budget_reason: str | None = Field(
        default=None, description="the person's own reason, where it exceeds a budget"
    )


def propose_po(arguments: ProposePo, context: ToolContext) -> ToolResult:
    view = purchase.propose(
        context.stores,
        arguments.number,
        person=context.person,
        now=context.now,
        over_budget_reason=arguments.over_budget_reason,
    )
    ledger = ledger_for(current_run(context))
    add_orders(ledger, [view])
    offer_decisions(ledger, context, [view])
    return ledger.result("already-proposed" if view.already_there else "proposed")


TOOL = Tool(
    name="propose_po",
    mode="write",
    description="Ask people to approve a draft purchase order. It does not approve anything.",
    arguments=ProposePo,
    run=propose_po,
)
