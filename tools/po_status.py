"""Where purchase orders stand: one in full, or a list."""

from typing import Literal

from pydantic import Field

from engine.purchase.order import OrderContent, OrderLine
from engine.purchase.progress import LineProgress
from engine.purchase.states import OPEN, OrderState
from engine.service import purchase
from engine.service.order_view import OrderView
from tools.changes import add_changes, add_decisions
from tools.context import ToolContext
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import names_of, require_supplier
from tools.orders import add_orders, offer_decisions, order_entity
from tools.page import Skip, Top, end_page, page_of
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

State = Literal[
    "draft", "postponed", "proposed", "approved", "send_unconfirmed", "sent", "confirmed",
    "part_received", "received", "closed", "rejected", "cancelled", "superseded",
]  # fmt: skip


class PoStatus(Arguments):
    number: str | None = Field(default=None, description="one order; null: a list")
    state: State | None = Field(default=None, description="null: every order that is still open")
    supplier: str | None = Field(default=None, description="only this supplier's")
    show: Literal["lines", "changes", "decisions"] = Field(
        default="lines", description="of one order: its lines, what changed, or who decided"
    )
    since: int | None = Field(default=None, description="changes since this revision; null: first")
    top: Top = 15
    skip: Skip = 0


def po_status(arguments: PoStatus, context: ToolContext) -> ToolResult:
    ledger = ledger_for(current_run(context))
    if arguments.number is not None:
        view = purchase.order_view(context.stores, arguments.number)
        if arguments.show != "lines":
            return _history(arguments, view, ledger, context)
        add_orders(ledger, [view])
        _add_lines(ledger, view, arguments)
        offer_decisions(ledger, context, [view])
        return ledger.result("further" if arguments.skip else "one")
    states = OPEN if arguments.state is None else frozenset({OrderState(arguments.state)})
    views = purchase.list_orders(
        context.stores, states=states, supplier=_supplier(arguments.supplier, context)
    )
    ledger.add("orders.count", len(views), "count", "purchase orders")
    add_orders(ledger, views, top=arguments.top, skip=arguments.skip)
    waiting = offer_decisions(ledger, context, views)
    if not views:
        return ledger.result("none")
    if arguments.skip:
        return ledger.result("further")
    return ledger.result("some-wait" if waiting else "listed")


def _history(
    arguments: PoStatus, view: OrderView, ledger: Ledger, context: ToolContext
) -> ToolResult:
    """What changed since a revision, or who decided."""
    add_orders(ledger, [view])
    if arguments.show == "changes":
        add_changes(ledger, context, view, arguments.since or 1, view.revision)
        return ledger.result("changes")
    decided = add_decisions(ledger, context, view)
    offer_decisions(ledger, context, [view])
    return ledger.result("decided" if decided else "undecided")


def _supplier(text: str | None, context: ToolContext) -> str | None:
    if text is None:
        return None
    return require_supplier(names_of(context.stores, current_run(context)), text).code


def _add_lines(ledger: Ledger, view: OrderView, arguments: PoStatus) -> None:
    content = view.content
    page = page_of(content.lines, top=arguments.top, skip=arguments.skip)
    said = {each.line: each for each in view.progress if each.confirmed is not None}
    rows = tuple(
        _line_row(ledger, f"line.{number}", view, line)
        + (_said_row(ledger, f"line.{number}", view, line, said.get(line.line)) if said else ())
        for number, line in page.numbered()
    )
    more = ("Confirmed", "Expected") if said else ()
    ledger.table(
        FactTable(
            name="lines",
            title="Lines",
            columns=("SKU", "Item", "Units", "Packs", "Unit price", "Total", *more),
            rows=rows,
            rest=end_page(ledger, "line.rest", page.rest, "further lines"),
        )
    )
    _add_budgets(ledger, view, content)


def _line_row(ledger: Ledger, prefix: str, view: OrderView, line: OrderLine) -> tuple[str, ...]:
    item = Entity(kind="item", code=line.sku, name=line.name)
    about, currency = (order_entity(view), item), view.content.currency
    add = ledger.add
    return (
        ledger.code(f"{prefix}.sku", item),
        ledger.name(f"{prefix}.name", item),
        add(f"{prefix}.units", line.units, "units", "units ordered", *about),
        add(f"{prefix}.packs", float(line.packs), "packs", "packs ordered", *about),
        add(f"{prefix}.price", line.unit_price_micros, "unit_price", "price per unit", *about,
            currency=currency),
        add(f"{prefix}.total", line.total_minor(currency), "money", "cost of the line", *about,
            currency=currency),
    )  # fmt: skip


def _said_row(
    ledger: Ledger, prefix: str, view: OrderView, line: OrderLine, said: LineProgress | None
) -> tuple[str, ...]:
    """What the supplier said of a line; empty where it has said nothing of this one."""
    if said is None or said.confirmed is None or said.expected_on is None:
        return ("", "")
    about = order_entity(view), Entity(kind="item", code=line.sku, name=line.name)
    return (
        ledger.add(f"{prefix}.confirmed", said.confirmed, "units", "units confirmed", *about),
        ledger.add(f"{prefix}.expected", said.expected_on, "date", "expected arrival", *about),
    )


def _add_budgets(ledger: Ledger, view: OrderView, content: OrderContent) -> None:
    """What the order does to the total budget of its week."""
    for effect in view.budgets:
        if effect.scope != "total":
            continue
        order, base = order_entity(view), content.base_currency
        ledger.add("budget.period", effect.period, "name", "budget period")
        ledger.add(
            "budget.before",
            effect.left_before_minor,
            "money",
            "budget left before the order",
            order,
            currency=base,
        )
        ledger.add(
            "budget.after",
            effect.left_after_minor,
            "money",
            "budget left after the order",
            order,
            currency=base,
        )
        return


TOOL = Tool(
    name="po_status",
    mode="read",
    description=(
        "Where purchase orders stand: one by its number with its lines, or the open ones, or "
        "those in one state (proposed: waiting for approval)."
    ),
    arguments=PoStatus,
    run=po_status,
)
