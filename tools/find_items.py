"""Items by free text, and what is known of one: stock, inbound, sales, price."""

from typing import Annotated

from pydantic import Field

from engine.service.items import ItemMatch, find_items as search, item_rows
from engine.service.reading import RunHeader
from tools.cells import Record, known, records, rounded, text, whole
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.names import Names, names_of
from tools.places import SHOWN_PLACES, considered
from tools.result import FactTable, OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

CERTAIN = 99.5  # a score from here on is the item itself


class FindItems(Arguments):
    text: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        description="SKU, name or category, as the person wrote it"
    )
    skus: tuple[str, ...] | None = Field(
        default=None, description="exact SKUs to show side by side, in place of a search"
    )
    top: Annotated[int, Field(ge=1, le=20)] = Field(default=6, description="how many to list")


def find_items(arguments: FindItems, context: ToolContext) -> ToolResult:
    run = current_run(context)
    names = names_of(context.stores, run)
    found = _found(arguments, context, run)
    ledger = ledger_for(run)
    ledger.add("find.text", arguments.text, "name", "what was looked for", is_asked=True)
    ledger.add("find.count", len(found), "count", "items that fit")
    if not found:
        return ledger.result("none")
    if len(found) == 1 and found[0].score >= CERTAIN:
        _add_places(ledger, names, context, run, found[0])
        return ledger.result("one")
    _add_matches(ledger, names, found)
    is_choice = arguments.skus is not None or _is_named(arguments.text, found[0])
    return ledger.result("several" if is_choice else "nearest")


def _found(arguments: FindItems, context: ToolContext, run: RunHeader) -> list[ItemMatch]:
    if arguments.skus is None:
        return search(context.stores, run, arguments.text, arguments.top)
    wanted = arguments.skus[: arguments.top]
    return [search(context.stores, run, sku, 1)[0] for sku in wanted]


def _is_named(text: str, match: ItemMatch) -> bool:
    """Every word of the text stands in the item's code, name or category; else it resembles it."""
    own = f"{match.sku} {match.name} {match.category}".casefold()
    return all(word.rstrip("s") in own for word in text.casefold().split())


def _add_matches(ledger: Ledger, names: Names, found: list[ItemMatch]) -> None:
    rows: list[tuple[str, ...]] = []
    for number, match in enumerate(found, start=1):
        prefix = f"item.{number}"
        item = names.item(match.sku)
        rows.append(
            (
                ledger.code(f"{prefix}.sku", item),
                ledger.name(f"{prefix}.name", item),
                ledger.add(f"{prefix}.category", match.category, "name", "category", item),
            )
        )
        ledger.offer(OfferedAction(kind="say", label=match.sku, text=f"Show {match.sku}"))
    ledger.table(
        FactTable(
            name="items", title="Items that fit", columns=("SKU", "Item", "Category"),
            rows=tuple(rows),
        )
    )  # fmt: skip


def _add_places(
    ledger: Ledger, names: Names, context: ToolContext, run: RunHeader, match: ItemMatch
) -> None:
    """The item with its stock in each place."""
    item = names.item(match.sku)
    ledger.code("item.sku", item)
    ledger.name("item.name", item)
    ledger.add("item.category", match.category, "name", "category", item)
    found = records(item_rows(context.stores, run, match.sku))
    places = [
        (row, considered(context.stores, run, match.sku, text(row["location"]))) for row in found
    ]
    on_hand = sum(whole(row["on_hand"]) for row, _ in places)
    inbound = sum(whole(weighed["inbound_units"]) for _, weighed in places if weighed)
    ledger.add("item.on_hand", on_hand, "units", "stock on hand in all places", item)
    ledger.add("item.inbound", inbound, "units", "inbound units in all places", item)
    weekly = sum(known(row["mean_weekly_units"]) or 0 for row in found)
    ledger.add("item.weekly", rounded(weekly), "units", "expected sales per week", item)
    price, cost = whole(found[0]["price_micros"]), whole(found[0]["unit_cost_micros"])
    ledger.add("item.price", price, "unit_price", "selling price per unit", item)
    ledger.add("item.cost", cost, "unit_price", "cost per unit", item)
    rows = tuple(
        _place_row(ledger, names, f"place.{number}", row, weighed)
        for number, (row, weighed) in enumerate(places[:SHOWN_PLACES], start=1)
    )
    ledger.table(
        FactTable(
            name="places",
            title="Where it is",
            columns=("Where", "On hand", "Reserved", "Inbound", "Sales per week", "Supplier",
                     "Confidence"),
            rows=rows,
        )
    )  # fmt: skip


def _place_row(
    ledger: Ledger, names: Names, prefix: str, row: Record, weighed: Record | None
) -> tuple[str, ...]:
    about = (names.item(text(row["sku"])), names.location(text(row["location"])))
    supplier = text(row["supplier"])
    add = ledger.add
    return (
        ledger.code(f"{prefix}.location", about[1]),
        add(f"{prefix}.on_hand", whole(row["on_hand"]), "units", "stock on hand", *about),
        add(f"{prefix}.reserved", whole(row["reserved"]), "units", "units reserved", *about),
        add(f"{prefix}.inbound", whole(weighed["inbound_units"]), "units", "inbound units", *about)
        if weighed
        else "",
        add(f"{prefix}.weekly", rounded(known(row["mean_weekly_units"]) or 0), "units",
            "expected sales per week", *about),
        ledger.code(f"{prefix}.supplier", names.supplier(supplier)) if supplier else "",
        add(f"{prefix}.confidence", text(row["confidence"]), "status", "confidence", *about),
    )  # fmt: skip


TOOL = Tool(
    name="find_items",
    mode="read",
    description="Find items by SKU, name or category; one exact hit shows its stock and inbound.",
    arguments=FindItems,
    run=find_items,
)
