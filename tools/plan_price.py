"""Tell the planner of another regular price, and see what it does to the forecast."""

from datetime import date

from pydantic import Field

from engine.model.people_plans import PlannedPrice
from engine.service import demand_decisions
from engine.service.price_plans import add_price, require_price
from tools.context import ToolContext
from tools.demand_effect import add_effect, effect_of
from tools.names import names_of, require_item, require_location
from tools.price_said import PriceSaid, add_price_now, price_wanted
from tools.result import OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Tool
from tools.what_if_demand import add_plan


class PlanPrice(PriceSaid):
    sku: str = Field(description="exact SKU")
    location: str | None = Field(default=None, description="null: everywhere")
    first: date = Field(description="first day of the new price, as the person said it")
    last: date | None = Field(default=None, description="last day; null: until another price")


def plan_price(arguments: PlanPrice, context: ToolContext) -> ToolResult:
    """The shop's own price is not changed by this: the planner is told of it."""
    run = current_run(context)
    names = names_of(context.stores, run)
    item = require_item(context.stores, run, arguments.sku)
    place = require_location(names, arguments.location).code if arguments.location else ""
    wanted = PlannedPrice(
        sku=item.code, location=place, start=arguments.first, end=arguments.last,
        price_micros=price_wanted(arguments, context, run, sku=item.code, location=place),
    )  # fmt: skip
    demand_decisions.require_may_decide(context.stores, context.person)
    require_price(context.stores, wanted)
    change = effect_of(context, run.id, wanted)
    made = add_price(context.stores, wanted, person=context.person, now=context.now)
    ledger = ledger_for(run)
    add_plan(ledger, names, wanted)
    add_price_now(ledger, arguments, context, run, wanted)
    ledger.add("decision.number", made.id, "count", "number of the decision", item)
    if change is not None:
        add_effect(ledger, names, change, item)
    ledger.offer(
        OfferedAction(kind="say", label="Take it back", text=f"Withdraw decision {made.id}")
    )
    return ledger.result("planned" if change is not None else "planned-beyond")


TOOL = Tool(
    name="plan_price",
    mode="write",
    description=(
        "Record that an item's regular price will change on a day, to an amount or by a percentage "
        "or an amount, as the person says; it shows what that does to the forecast. The shop's "
        "price is not changed by it."
    ),
    arguments=PlanPrice,
    run=plan_price,
)
