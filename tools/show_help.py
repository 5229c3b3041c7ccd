"""What can be asked, with examples from the plan at hand."""

from typing import Literal

from pydantic import Field

from engine.errors import PlanningError
from engine.service.plan_index import line_index
from tools.cells import records
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.result import FactTable, ToolResult
from tools.runs import current_run
from tools.tool import Arguments, Tool

Topic = Literal["help", "greeting", "not-understood", "cannot"]


class ShowHelp(Arguments):
    topic: Topic = Field(default="help", description="why help is shown")


def show_help(arguments: ShowHelp, context: ToolContext) -> ToolResult:
    """Also works before there is a plan."""
    ledger = Ledger()
    examples = _examples(_example_item(context))
    rows = tuple(
        (
            ledger.add(f"help.{number}.ask", ask, "name", "example"),
            ledger.add(f"help.{number}.gives", gives, "name", "what it gives"),
        )
        for number, (ask, gives) in enumerate(examples, start=1)
    )
    ledger.table(
        FactTable(name="help", title="Ask for example", columns=("Say", "And see"), rows=rows)
    )
    return ledger.result(arguments.topic)


def _example_item(context: ToolContext) -> str:
    """The first item of the plan, so that an example can be tried as it stands."""
    try:
        run = current_run(context)
    except PlanningError:
        return "<SKU>"
    lines = records(line_index(context.stores, run).head(1))
    return str(lines[0]["sku"]) if lines else "<SKU>"


def _examples(item: str) -> tuple[tuple[str, str], ...]:
    return (
        ("What should I buy this week with 50k?", "a ranked list, what is cut, the cap's price"),
        (f"Why that quantity of {item}?", "every step from need to order"),
        (f"How sure are you about {item}?", "band, error and confidence of the forecast"),
        (f"What drives {item}?", "drivers that add up to the forecast"),
        (f"Chart {item}", "history and forecast as a picture"),
        ("Draft it", "one purchase order per supplier, for approval"),
        ("Set the weekly budget to 40k", "a proposal with its consequence"),
        ("What needs me?", "exceptions, most money first"),
        ("Where is my order?", "open purchase orders"),
        ("Where does that come from?", "run, snapshot and formula of each figure"),
    )


TOOL = Tool(
    name="show_help",
    mode="read",
    description="Examples of what can be asked; also when a request cannot be met.",
    arguments=ShowHelp,
    run=show_help,
)
