"""Moves between locations that save buying: proposed before anything is bought."""

from pydantic import Field

from engine.service import reading
from tools.cells import Record, records, text, whole
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.names import Names, names_of, require_item
from tools.page import Skip, Top, end_page, page_of
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool


class ProposeTransfers(Arguments):
    sku: str | None = Field(default=None, description="only this item's")
    top: Top = 10
    skip: Skip = 0


def propose_transfers(arguments: ProposeTransfers, context: ToolContext) -> ToolResult:
    run = current_run(context)
    names = names_of(context.stores, run)
    found = records(reading.transfers(context.stores, run.id))
    if arguments.sku is not None:
        require_item(context.stores, run, arguments.sku)
        found = [row for row in found if row["sku"] == arguments.sku]
    ledger = ledger_for(run)
    ledger.add("transfers.count", len(found), "count", "transfers proposed")
    ledger.add("transfers.value", sum(whole(row["value_minor"]) for row in found), "money",
               "expected gain of the transfers", is_estimate=True)  # fmt: skip
    page = page_of(found, top=arguments.top, skip=arguments.skip)
    rows = tuple(_row(ledger, names, f"transfer.{number}", row) for number, row in page.numbered())
    ledger.table(
        FactTable(
            name="transfers",
            title="Move before buying",
            columns=("SKU", "Item", "From", "To", "Units", "Arrives in (days)", "Left at source",
                     "Gain"),
            rows=rows,
            rest=end_page(ledger, "transfers.rest", page.rest, "further transfers"),
        )
    )  # fmt: skip
    if not found:
        return ledger.result("none")
    return ledger.result("listed" if page.is_first else "further")


def _row(ledger: Ledger, names: Names, prefix: str, row: Record) -> tuple[str, ...]:
    item = names.item(text(row["sku"]))
    source = names.location(text(row["from_location"]))
    target = names.location(text(row["to_location"]))
    add = ledger.add
    return (
        ledger.code(f"{prefix}.sku", item),
        ledger.name(f"{prefix}.name", item),
        ledger.code(f"{prefix}.from", source),
        ledger.code(f"{prefix}.to", target),
        add(f"{prefix}.units", whole(row["units"]), "units", "units to move", item),
        add(f"{prefix}.days", whole(row["arrives_days"]), "days", "days until it arrives", item),
        add(f"{prefix}.left", whole(row["source_left_units"]), "units", "units left at the source",
            item),
        add(f"{prefix}.value", whole(row["value_minor"]), "money", "expected gain of the transfer",
            item, is_estimate=True),
    )  # fmt: skip


TOOL = Tool(
    name="propose_transfers",
    mode="read",
    description="Stock to move between locations before buying, with what each move gains.",
    arguments=ProposeTransfers,
    run=propose_transfers,
)
