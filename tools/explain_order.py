"""Why a quantity is what it is: each step to the unit, adding up exactly."""

from typing import Annotated, cast

from pydantic import Field

from engine.service import reading
from engine.service.explaining import explain
from engine.service.reading import RunHeader
from tools.cells import Record, known, rounded, text, whole
from tools.context import ToolContext
from tools.facts import Entity
from tools.landed_shown import add_landed, add_source
from tools.ledger import Ledger
from tools.names import Names, names_of, require_item
from tools.not_ordered import not_ordered
from tools.order_steps import Rows, add_why
from tools.places import places_of
from tools.result import OfferedAction, ToolResult
from tools.runs import ledger_for, mark_hypothetical, shown_run
from tools.tool import Arguments, Tool


class ExplainOrder(Arguments):
    sku: str = Field(description="exact SKU")
    location: str | None = Field(default=None, description="null: where the plan buys most of it")
    instead_units: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="a quantity the person had in mind, to compare with"
    )


def explain_order(arguments: ExplainOrder, context: ToolContext) -> ToolResult:
    """Explains the run on screen: after a what-if, its quantity, not the plan of record's."""
    run = shown_run(context)
    require_item(context.stores, run, arguments.sku)
    names = names_of(context.stores, run)
    ledger = ledger_for(run)
    mark_hypothetical(ledger, run, context)
    item = names.item(arguments.sku)
    ledger.name("item.name", item)
    ledger.code("item.sku", item)
    places = places_of(context, run, arguments.sku, arguments.location)
    lines = _lines(context, run, arguments.sku, [str(row["location"]) for row in places])
    if not lines:
        return not_ordered(ledger, names, context, run, places[0], arguments.instead_units)
    line = lines[0]
    about = (item, names.location(str(line["location"])))
    _add_line(ledger, names, line, about)
    why = explain(context.stores, run, arguments.sku, str(line["location"]))
    add_why(
        ledger,
        run,
        why,
        cast("tuple[tuple[str, int], ...]", line["steps"]),
        about,
        arguments.instead_units,
    )
    ledger.add("order.elsewhere", len(lines) - 1, "count", "other places with a line for it", item)
    ledger.offer(OfferedAction(kind="say", label="Show the forecast",
                               text=f"Forecast {arguments.sku}"))  # fmt: skip
    if arguments.instead_units is not None:
        return ledger.result(_compare(ledger, line, arguments.instead_units, about))
    return ledger.result("explained")


def _lines(context: ToolContext, run: RunHeader, sku: str, places: list[str]) -> list[Record]:
    """The run's lines for the item in these places, largest first."""
    found = [reading.plan_line(context.stores, run.id, sku, place) for place in places]
    lines: list[Record] = [line for line in found if line is not None]
    return sorted(lines, key=lambda line: (-whole(line["units"]), str(line["location"])))


def _add_line(ledger: Ledger, names: Names, line: Record, about: tuple[Entity, Entity]) -> None:
    supplier = names.supplier(str(line["supplier"]))
    ledger.code("order.location", about[1])
    ledger.name("order.location_name", about[1])
    ledger.code("order.supplier", supplier)
    ledger.name("order.supplier_name", supplier)
    demand = rounded(known(line["demand_over_protection"]) or 0)
    protection = rounded(known(line["protection_days"]) or 0)
    figures: Rows = (
        ("order.units", whole(line["units"]), "units", "units to order"),
        ("order.cost", whole(line["cost_minor"]), "money", "cost of the line"),
        ("order.pack", whole(line["case_pack"]), "units", "case pack"),
        ("order.packs", whole(line["packs"]), "packs", "packs to order"),
        ("order.demand", demand, "units", "expected demand until the next order can arrive"),
        ("order.protection", protection, "days", "days until the next order can arrive"),
        ("order.reason", text(line["reason"]), "sentence", "reason for the line"),
        ("order.confidence", text(line["confidence"]), "status", "confidence"),
    )
    ledger.add_all(figures, *about)
    ledger.add("order.price", whole(line["unit_cost_micros"]), "unit_price",
               "supplier's price per unit", *about, currency=str(line["currency"]))  # fmt: skip
    ledger.add("order.loss", whole(line["lost_margin_minor"]), "money",
               "expected lost margin without the order", *about, is_estimate=True)  # fmt: skip
    ledger.add("order.value", whole(line["value_minor"]), "money",
               "expected profit of ordering now over waiting for the next chance", *about,
               is_estimate=True)  # fmt: skip
    add_landed(ledger, line, *about)
    add_source(ledger, names, line, *about)
    runs_out = known(line["stockout_days_p50"])
    if runs_out is not None:
        ledger.add("order.runs_out", rounded(runs_out), "days", "days until it runs out", *about)


def _compare(ledger: Ledger, line: Record, instead: int, about: tuple[Entity, Entity]) -> str:
    """What speaks against the quantity the person had in mind; names the situation."""
    units, pack = whole(line["units"]), max(1, whole(line["case_pack"]))
    ledger.add("instead.units", instead, "units", "the quantity you named", *about)
    ledger.add(
        "instead.difference",
        abs(units - instead),
        "units",
        "difference to the order",
        *about,
        inputs=("order.units", "instead.units"),
        formula="|order - yours|",
    )
    if instead == units:
        return "same-quantity"
    if instead % pack:
        below, above = instead // pack * pack, -(-instead // pack) * pack
        ledger.add("instead.below", below, "units", "whole packs just below yours", *about)
        ledger.add("instead.above", above, "units", "whole packs just above yours", *about)
        return "not-whole-packs"
    return "fewer-than-planned" if instead < units else "more-than-planned"


TOOL = Tool(
    name="explain_order",
    mode="read",
    description=(
        "Why the plan orders this quantity of an item: need, safety, stock, inbound, drafts, "
        "packs, minimum, price break, budget, adding up to the unit; or why it orders none. With "
        "what a pack more or less, or another quantity, would earn and cost."
    ),
    arguments=ExplainOrder,
    run=explain_order,
)
