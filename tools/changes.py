"""What changed in an order between two revisions, and who decided on it, as facts."""

from datetime import date, datetime

from engine.service import approve, purchase
from engine.service.order_view import OrderView
from tools.context import ToolContext
from tools.facts import Entity
from tools.ledger import Ledger
from tools.orders import order_entity
from tools.result import FactTable

SHOWN = 15


def add_changes(
    ledger: Ledger, context: ToolContext, view: OrderView, before: int, after: int
) -> None:
    """Facts `change.*` with a table: line by line before, after and money."""
    found = purchase.difference_between(context.stores, view.number, before, after)
    order, currency = order_entity(view), found.currency
    ledger.add("change.count", len(found.lines), "count", "lines that changed", order)
    ledger.add("change.from", before, "count", "revision compared with", order)
    ledger.add("change.to", after, "count", "revision it is at", order)
    for name, minor, label in (
        ("change.total_before", found.total_before_minor, "total cost before the change"),
        ("change.total_after", found.total_after_minor, "total cost after the change"),
    ):
        ledger.add(name, minor, "money", label, order, currency=currency)
    rows: list[tuple[str, ...]] = []
    for number, line in enumerate(found.lines[:SHOWN], start=1):
        item, prefix = Entity(kind="item", code=line.sku), f"change.{number}"
        about = (order, item)
        wanted = view.content.line(line.line)
        rows.append(
            (
                ledger.code(f"{prefix}.sku", item),
                ledger.add(f"{prefix}.before", line.units_before, "units", "units before", *about),
                ledger.add(f"{prefix}.after", line.units_after, "units", "units after", *about),
                ledger.add(f"{prefix}.money", line.money_minor, "money", "what the change costs",
                           *about, currency=currency),
                ledger.add(f"{prefix}.wanted", wanted.requested_on, "date",
                           "day the line is wanted", *about) if wanted else "",
            )
        )  # fmt: skip
    ledger.table(
        FactTable(
            name="changes",
            title="Changes",
            columns=("SKU", "Before", "After", "Money", "Wanted by"),
            rows=tuple(rows),
            rest=ledger.rest("change.rest", len(found.lines) - len(rows), "further changes"),
        )
    )


def add_decisions(ledger: Ledger, context: ToolContext, view: OrderView) -> int:
    """Facts `decision.*`: who said what, and when; returns how many there are."""
    if view.request_id is None:
        return 0
    card = approve.card(context.stores, view.request_id, now=context.now)
    order = order_entity(view)
    rows: list[tuple[str, ...]] = []
    for number, made in enumerate(card.decisions, start=1):
        prefix = f"decision.{number}"
        who = card.people.get(made.approver, made.approver)
        said = "approved" if made.decision == "approve" else "rejected"
        rows.append(
            (
                ledger.add(f"{prefix}.who", who, "name", "who decided", order),
                ledger.add(f"{prefix}.said", said, "status", "what they decided", order),
                ledger.add(f"{prefix}.on", _day(made.at), "date", "day of the decision", order),
            )
        )
    ledger.table(
        FactTable(
            name="decisions", title="Decisions", columns=("Who", "Decided", "On"), rows=tuple(rows)
        )
    )
    return len(rows)


def _day(at: datetime) -> date:
    return at.date()
