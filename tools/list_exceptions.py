"""What needs a person, most money first: new, still open, resolved, put off."""

from typing import Annotated, Literal

from pydantic import Field

from engine.service import reading
from engine.service.snoozes import exceptions_now
from tools.cells import Record, records, text, whole
from tools.context import ToolContext
from tools.exception_rows import add_exceptions, in_words
from tools.ledger import Ledger
from tools.names import Names, names_of, require_item, require_location, require_supplier
from tools.pulses import add_pulses
from tools.result import OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool


class ListExceptions(Arguments):
    sku: str | None = Field(default=None, description="only this item's")
    location: str | None = Field(default=None, description="only there")
    supplier: str | None = Field(default=None, description="only this supplier's")
    kind: str | None = Field(default=None, description="only this kind, such as overstock")
    show: Literal["needing", "snoozed"] = Field(
        default="needing", description="snoozed: those that people have put off"
    )
    top: Annotated[int, Field(ge=1, le=50)] = Field(default=10, description="how many to list")
    skip: Annotated[int, Field(ge=0)] = Field(
        default=0, description="exceptions already shown: pass over so many"
    )


def list_exceptions(arguments: ListExceptions, context: ToolContext) -> ToolResult:
    run = current_run(context)
    names = names_of(context.stores, run)
    known = _narrowed(arguments, context, names)
    asleep = [row for row in known if row["status"] == "snoozed"]
    needing = [row for row in known if row["status"] != "snoozed"]
    ledger = ledger_for(run)
    resolved = len(reading.resolved_exceptions(context.stores, run.id))
    _counts(ledger, needing, resolved, len(asleep))
    flowing = reading.lines_on_their_own(context.stores, run.id)
    ledger.add("exceptions.flowing", flowing, "count", "lines that flow without anybody")
    found = asleep if arguments.show == "snoozed" else needing
    shown = add_exceptions(ledger, names, found, arguments.top, arguments.skip)
    add_pulses(ledger, names, shown)
    if not found:
        return ledger.result("none-snoozed" if arguments.show == "snoozed" else "none")
    first = text(found[0]["sku"])
    if first:
        ledger.offer(OfferedAction(kind="say", label="Why the first", text=f"Why {first}?"))
    if len(found) > arguments.skip + len(shown):
        ledger.offer(OfferedAction(kind="say", label="Show more", text="Show more"))
    return ledger.result("snoozed" if arguments.show == "snoozed" else "listed")


def _narrowed(arguments: ListExceptions, context: ToolContext, names: Names) -> list[Record]:
    """Those asked for; a name that does not exist is an error, not an empty list."""
    run = current_run(context)
    wanted: dict[str, str] = {}
    if arguments.sku is not None:
        wanted["sku"] = require_item(context.stores, run, arguments.sku).code
    if arguments.location is not None:
        wanted["location"] = require_location(names, arguments.location).code
    if arguments.supplier is not None:
        wanted["supplier"] = require_supplier(names, arguments.supplier).code
    rows = records(exceptions_now(context.stores, run.id, context.now))
    found = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    if arguments.kind is None:
        return found
    kind = in_words(arguments.kind).casefold()
    return [row for row in found if in_words(text(row["code"])) == kind]


def _counts(ledger: Ledger, needing: list[Record], resolved: int, asleep: int) -> None:
    new = sum(row["status"] == "new" for row in needing)
    ledger.add("exceptions.count", len(needing), "count", "exceptions that need a person")
    ledger.add("exceptions.new", new, "count", "new since the plan before")
    ledger.add("exceptions.resolved", resolved, "count", "resolved since the plan before")
    ledger.add("exceptions.snoozed", asleep, "count", "exceptions put off")
    ledger.add("exceptions.stake", sum(whole(row["at_stake_minor"]) for row in needing), "money",
               "money at stake", is_estimate=True)  # fmt: skip


TOOL = Tool(
    name="list_exceptions",
    mode="read",
    description=(
        "What needs a person, most money at stake first; new, open and resolved, and what people "
        "have put off."
    ),
    arguments=ListExceptions,
    run=list_exceptions,
)
