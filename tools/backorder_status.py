"""Customers who wait: how many, who has their goods, whose window is at risk, whom to tell."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from engine.service.backorders import Backorder, queue
from engine.service.notices import notices
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.names import Names, names_of, require_item, require_location
from tools.page import SHOWN, Skip, Top, end_page, page_of
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

if TYPE_CHECKING:
    from tools.facts import Entity


class BackorderStatus(Arguments):
    sku: str | None = Field(default=None, description="only customers who wait for this item")
    location: str | None = Field(default=None, description="only there, by code or name")
    at_risk: bool = Field(default=False, description="only those whose window is likely to slip")
    top: Top = SHOWN
    skip: Skip = 0


def backorder_status(arguments: BackorderStatus, context: ToolContext) -> ToolResult:
    run = current_run(context)
    names = names_of(context.stores, run)
    if arguments.sku is not None:
        require_item(context.stores, run, arguments.sku)
    place = arguments.location and require_location(names, arguments.location).code
    found = queue(context.stores, sku=arguments.sku, location=place)
    ledger = ledger_for(run)
    if found.day is None:
        return ledger.result("never")
    lines = [line for line in found.lines if line.at_risk or not arguments.at_risk]
    _totals(ledger, lines, context)
    if arguments.sku is not None:
        ledger.code("item.sku", names.item(arguments.sku))
        ledger.name("item.name", names.item(arguments.sku))
    if not lines:
        return ledger.result("none")
    page = page_of(lines, top=arguments.top, skip=arguments.skip)
    rows = tuple(_row(ledger, names, f"wait.{number}", line) for number, line in page.numbered())
    ledger.table(
        FactTable(
            name="backorders",
            title="Who waits, in the order in which they are served",
            columns=("Order line", "SKU", "Where", "Units", "Held", "Ahead", "Ships", "Was told",
                     "Risk"),
            rows=rows,
            rest=end_page(ledger, "wait.rest", page.rest, "further lines"),
        )
    )  # fmt: skip
    return ledger.result("listed" if page.is_first else "further")


def _totals(ledger: Ledger, lines: Sequence[Backorder], context: ToolContext) -> None:
    drafts = notices(context.stores, states=("draft", "no_contact", "opted_out"))
    ledger.add("wait.count", len(lines), "count", "order lines that wait")
    ledger.add("wait.units", sum(line.units for line in lines), "units", "units waited for")
    ledger.add("wait.held", sum(line.held for line in lines), "units", "units set aside for them")
    ledger.add("wait.ready", sum(line.ready for line in lines), "count", "lines that can be sent")
    ledger.add("wait.risk", sum(line.at_risk for line in lines), "count", "lines at risk")
    dateless = sum(line.first_on is None for line in lines)
    ledger.add("wait.open", dateless, "count", "lines without a window")
    ledger.add("wait.messages", len(drafts), "count", "customers to be told of a moved window")


def _row(ledger: Ledger, names: Names, prefix: str, line: Backorder) -> tuple[str, ...]:
    item, place = names.item(line.sku), names.location(line.location)
    about: tuple[Entity, ...] = (item, place)
    add = ledger.add
    ships = told = ""
    if line.first_on and line.last_on:
        window = f"{line.first_on.isoformat()}/{line.last_on.isoformat()}"
        ships = add(f"{prefix}.window", window, "date_range", "days between which it ships", *about)
    if line.told_first and line.told_last:
        window = f"{line.told_first.isoformat()}/{line.told_last.isoformat()}"
        told = add(f"{prefix}.told", window, "date_range", "window the customer knows", *about)
    risk = "at risk" if line.at_risk else "ready" if line.ready else "in time"
    return (
        add(f"{prefix}.line", line.order_line, "name", "order line", *about),
        ledger.code(f"{prefix}.sku", item),
        ledger.code(f"{prefix}.location", place),
        add(f"{prefix}.units", line.units, "units", "units waited for", *about),
        add(f"{prefix}.held", line.held, "units", "units set aside", *about),
        add(f"{prefix}.ahead", line.ahead, "units", "units that others before it miss", *about),
        ships,
        told,
        add(f"{prefix}.risk", risk, "status", "how the window stands", *about),
    )


TOOL = Tool(
    name="backorder_status",
    mode="read",
    description="Customers who wait for stock: what is set aside, their windows, who is at risk.",
    arguments=BackorderStatus,
    run=backorder_status,
)
