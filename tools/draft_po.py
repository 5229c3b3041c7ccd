"""Draft purchase orders from the run on screen, one per supplier, and ask for their approval."""

from datetime import timedelta

from pydantic import Field

from engine.errors import NotAllowed
from engine.purchase.states import OrderState
from engine.service import purchase
from engine.service.drafted import drafted_minor
from engine.service.order_view import OrderView
from engine.service.plan_index import line_index
from engine.service.reading import RunHeader
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.names import names_of, require_item, require_location, require_supplier, skus_below
from tools.orders import add_orders, offer_decisions, order_entity
from tools.result import ToolResult
from tools.runs import ledger_for, mark_hypothetical, shown_run
from tools.tool import Arguments, Tool

DAY = timedelta(hours=24)


class DraftPo(Arguments):
    suppliers: tuple[str, ...] | None = Field(default=None, description="null: all of the plan")
    skus: tuple[str, ...] | None = Field(default=None, description="null: all of the plan")
    location: str | None = Field(default=None, description="only what this location needs")
    category: str | None = Field(default=None, description="only this category and below")


def draft_po(arguments: DraftPo, context: ToolContext) -> ToolResult:
    """Quantities are the run's; a model cannot bring any. Nothing is approved or sent by this."""
    run = shown_run(context)
    suppliers, skus = _suppliers(arguments, context), _skus(arguments, context)
    locations = _locations(arguments, context)
    _require_within_a_day(context, run, suppliers, skus, locations)
    drafted = purchase.draft_orders(
        context.stores,
        run_id=run.id,
        person=context.person,
        now=context.now,
        suppliers=suppliers,
        skus=skus,
        locations=locations,
    )
    ledger = ledger_for(run)
    mark_hypothetical(ledger, run, context)
    if not drafted:
        return ledger.result("nothing-to-draft")
    tried = [_proposed(view, context) for view in drafted]
    views = [view for view, _ in tried]
    refused = [(view, why) for view, why in tried if why is not None]
    ledger.add("draft.refused", len(refused), "count", "orders that could not be put forward")
    for view, why in refused[:1]:
        _add_refusal(ledger, view, why)
    again = sum(view.already_there for view in drafted)
    ledger.add("draft.count", len(views), "count", "purchase orders")
    ledger.add("draft.again", again, "count", "orders that were there already")
    ledger.add("draft.total", sum(view.content.base_total_minor for view in views), "money",
               "total cost of these orders", formula="sum of the orders' totals")  # fmt: skip
    add_orders(ledger, views)
    offer_decisions(ledger, context, views)
    return ledger.result("already-there" if again == len(views) else "drafted")


def _require_within_a_day(
    context: ToolContext,
    run: RunHeader,
    suppliers: list[str] | None,
    skus: list[str] | None,
    locations: list[str] | None,
) -> None:
    """What talking may draft in 24 hours is set by whoever runs this; more takes `qm po draft`."""
    most = context.drafted_per_day_minor
    if most is None:
        return
    lines = line_index(context.stores, run)
    for column, chosen in (("supplier", suppliers), ("sku", skus), ("location", locations)):
        lines = lines if chosen is None else lines[lines[column].isin(chosen)]
    before = drafted_minor(context.stores, context.person.id, since=context.now - DAY)
    if before + int(lines["cost_minor"].sum()) > most:
        raise NotAllowed(
            "That would be more than one person may draft by talking in a day (turn.drafted_per_day"
            " in the settings). Nothing was drafted: name fewer lines, or ask whoever runs this."
        )


def _add_refusal(ledger: Ledger, view: OrderView, why: str) -> None:
    """What stands in the way: the budget it breaks as figures, anything else as a sentence."""
    order, base = order_entity(view), view.content.base_currency
    for effect in view.budgets:
        if effect.is_exceeded:
            ledger.add(
                "over.takes",
                effect.order_minor,
                "money",
                "cost of the order against the budget",
                order,
                currency=base,
            )
            ledger.add(
                "over.left",
                effect.left_before_minor,
                "money",
                "budget left before the order",
                order,
                currency=base,
            )
            ledger.add("over.scope", effect.scope, "name", "scope of the budget", order)
            ledger.add("over.period", effect.period, "name", "period of the budget", order)
            ledger.code("over.order", order)
            return  # fmt: skip
    ledger.add("draft.refusal", why, "sentence", "why it was not put forward", order)


def _proposed(view: OrderView, context: ToolContext) -> tuple[OrderView, str | None]:
    """Ask for approval of a draft; one that breaks a budget stays a draft, with the reason."""
    if view.state != OrderState.DRAFT:
        return view, None
    try:
        proposed = purchase.propose(
            context.stores,
            view.number,
            person=context.person,
            now=context.now,
            expected_revision=view.revision,
        )
    except NotAllowed as refusal:
        return view, str(refusal)
    return proposed, None


def _suppliers(arguments: DraftPo, context: ToolContext) -> list[str] | None:
    if arguments.suppliers is None:
        return None
    names = names_of(context.stores, shown_run(context))
    return [require_supplier(names, text).code for text in arguments.suppliers]


def _skus(arguments: DraftPo, context: ToolContext) -> list[str] | None:
    run = shown_run(context)
    if arguments.skus is not None:
        return [require_item(context.stores, run, sku).code for sku in arguments.skus]
    if arguments.category is None:
        return None
    bought = set(line_index(context.stores, run)["sku"])
    return sorted(bought & skus_below(context.stores, run, arguments.category))


def _locations(arguments: DraftPo, context: ToolContext) -> list[str] | None:
    if arguments.location is None:
        return None
    names = names_of(context.stores, shown_run(context))
    return [require_location(names, arguments.location).code]


TOOL = Tool(
    name="draft_po",
    mode="write",
    description=(
        "Draft one purchase order per supplier from the plan on screen and ask for its approval. "
        "Quantities are the plan's. Approving is done by people only."
    ),
    arguments=DraftPo,
    run=draft_po,
)
