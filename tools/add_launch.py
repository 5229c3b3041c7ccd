"""Tell the planner of a launch: when an item goes on sale, like which, at whose expense."""

from datetime import date
from typing import Annotated

from pydantic import Field

from engine.model.people_plans import PlannedLaunch
from engine.service.launches import add_launch as store_launch
from tools.cells import rounded
from tools.context import ToolContext
from tools.facts import Entity
from tools.names import names_of, require_category, require_item, require_location
from tools.result import OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool


class AddLaunch(Arguments):
    sku: str = Field(description="code of the item that is launched; it may be a new one")
    first: date = Field(description="first day on sale, as the person said it")
    like: str | None = Field(default=None, description="SKU that it should sell like")
    siblings: tuple[str, ...] = Field(default=(), description="SKUs that will lose sales to it")
    category: str | None = Field(default=None, description="category path of a new item")
    location: str | None = Field(default=None, description="null: everywhere")
    weekly_units: Annotated[int, Field(gt=0)] | None = Field(
        default=None, description="expected units a week, as the person said it"
    )


def add_launch(arguments: AddLaunch, context: ToolContext) -> ToolResult:
    run = current_run(context)
    names = names_of(context.stores, run)
    like = "" if arguments.like is None else require_item(context.stores, run, arguments.like).code
    lose = [require_item(context.stores, run, sku).code for sku in arguments.siblings]
    made = store_launch(
        context.stores,
        PlannedLaunch(
            sku=arguments.sku.strip(), launch_on=arguments.first, analogue=like,
            siblings=tuple(lose), weekly_units=arguments.weekly_units,
            category="" if arguments.category is None
            else require_category(names, arguments.category),
            location="" if arguments.location is None
            else require_location(names, arguments.location).code,
        ),
        person=context.person, now=context.now,
    )  # fmt: skip
    ledger = ledger_for(run)
    item = Entity(kind="item", code=made.content.sku, name=names.items.get(made.content.sku, ""))
    ledger.code("item.sku", item)
    ledger.add("decision.number", made.id, "count", "number of the decision")
    ledger.add("launch.day", made.content.launch_on, "date", "first day on sale", item)
    if like:
        ledger.code("launch.like", names.item(like))
    for number, sku in enumerate(lose, start=1):
        ledger.code(f"launch.sibling.{number}", names.item(sku))
    if made.content.weekly_units is not None:
        ledger.add("launch.weekly", rounded(made.content.weekly_units), "units",
                   "expected sales per week", item)  # fmt: skip
    ledger.offer(
        OfferedAction(kind="say", label="Take it back", text=f"Withdraw decision {made.id}")
    )
    return ledger.result("added")


TOOL = Tool(
    name="add_launch",
    mode="write",
    description=(
        "Record that an item goes on sale on a day, perhaps like another item, perhaps at the "
        "expense of others; it counts from the next plan on."
    ),
    arguments=AddLaunch,
    run=add_launch,
)
