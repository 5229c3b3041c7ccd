"""Purchase orders as facts: one row each, and what a person may decide about them."""

from collections.abc import Sequence

from engine.purchase.states import OrderState
from engine.service import approve
from engine.service.order_view import OrderView
from tools.context import ToolContext
from tools.facts import Entity, FactKind, Value
from tools.ledger import Ledger
from tools.page import SHOWN, end_page, page_of
from tools.result import FactTable, OfferedAction


def order_entity(view: OrderView) -> Entity:
    return Entity(kind="po", code=view.number)


def in_words(state: OrderState) -> str:
    """`send_unconfirmed` is "send unconfirmed"."""
    return state.value.replace("_", " ")


def add_orders(
    ledger: Ledger, views: Sequence[OrderView], *, top: int = SHOWN, skip: int = 0
) -> None:
    """Facts `order.1.*` and so on, with a table of those on the page."""
    page = page_of(views, top=top, skip=skip)
    rows = tuple(_row(ledger, f"order.{number}", view) for number, view in page.numbered())
    ledger.table(
        FactTable(
            name="orders",
            title="Purchase orders",
            columns=("PO", "Supplier", "Ship to", "Lines", "Units", "Total", "Wanted by", "State"),
            rows=rows,
            rest=end_page(ledger, "orders.rest", page.rest, "further orders"),
        )
    )


def _row(ledger: Ledger, prefix: str, view: OrderView) -> tuple[str, ...]:
    order, content = order_entity(view), view.content
    supplier = Entity(kind="supplier", code=content.supplier, name=content.supplier_name)
    place = Entity(kind="location", code=content.ship_to)
    figures: tuple[tuple[str, Value, FactKind, str], ...] = (
        (f"{prefix}.lines", len(content.lines), "count", "lines of the order"),
        (f"{prefix}.units", content.units, "units", "units ordered"),
        (f"{prefix}.wanted", content.requested_on, "date", "day by which all of it is wanted"),
        (f"{prefix}.state", in_words(view.state), "status", "state of the order"),
        (f"{prefix}.revision", view.revision, "count", "revision"),
    )
    ledger.add_all(figures, order)
    ledger.add(f"{prefix}.total", content.total_minor, "money", "total cost of the order", order,
               currency=content.currency)  # fmt: skip
    ledger.add(f"{prefix}.base_total", content.base_total_minor, "money",
               "total cost of the order in base currency", order, currency=content.base_currency,
               formula=f"total x recorded rate {content.rate}")  # fmt: skip
    return (
        ledger.code(f"{prefix}.number", order),
        ledger.name(f"{prefix}.supplier", supplier),
        ledger.code(f"{prefix}.ship_to", place),
        f"{prefix}.lines",
        f"{prefix}.units",
        f"{prefix}.total",
        f"{prefix}.wanted",
        f"{prefix}.state",
    )


def offer_decisions(ledger: Ledger, context: ToolContext, views: Sequence[OrderView]) -> int:
    """Offer the pending ones to whoever may decide; say who may. Returns how many are pending."""
    pending = [view for view in views if view.state == OrderState.PROPOSED]
    able: dict[str, str] = {}
    for view in pending:
        ledger.wait(str(view.request_id))
    for view in pending[:SHOWN]:
        card = approve.card(context.stores, int(view.request_id or 0), now=context.now)
        able |= {person: card.people.get(person, person) for person in card.who_may}
        if context.person.id in card.who_may:
            ledger.offer(
                OfferedAction(
                    kind="decide", label=f"Decide on {view.number}", target=str(view.request_id)
                )
            )
    if able:
        names = ", ".join(able[person] for person in sorted(able))
        ledger.add("approvers", names, "name", "who may approve")
    ledger.add("orders.pending", len(pending), "count", "orders that wait for approval")
    return len(pending)
