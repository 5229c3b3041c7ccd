"""Tell the planner of a promotion, and see what it does to the forecast."""

from datetime import date

from pydantic import Field

from engine.errors import InvalidInput
from engine.model.people_plans import PlannedPromotion, PromotionKind
from engine.service import demand_decisions
from engine.service.promotions import add_promotion as store_promotion, require_promotion
from engine.service.reading import RunHeader
from tools.context import ToolContext
from tools.demand_effect import add_effect, effect_of
from tools.names import Names, names_of, require_category, require_item, require_location
from tools.result import OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.shares import SAID, Cut, depth_of
from tools.tool import Arguments, Tool
from tools.what_if_demand import add_plan


class AddPromotion(Arguments):
    sku: str | None = Field(default=None, description="exact SKU, or a category")
    category: str | None = Field(default=None, description="a category path in place of a SKU")
    location: str | None = Field(default=None, description="null: everywhere")
    channel: str | None = Field(default=None, description="such as web; null: all")
    first: date = Field(description="first day, as the person said it")
    last: date = Field(description="last day, as the person said it")
    kind: PromotionKind = Field(default="discount", description="what is done")
    off_basis_points: Cut | None = Field(
        default=None, description=f"off the price, {SAID}; null: as is usual"
    )


def add_promotion(arguments: AddPromotion, context: ToolContext) -> ToolResult:
    """Its effect is computed before it is stored: a refusal leaves nothing behind."""
    run = current_run(context)
    names = names_of(context.stores, run)
    wanted = _wanted(arguments, context, run, names)
    demand_decisions.require_may_decide(context.stores, context.person)
    require_promotion(context.stores, wanted)
    change = effect_of(context, run.id, wanted)
    made = store_promotion(context.stores, wanted, person=context.person, now=context.now)
    ledger = ledger_for(run)
    add_plan(ledger, names, wanted)
    about = [names.item(wanted.sku)] if wanted.sku else []
    ledger.add("decision.number", made.id, "count", "number of the decision", *about)
    ledger.add("promotion.kind", wanted.kind, "name", "kind of promotion", *about)
    if change is not None:
        add_effect(ledger, names, change, *about)
    ledger.offer(
        OfferedAction(kind="say", label="Take it back", text=f"Withdraw decision {made.id}")
    )
    return ledger.result("added" if change is not None else "added-beyond")


def _wanted(
    arguments: AddPromotion, context: ToolContext, run: RunHeader, names: Names
) -> PlannedPromotion:
    if (arguments.sku is None) == (arguments.category is None):
        raise InvalidInput("Name the item, or the category, that is promoted.")
    item = None if arguments.sku is None else require_item(context.stores, run, arguments.sku)
    path = "" if arguments.category is None else require_category(names, arguments.category)
    place = require_location(names, arguments.location).code if arguments.location else ""
    return PlannedPromotion(
        sku=item.code if item else "", category=path, location=place,
        channel=arguments.channel or "", start=arguments.first, end=arguments.last,
        kind=arguments.kind,
        depth=depth_of(arguments.off_basis_points),
    )  # fmt: skip


TOOL = Tool(
    name="add_promotion",
    mode="write",
    description=(
        "Record a promotion that the person tells of, for an item or a category and some days; it "
        "shows what it does to the forecast, and counts from the next plan on."
    ),
    arguments=AddPromotion,
    run=add_promotion,
)
