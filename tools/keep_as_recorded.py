"""Undo a correction: a person knows that what was recorded is right."""

from datetime import date

from pydantic import Field

from engine.model.panel import CorrectionKind
from engine.model.people_plans import KeepAsRecorded
from engine.service.corrections import reverse
from tools.context import ToolContext
from tools.names import names_of, require_item, require_location
from tools.result import OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool


class Keep(Arguments):
    sku: str = Field(description="exact SKU")
    location: str | None = Field(default=None, description="null: everywhere")
    first: date = Field(description="first day, as the person said it")
    last: date = Field(description="last day, as the person said it")
    kind: CorrectionKind | None = Field(default=None, description="only this kind; null: every")
    reason: str | None = Field(default=None, description="why, in the person's own words")


def keep_as_recorded(arguments: Keep, context: ToolContext) -> ToolResult:
    run = current_run(context)
    names, item = names_of(context.stores, run), require_item(context.stores, run, arguments.sku)
    place = require_location(names, arguments.location).code if arguments.location else ""
    made = reverse(
        context.stores,
        KeepAsRecorded(
            sku=item.code, location=place, start=arguments.first, end=arguments.last,
            kind=arguments.kind, reason=arguments.reason or "",
        ),
        person=context.person,
        now=context.now,
    )  # fmt: skip
    ledger = ledger_for(run)
    ledger.add("decision.number", made.id, "count", "number of the decision", item)
    ledger.code("item.sku", item)
    ledger.name("item.name", item)
    ledger.add("kept.first", arguments.first, "date", "first day kept as recorded", item)
    ledger.add("kept.last", arguments.last, "date", "last day kept as recorded", item)
    if arguments.kind is not None:
        ledger.add("kept.kind", arguments.kind, "name", "kind of correction", item)
    if place:
        ledger.code("kept.location", names.location(place))
    if made.content.reason:
        ledger.add("kept.reason", made.content.reason, "name", "reason given", item)
    ledger.offer(
        OfferedAction(kind="say", label="Take it back", text=f"Withdraw decision {made.id}")
    )
    return ledger.result("kept")


TOOL = Tool(
    name="keep_as_recorded",
    mode="write",
    description=(
        "Undo corrections of an item's demand on some past days, because the person knows that "
        "what was recorded is right; it counts from the next plan on and can be taken back."
    ),
    arguments=Keep,
    run=keep_as_recorded,
)
