"""Change a purchase order as a person says: quantities, lines, days; or drop it before approval.

An order that is not approved gets a new revision and is asked for again; one that its supplier has
gets an amendment, which people approve like an order. Cancelling what people have approved, or what
a supplier has, takes a person's own command.
"""

from datetime import date

from pydantic import Field

from engine.errors import InvalidInput, NotAllowed
from engine.purchase.order import OrderContent, OrderLine
from engine.purchase.revise import Change, ChangeDate, ChangeUnits, RemoveLine
from engine.purchase.states import EDITABLE, UNDER_WAY, OrderState
from engine.service import purchase
from engine.service.amending import amend
from engine.service.order_view import OrderView
from tools.changes import add_changes
from tools.context import ToolContext
from tools.orders import add_orders, offer_decisions, order_entity
from tools.result import ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool


class RevisePo(Arguments):
    number: str = Field(description="the order's number")
    line: int | None = Field(default=None, description="line number; -1 is the last; null: see sku")
    sku: str | None = Field(default=None, description="the line of this item; null: the only line")
    units: int | None = Field(default=None, description="the person's new quantity in units")
    packs: int | None = Field(default=None, description="the person's new quantity in packs")
    remove: bool = Field(default=False, description="take the line out")
    move_to: date | None = Field(default=None, description="ask for the line, or all, on this day")
    cancel: bool = Field(default=False, description="end the order before it is approved")
    reason: str | None = Field(default=None, description="the person's own words on why")


def revise_po(arguments: RevisePo, context: ToolContext) -> ToolResult:
    view = purchase.order_view(context.stores, arguments.number)
    if arguments.cancel:
        return _cancelled(view, arguments, context)
    why = arguments.reason or "asked for in the conversation"
    changes = _changes(view.content, arguments)
    if view.state in UNDER_WAY:
        after = amend(
            context.stores, view.number, changes=changes, person=context.person, now=context.now,
            why=why, expected_revision=view.revision,
        )  # fmt: skip
        return _told("amended", view, after, context)
    after = purchase.revise(
        context.stores, view.number, changes=changes, person=context.person, now=context.now,
        why=why, expected_revision=view.revision,
    )  # fmt: skip
    return _asked_again(view, after, context)


def _asked_again(before: OrderView, after: OrderView, context: ToolContext) -> ToolResult:
    """What was proposed is proposed again as it is now; where that cannot be it stays a draft."""
    if before.state is not OrderState.PROPOSED or after.state is not OrderState.DRAFT:
        return _told("revised", before, after, context)
    try:
        asked = purchase.propose(
            context.stores, after.number, person=context.person, now=context.now,
            expected_revision=after.revision,
        )  # fmt: skip
    except NotAllowed as refusal:
        return _told("revised-only", before, after, context, str(refusal))
    return _told("revised-proposed", before, asked, context)


def _cancelled(view: OrderView, arguments: RevisePo, context: ToolContext) -> ToolResult:
    if view.state not in EDITABLE:
        raise InvalidInput(
            f"{view.number} is {view.state.value.replace('_', ' ')}: a person cancels it with "
            f"qm po cancel {view.number}."
        )
    ended = purchase.cancel(
        context.stores, view.number, person=context.person, now=context.now,
        reason=arguments.reason or "asked for in the conversation",
    )  # fmt: skip
    ledger = ledger_for(current_run(context))
    add_orders(ledger, [ended])
    return ledger.result("cancelled")


def _told(
    outcome: str, before: OrderView, after: OrderView, context: ToolContext, refusal: str = ""
) -> ToolResult:
    ledger = ledger_for(current_run(context))
    pending = after.amendment if outcome == "amended" else None
    newest = pending.revision if pending else after.revision
    add_changes(ledger, context, after, before.revision, newest)
    add_orders(ledger, [after])
    if refusal:
        ledger.add(
            "revise.refusal", refusal, "sentence", "why it was not put forward", order_entity(after)
        )
    if pending:
        ledger.wait(str(pending.request_id))
    offer_decisions(ledger, context, [after])
    same = before.revision == newest
    return ledger.result("unchanged" if same else outcome)


def _changes(content: OrderContent, arguments: RevisePo) -> list[Change]:
    """What the person wants, as changes; raises InvalidInput where that is not clear."""
    if arguments.move_to is not None and arguments.line is None and arguments.sku is None:
        return [
            ChangeDate(line=line.line, requested_on=arguments.move_to) for line in content.lines
        ]
    line = _line(content, arguments)
    if arguments.remove:
        return [RemoveLine(line=line.line)]
    if arguments.move_to is not None:
        return [ChangeDate(line=line.line, requested_on=arguments.move_to)]
    if arguments.packs is not None:
        return [ChangeUnits(line=line.line, units=arguments.packs * line.case_pack)]
    if arguments.units is not None:
        return [ChangeUnits(line=line.line, units=arguments.units)]
    raise InvalidInput("Say what shall change: a quantity, a day, or a line to take out.")


def _line(content: OrderContent, arguments: RevisePo) -> OrderLine:
    if arguments.sku is not None:
        fitting = [line for line in content.lines if line.sku == arguments.sku]
    elif arguments.line == -1:
        fitting = [content.lines[-1]]
    elif arguments.line is not None:
        fitting = [line for line in content.lines if line.line == arguments.line]
    else:
        fitting = list(content.lines)
    if len(fitting) != 1:
        known = ", ".join(f"{line.line} ({line.sku})" for line in content.lines)
        raise InvalidInput(f"Which line is meant? Lines: {known}.")
    return fitting[0]


TOOL = Tool(
    name="revise_po",
    mode="write",
    description=(
        "Change a purchase order as the person says: a line's quantity, a line taken out, the day "
        "it is wanted, or end it before approval. Approving and sending are done by people only."
    ),
    arguments=RevisePo,
    run=revise_po,
)
