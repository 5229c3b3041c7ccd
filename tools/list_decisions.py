"""What people have decided about demand: overrides, promotions, launches, prices."""

from typing import Literal

from pydantic import Field

from tools.cells import rounded
from tools.context import ToolContext
from tools.decisions_shown import Shown, shown_decisions
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import Names, names_of
from tools.page import Skip, Top, end_page, page_of
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool


class ListDecisions(Arguments):
    kind: Literal["override", "promotion", "launch", "price"] | None = Field(
        default=None, description="null: every kind"
    )
    sku: str | None = Field(default=None, description="only this item's")
    past: bool = Field(default=False, description="also those expired or withdrawn")
    top: Top = 20
    skip: Skip = 0


def list_decisions(arguments: ListDecisions, context: ToolContext) -> ToolResult:
    run = current_run(context)
    names = names_of(context.stores, run)
    found = [
        each
        for each in shown_decisions(context.stores, context.now)
        if arguments.kind in (None, each.kind)
        and arguments.sku in (None, each.sku)
        and (arguments.past or each.state == "in force")
    ][::-1]
    ledger = ledger_for(run)
    ledger.add("decisions.count", len(found), "count", "decisions about demand")
    if not found:
        return ledger.result("none")
    page = page_of(found, top=arguments.top, skip=arguments.skip)
    rows = tuple(
        _row(ledger, names, f"decision.{number}", each) for number, each in page.numbered()
    )
    ledger.table(
        FactTable(
            name="decisions",
            title="What people have set and planned, newest first",
            columns=("No.", "What", "SKU", "Where", "From", "To", "Change", "Units", "Per",
                     "Price", "By", "Reason", "State"),
            rows=rows,
            rest=end_page(ledger, "decisions.rest", page.rest, "further decisions"),
        )
    )  # fmt: skip
    return ledger.result("further" if arguments.skip else "listed")


def _row(ledger: Ledger, names: Names, prefix: str, each: Shown) -> tuple[str, ...]:
    about = [names.item(each.sku)] if each.sku else []
    add, what = ledger.add, each.sku or each.category
    named = (
        ledger.code(f"{prefix}.sku", about[0])
        if about
        else add(f"{prefix}.category", what, "name", "category")
    )
    where = ledger.code(f"{prefix}.place", names.location(each.location)) if each.location else ""
    return (
        add(f"{prefix}.number", each.id, "count", "number of the decision", *about),
        add(f"{prefix}.kind", each.kind, "name", "kind of decision", *about),
        named,
        where,
        add(f"{prefix}.first", each.first, "date", "first day", *about),
        "" if each.last is None else add(f"{prefix}.last", each.last, "date", "last day", *about),
        *_size(ledger, prefix, each, about),
        add(f"{prefix}.author", each.author, "name", "who decided it", *about),
        add(f"{prefix}.reason", each.reason, "name", "reason given", *about) if each.reason else "",
        add(f"{prefix}.state", each.state, "status", "does it still count", *about),
    )


def _size(ledger: Ledger, prefix: str, each: Shown, about: list[Entity]) -> tuple[str, ...]:
    """Change, units, what they are of, and price: what the decision has of them."""
    change = units = per = price = ""
    if each.change is not None:
        change = ledger.add(f"{prefix}.change", round(each.change, 4), "percent", "change", *about)
    if each.units:
        shown = " to ".join(f"{rounded(number):,}" for number in each.units)
        units = ledger.add(f"{prefix}.units", shown, "name", "units set", *about)
        per = ledger.add(f"{prefix}.per", each.per, "name", "what the units are of", *about)
    if each.price_micros is not None:
        price = ledger.add(f"{prefix}.price", each.price_micros, "unit_price", "price", *about)
    return change, units, per, price


TOOL = Tool(
    name="list_decisions",
    mode="read",
    description="Overrides, planned promotions, launches and prices that people have entered.",
    arguments=ListDecisions,
    run=list_decisions,
)
