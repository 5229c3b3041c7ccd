"""The forecast under a promotion or price that is only thought of; nothing is stored."""

from datetime import date, timedelta

from pydantic import Field

from engine.errors import InvalidInput
from engine.model.people_plans import PlannedPrice, PlannedPromotion
from engine.service.demand_whatif import DemandPlan
from engine.service.reading import RunHeader
from tools.context import ToolContext
from tools.demand_effect import LEAST, add_effect, effect_of
from tools.ledger import Ledger
from tools.names import Names, names_of, require_category, require_item, require_location
from tools.price_said import PriceSaid, add_price_now, price_wanted
from tools.result import OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.shares import SAID, Cut, depth_of
from tools.tool import Tool


class WhatIfDemand(PriceSaid):
    sku: str | None = Field(default=None, description="exact SKU, or a category")
    category: str | None = Field(default=None, description="a category path in place of a SKU")
    location: str | None = Field(default=None, description="null: everywhere")
    first: date | None = Field(default=None, description="first day; null: the next week's")
    last: date | None = Field(default=None, description="last day; null: a week, or for good")
    off_basis_points: Cut | None = Field(
        default=None, description=f"promotion: off the price, {SAID}; null: as is usual"
    )


def what_if_demand(arguments: WhatIfDemand, context: ToolContext) -> ToolResult:
    run = current_run(context)
    names = names_of(context.stores, run)
    plan = _plan(arguments, context, run, names)
    change = effect_of(context, run.id, plan)
    ledger = ledger_for(run)
    add_plan(ledger, names, plan, is_asked=arguments.first is not None)
    if isinstance(plan, PlannedPrice):
        add_price_now(ledger, arguments, context, run, plan)
    if change is None:
        return ledger.result("outside")
    add_effect(ledger, names, change, *([names.item(plan.sku)] if plan.sku else []))
    ledger.offer(OfferedAction(kind="say", label="Add it", text=_said_again(plan)))
    if abs(change.total("after", subject=True) - change.total("before", subject=True)) < LEAST:
        return ledger.result("no-change")
    return ledger.result("promotion" if isinstance(plan, PlannedPromotion) else "price")


def _plan(
    arguments: WhatIfDemand, context: ToolContext, run: RunHeader, names: Names
) -> PlannedPromotion | PlannedPrice:
    if arguments.says_price() and arguments.off_basis_points is not None:
        raise InvalidInput("Ask about a promotion or about a price, not both at once.")
    if (arguments.sku is None) == (arguments.category is None):
        raise InvalidInput("Name the item, or the category, that it is about.")
    sku = "" if arguments.sku is None else require_item(context.stores, run, arguments.sku).code
    path = "" if arguments.category is None else require_category(names, arguments.category)
    place = require_location(names, arguments.location).code if arguments.location else ""
    start = arguments.first or run.as_of + timedelta(days=7)
    if arguments.says_price():
        if not sku:
            raise InvalidInput("A price is one item's: name it.")
        micros = price_wanted(arguments, context, run, sku=sku, location=place)
        return PlannedPrice(
            sku=sku, location=place, price_micros=micros, start=arguments.first or run.as_of,
            end=arguments.last,
        )  # fmt: skip
    return PlannedPromotion(
        sku=sku, category=path, location=place, start=start,
        end=arguments.last or start + timedelta(days=6),
        depth=depth_of(arguments.off_basis_points),
    )  # fmt: skip


def add_plan(ledger: Ledger, names: Names, plan: DemandPlan, *, is_asked: bool = False) -> None:
    """What is planned. `is_asked`: its days are an argument that nobody has checked."""
    about = [names.item(plan.sku)] if plan.sku else []
    if plan.sku:
        ledger.code("item.sku", about[0])
        ledger.name("item.name", about[0])
    elif isinstance(plan, PlannedPromotion):
        ledger.add("plan.category", plan.category, "name", "category")
    if plan.location:
        ledger.code("plan.location", names.location(plan.location))
    if isinstance(plan, PlannedPromotion) and plan.channel:
        ledger.add("plan.channel", plan.channel, "name", "channel", *about)
    if plan.end is not None:
        days = f"{plan.start.isoformat()}/{plan.end.isoformat()}"
        ledger.add("plan.days", days, "date_range", "days it lasts", *about, is_asked=is_asked)
    else:
        ledger.add("plan.start", plan.start, "date", "first day", *about, is_asked=is_asked)
    if isinstance(plan, PlannedPromotion) and plan.depth is not None:
        ledger.add("plan.depth", round(plan.depth, 4), "percent", "share off the price", *about)
    if isinstance(plan, PlannedPrice):
        ledger.add("plan.price", plan.price_micros, "unit_price", "new price", *about)


def _said_again(plan: PlannedPromotion | PlannedPrice) -> str:
    """The sentence that adds it: what pressing the button says, in the person's name."""
    what = plan.sku or (plan.category if isinstance(plan, PlannedPromotion) else "")
    where = f" at {plan.location}" if plan.location else ""
    when = f"from {plan.start}" + (f" to {plan.end}" if plan.end else "")
    if isinstance(plan, PlannedPrice):
        return f"Set the price of {what}{where} to {plan.price_micros / 1e6:.2f} {when}"
    depth = "" if plan.depth is None else f" at {plan.depth * 100:g} % off"
    return f"Add a promotion of {what}{where}{depth} {when}"


TOOL = Tool(
    name="what_if_demand",
    mode="read",
    description=(
        "The forecast under a promotion (off the price for some days) or another regular price "
        "(set, or raised or lowered by a percentage or an amount), before and after: the item, "
        "its siblings and the family. Nothing is stored."
    ),
    arguments=WhatIfDemand,
    run=what_if_demand,
)
