"""Why the plan orders none of an item: cut, refused, not worth it, or not needed."""

from engine.service.explaining import Explanation, explain
from engine.service.plan_index import cut_index
from engine.service.reading import RunHeader
from tools.cells import Record, known, records, rounded, text, whole
from tools.context import ToolContext
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import Names
from tools.order_steps import Rows, add_why
from tools.result import ToolResult


def not_ordered(
    ledger: Ledger,
    names: Names,
    context: ToolContext,
    run: RunHeader,
    place: Record,
    instead: int | None,
) -> ToolResult:
    """The plan buys none: the budget cut it, a rule forbids it, or stock and inbound suffice."""
    sku, location = str(place["sku"]), str(place["location"])
    about = (names.item(sku), names.location(location))
    ledger.code("order.location", about[1])
    weekly = rounded(known(place["mean_weekly_units"]) or 0)
    stock: Rows = (
        ("stock.on_hand", whole(place["on_hand"]), "units", "stock on hand"),
        ("stock.reserved", whole(place["reserved"]), "units", "units reserved"),
        ("stock.weekly", weekly, "units", "expected sales per week"),
    )
    ledger.add_all(stock, *about)
    why = explain(context.stores, run, sku, location)
    ledger.add("order.units", 0, "units", "units to order", *about)
    if why is not None:
        _add_considered(ledger, why, about)
        add_why(ledger, run, why, why.steps, about, instead)
    cuts = cut_index(context.stores, run)
    mine = records(cuts[(cuts["sku"] == sku) & (cuts["location"] == location)])
    if mine:
        _add_cut(ledger, mine[0], about)
        return ledger.result("cut")
    wanted = why is not None and not why.refused and whole(why.row["need_units"]) > 0
    return ledger.result("not-worth" if wanted else "not-needed")


def _add_cut(ledger: Ledger, cut: Record, about: tuple[Entity, Entity]) -> None:
    ledger.add("cut.units", whole(cut["units"]), "units", "units cut", *about)
    ledger.add("cut.cost", whole(cut["cost_minor"]), "money", "cost of what was cut", *about)
    ledger.add("cut.loss", whole(cut["expected_loss_minor"]), "money",
               "expected loss from the cut", *about, is_estimate=True)  # fmt: skip
    ledger.add("cut.reason", text(cut["reason"]), "sentence", "why it was cut", *about)


def _add_considered(ledger: Ledger, why: Explanation, about: tuple[Entity, Entity]) -> None:
    """What the plan weighed before it bought nothing."""
    row = why.row
    figures: Rows = (
        ("stock.inbound", whole(row["inbound_units"]), "units", "inbound units"),
        ("stock.demand", rounded(known(row["demand_over_protection"]) or 0), "units",
         "expected demand until the next order can arrive"),
        ("stock.protection", rounded(known(row["protection_days"]) or 0), "days",
         "days until the next order can arrive"),
        ("stock.need", whole(row["need_units"]), "units", "best quantity in single units"),
        ("stock.least", whole(row["minimum_units"]), "units", "least that can be ordered"),
    )  # fmt: skip
    ledger.add_all(figures, *about)
    if why.refused:
        ledger.add("stock.refused", why.refused, "sentence", "why none may be bought",
                   *about)  # fmt: skip
