"""When open orders arrive: a window that holds with a stated chance."""

from typing import TYPE_CHECKING

from pydantic import Field

from engine.model.config import PlanConfig
from engine.service.stores import Stores
from tools.context import ToolContext
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import Names, names_of, require_item
from tools.page import SHOWN, Skip, Top, end_page, page_of
from tools.promise_facts import add_promises
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

if TYPE_CHECKING:
    from engine.promise.windows import PromiseWindow


class EtaPromise(Arguments):
    sku: str | None = Field(default=None, description="only deliveries of this item")
    po: str | None = Field(default=None, description="only this purchase order")
    quantity: int = Field(
        default=1, ge=1, le=1_000_000, description="units a new customer wants of the item"
    )
    top: Top = SHOWN
    skip: Skip = 0


def eta_promise(arguments: EtaPromise, context: ToolContext) -> ToolResult:
    run = current_run(context)
    if arguments.sku is not None:
        require_item(context.stores, run, arguments.sku)
    windows = context.compute.call(
        windows_for, context.stores, context.config, run.id, arguments.sku, arguments.po
    )
    names = names_of(context.stores, run)
    ledger = ledger_for(run)
    ledger.add("eta.count", len(windows), "count", "open order lines")
    late = sum(window.overdue for window in windows)
    ledger.add("eta.late", late, "count", "lines that are late")
    if arguments.sku is not None:
        ledger.code("item.sku", names.item(arguments.sku))
        ledger.name("item.name", names.item(arguments.sku))
        add_promises(ledger, names, context, arguments.sku, arguments.quantity)
    if not windows:
        return ledger.result("none")
    ledger.add("eta.level", windows[0].level, "percent", "chance that a line falls in its window")
    page = page_of(windows, top=arguments.top, skip=arguments.skip)
    rows = tuple(_row(ledger, names, f"eta.{number}", each) for number, each in page.numbered())
    ledger.table(
        FactTable(
            name="windows",
            title="When open orders arrive, soonest first",
            columns=("PO", "Supplier", "SKU", "Where", "Units", "Window", "Due", "Late"),
            rows=rows,
            rest=end_page(ledger, "eta.rest", page.rest, "further lines"),
        )
    )
    return ledger.result("listed" if page.is_first else "further")


def windows_for(
    stores: Stores, config: PlanConfig, run_id: str, sku: str | None, po: str | None
) -> "tuple[PromiseWindow, ...]":
    """Importable by a compute process: learning lead times takes a moment."""
    from engine.service.promise import promise_windows

    return promise_windows(stores, config, run_id=run_id, sku=sku, po=po)


def _row(ledger: Ledger, names: Names, prefix: str, window: "PromiseWindow") -> tuple[str, ...]:
    item, place = names.item(window.sku), names.location(window.location)
    order = Entity(kind="po", code=window.po)
    about, add = (order, item, place), ledger.add
    return (
        ledger.code(f"{prefix}.po", order),
        ledger.code(f"{prefix}.supplier", names.supplier(window.supplier)),
        ledger.code(f"{prefix}.sku", item),
        ledger.code(f"{prefix}.location", place),
        add(f"{prefix}.units", window.units, "units", "units still to come", *about),
        add(f"{prefix}.window", f"{window.first.isoformat()}/{window.last.isoformat()}",
            "date_range", "days between which it arrives", *about),
        "" if window.due_on is None else add(f"{prefix}.due", window.due_on, "date",
                                             "day it is due", *about),
        add(f"{prefix}.late", "late" if window.overdue else "in time", "status",
            "late or in time", *about),
    )  # fmt: skip


TOOL = Tool(
    name="eta_promise",
    mode="read",
    description="When open purchase orders arrive; for an item, also what a new customer can be "
    "promised, place by place: in stock, a window, or no date.",
    arguments=EtaPromise,
    run=eta_promise,
)
