"""What needs a person, most money first: new, still open, resolved."""

from typing import Annotated

from pydantic import Field

from engine.service import reading
from tools.cells import Record, records, text, whole
from tools.context import ToolContext
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import Names, names_of
from tools.pulses import add_pulses
from tools.result import FactTable, OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool


class ListExceptions(Arguments):
    sku: str | None = Field(default=None, description="only this item's")
    top: Annotated[int, Field(ge=1, le=50)] = Field(default=10, description="how many to list")


def list_exceptions(arguments: ListExceptions, context: ToolContext) -> ToolResult:
    run = current_run(context)
    names = names_of(context.stores, run)
    found = records(reading.exceptions(context.stores, run.id))
    if arguments.sku is not None:
        found = [row for row in found if row["sku"] == arguments.sku]
    resolved = len(reading.resolved_exceptions(context.stores, run.id))
    flowing = reading.plan_lines(context.stores, run.id)["tier"].eq("flow").sum()
    ledger = ledger_for(run)
    ledger.add("exceptions.count", len(found), "count", "exceptions that need a person")
    ledger.add(
        "exceptions.new",
        sum(row["status"] == "new" for row in found),
        "count",
        "new since the plan before",
    )
    ledger.add("exceptions.resolved", resolved, "count", "resolved since the plan before")
    ledger.add("exceptions.flowing", int(flowing), "count", "lines that flow without anybody")
    ledger.add("exceptions.stake", sum(whole(row["at_stake_minor"]) for row in found), "money",
               "money at stake", is_estimate=True)  # fmt: skip
    _table(ledger, names, found, arguments.top)
    add_pulses(ledger, names, found[: arguments.top])
    if not found:
        return ledger.result("none")
    first = text(found[0]["sku"])
    if first:
        ledger.offer(OfferedAction(kind="say", label="Why the first", text=f"Why {first}?"))
    return ledger.result("listed")


def _table(ledger: Ledger, names: Names, found: list[Record], top: int) -> None:
    rows = tuple(
        _row(ledger, names, f"exception.{number}", row)
        for number, row in enumerate(found[:top], start=1)
    )
    rest = len(found) - len(rows)
    ledger.table(
        FactTable(
            name="exceptions",
            title="What needs you, most money first",
            columns=("#", "What", "SKU", "Item", "Where", "Supplier", "PO", "At stake", "Since"),
            rows=rows,
            rest=ledger.rest("exceptions.rest", rest, "further exceptions"),
        )
    )


def _row(ledger: Ledger, names: Names, prefix: str, row: Record) -> tuple[str, ...]:
    item = names.item(text(row["sku"])) if text(row["sku"]) else None
    place = names.location(text(row["location"])) if text(row["location"]) else None
    supplier = names.supplier(text(row["supplier"])) if text(row["supplier"]) else None
    order = Entity(kind="po", code=text(row["po"])) if text(row["po"]) else None
    about = [entity for entity in (item, place, supplier, order) if entity is not None]
    number = int(prefix.rpartition(".")[2])
    return (
        ledger.add(f"{prefix}.number", number, "count", "place in the list", *about),
        ledger.add(f"{prefix}.what", in_words(text(row["code"])), "name", "exception", *about),
        ledger.code(f"{prefix}.sku", item) if item else "",
        ledger.name(f"{prefix}.name", item) if item else "",
        ledger.code(f"{prefix}.location", place) if place else "",
        ledger.code(f"{prefix}.supplier", supplier) if supplier else "",
        ledger.code(f"{prefix}.po", order) if order else "",
        ledger.add(f"{prefix}.stake", whole(row["at_stake_minor"]), "money", "money at stake",
                   *about, is_estimate=True),
        ledger.add(f"{prefix}.status", text(row["status"]), "status", "new or still open", *about),
    )  # fmt: skip


def in_words(code: str) -> str:
    """An exception's code as a reader says it: `stock_out_soon` is "stock out soon"."""
    return code.replace("_", " ").replace("-", " ")


TOOL = Tool(
    name="list_exceptions",
    mode="read",
    description="What needs a person, most money at stake first; new, open and resolved.",
    arguments=ListExceptions,
    run=list_exceptions,
)
