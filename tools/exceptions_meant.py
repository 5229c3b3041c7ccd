"""Which exceptions a person means: those of an item, a supplier or an order, here or of a kind."""

from pydantic import Field

from engine.errors import InvalidInput
from engine.service.reading import RunHeader
from engine.service.snoozes import exceptions_now
from tools.cells import Record, records, text, whole
from tools.context import ToolContext
from tools.exception_rows import in_words
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import names_of, require_item, require_location, require_supplier
from tools.tool import Arguments


class Target(Arguments):
    """Arguments of whatever is done with exceptions."""

    sku: str | None = Field(default=None, description="the item whose exceptions are meant")
    supplier: str | None = Field(default=None, description="in place of an item: a supplier's own")
    po: str | None = Field(default=None, description="in place of an item: a late order's number")
    location: str | None = Field(default=None, description="only there; null: everywhere")
    kind: str | None = Field(default=None, description="only this kind, such as overstock")


def meant(arguments: Target, context: ToolContext, run: RunHeader) -> list[Record]:
    """The run's exceptions that fit everything named; raises InvalidInput where none does."""
    names = names_of(context.stores, run)
    wanted: dict[str, str] = {}
    if arguments.sku is not None:
        wanted["sku"] = require_item(context.stores, run, arguments.sku).code
    if arguments.supplier is not None:
        wanted["supplier"] = require_supplier(names, arguments.supplier).code
    if arguments.po is not None:
        wanted["po"] = arguments.po
    if not wanted:
        raise InvalidInput("Name the item, the supplier or the order whose exception you mean.")
    if arguments.location is not None:
        wanted["location"] = require_location(names, arguments.location).code
    rows = records(exceptions_now(context.stores, run.id, context.now))
    found = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    if arguments.kind is not None:
        kind = in_words(arguments.kind).casefold()
        found = [row for row in found if in_words(text(row["code"])) == kind]
    if not found:
        raise InvalidInput(
            f"The plan reports no exception of {' at '.join(wanted.values())}"
            f"{f' of the kind {arguments.kind}' if arguments.kind else ''}. Ask for the exceptions "
            "to see them."
        )
    return found


def about(
    ledger: Ledger, context: ToolContext, run: RunHeader, arguments: Target, found: list[Record]
) -> str:
    """How many, of what, and what is at stake in them; returns the code of what they are of."""
    names = names_of(context.stores, run)
    of = Entity(kind="po", code=arguments.po or "")
    if arguments.sku is not None:
        of = names.item(arguments.sku)
    elif arguments.supplier is not None:
        of = require_supplier(names, arguments.supplier)
    ledger.code("meant.about", of)
    ledger.add("meant.count", len(found), "count", "exceptions meant")
    stake = sum(whole(row["at_stake_minor"]) for row in found)
    ledger.add("meant.stake", stake, "money", "money at stake in them", is_estimate=True)
    return of.code
