"""What to buy, best return on cash first, inside a budget; and what the budget leaves out."""

from datetime import datetime
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from engine.errors import InvalidInput
from engine.service import reading
from engine.service.plan_index import cut_index, line_index, lines_ranked
from engine.service.reading import RunHeader
from engine.service.stores import Stores
from engine.service.whatif import plan_with_budget
from tools.buy_rows import add_buys, add_cuts
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.names import (
    Names,
    names_of,
    require_item,
    require_location,
    require_supplier,
    skus_below,
)
from tools.result import OfferedAction, ToolResult
from tools.runs import current_run, ledger_for, mark_hypothetical
from tools.tool import Arguments, Tool

SHOWN_CUTS = 5


class RankBuys(Arguments):
    budget_minor: int | None = Field(
        default=None, description="cap in minor units of the base currency; null: the plan's own"
    )
    location: str | None = Field(default=None, description="only this location's lines")
    supplier: str | None = Field(default=None, description="only this supplier's lines")
    category: str | None = Field(default=None, description="only this category path and below")
    sku: str | None = Field(default=None, description="only this item's lines")
    top: Annotated[int, Field(ge=1, le=50)] = Field(default=10, description="lines to list")
    skip: Annotated[int, Field(ge=0)] = Field(
        default=0, description="lines already shown: pass over so many"
    )
    show: Literal["buys", "cuts"] = Field(
        default="buys", description="cuts: list what the budget leaves out, dearest first"
    )


def rank_buys(arguments: RankBuys, context: ToolContext) -> ToolResult:
    run = _run_under(arguments.budget_minor, context)
    names = names_of(context.stores, run)
    lines = _chosen(line_index(context.stores, run), arguments, context, run)
    left_out = _chosen(cut_index(context.stores, run), arguments, context, run)
    ledger = ledger_for(run)
    mark_hypothetical(ledger, run, context)
    _narrowing(ledger, names, arguments)
    _totals(ledger, run, lines, left_out)
    _price_of_cap(ledger, run)
    if arguments.show == "buys":
        page = lines["rank"].iloc[arguments.skip : arguments.skip + arguments.top].tolist()
        shown = lines_ranked(context.stores, run, page)
        add_buys(ledger, names, shown, len(lines) - arguments.skip - len(shown))
        add_cuts(ledger, names, left_out, SHOWN_CUTS, 0)
    else:
        add_cuts(ledger, names, left_out, arguments.top, arguments.skip)
    moves = len(reading.transfers(context.stores, run.id))
    ledger.add("buys.transfers", moves, "count", "transfers between locations proposed first")
    if len(lines) == 0:
        return ledger.result(_why_none(run, left_out))
    ledger.offer(OfferedAction(kind="say", label="Draft the orders", text="Draft it"))
    listed = lines if arguments.show == "buys" else left_out
    if len(listed) > arguments.skip + arguments.top:
        ledger.offer(OfferedAction(kind="say", label="Show more", text="Show more"))
    return ledger.result("capped" if len(left_out) else "listed")


def _why_none(run: RunHeader, left_out: pd.DataFrame) -> str:
    """Nothing is needed, or something is and the budget goes elsewhere, or it buys no pack."""
    if len(left_out) == 0:
        return "nothing-to-buy"
    return "all-cut" if run.allocation.spent_minor else "nothing-affordable"


def _run_under(budget_minor: int | None, context: ToolContext) -> RunHeader:
    run = current_run(context)
    if budget_minor is None or budget_minor == run.budget_minor:
        return run
    if budget_minor <= 0:
        raise InvalidInput(
            f"A budget of {budget_minor} minor units buys nothing; name an amount above zero."
        )
    return context.compute.call(plan_under, context.stores, run.id, budget_minor, context.now)


def plan_under(stores: Stores, run_id: str, budget_minor: int, now: datetime) -> RunHeader:
    """Re-solve a run; a function of its own so that a compute process can import it."""
    return plan_with_budget(stores, run_id, budget_minor, now=now)


def _chosen(
    frame: pd.DataFrame, arguments: RankBuys, context: ToolContext, run: RunHeader
) -> pd.DataFrame:
    """Only the rows asked for; a name that does not exist is an error, not an empty list."""
    names = names_of(context.stores, run)
    if arguments.location is not None:
        frame = frame[frame["location"] == require_location(names, arguments.location).code]
    if arguments.supplier is not None:
        frame = frame[frame["supplier"] == require_supplier(names, arguments.supplier).code]
    if arguments.sku is not None:
        frame = frame[frame["sku"] == require_item(context.stores, run, arguments.sku).code]
    if arguments.category is not None:
        frame = frame[frame["sku"].isin(skus_below(context.stores, run, arguments.category))]
    return frame.reset_index(drop=True)


def _narrowing(ledger: Ledger, names: Names, arguments: RankBuys) -> None:
    """What the list is of, where it is not of everything."""
    if arguments.location is not None:
        ledger.name("buys.place", require_location(names, arguments.location))
    if arguments.category is not None:
        ledger.add("buys.category", arguments.category, "name", "category of these lines")


def _totals(ledger: Ledger, run: RunHeader, lines: pd.DataFrame, left_out: pd.DataFrame) -> None:
    ledger.add("buys.count", len(lines), "count", "lines to buy")
    spent = int(lines["cost_minor"].sum())
    ledger.add("buys.cost", spent, "money", "cost of these lines")
    loss = int(lines["lost_margin_minor"].sum())
    ledger.add(
        "buys.loss", loss, "money", "expected lost margin without these lines", is_estimate=True
    )
    if run.budget_minor is not None:
        ledger.add("buys.budget", run.budget_minor, "money", "budget")
        ledger.add(
            "buys.left",
            run.budget_minor - run.allocation.spent_minor,
            "money",
            "budget left after the whole plan",
            formula="budget - cost of all lines of the plan",
        )
    ledger.add("buys.cut_count", len(left_out), "count", "lines that the budget cuts")
    ledger.add(
        "buys.cut_loss",
        int(left_out["expected_loss_minor"].sum()),
        "money",
        "expected loss from the lines cut",
        is_estimate=True,
    )


def _price_of_cap(ledger: Ledger, run: RunHeader) -> None:
    """What more budget would earn: a difference of two solves, the dual beside it."""
    allocation = run.allocation
    if run.budget_minor is None:
        return
    ledger.add("cap.dual", round(allocation.shadow_price, 4), "ratio", "shadow price of the budget")
    ledger.add("cap.gap", round(allocation.gap, 6), "percent", "certified gap to the best possible")
    if allocation.next_thousand_minor is not None:
        ledger.add("cap.step", 1000 * _minor_per_unit(run.currency), "money", "one step of budget")
        ledger.add(
            "cap.next",
            allocation.next_thousand_minor,
            "money",
            "expected profit that the next step of budget earns",
            is_estimate=True,
            inputs=("cap.step",),
            formula="value of the plan with one step more - value of the plan",
        )


def _minor_per_unit(currency: str) -> int:
    from engine.model.money import exponent

    return 10 ** exponent(currency)


TOOL = Tool(
    name="rank_buys",
    mode="read",
    description=(
        "What to buy now, best return on cash first, under the plan's budget or another one; with "
        "the parts of each line's rank, the running total, what was cut and what that costs, and "
        "the price of the cap."
    ),
    arguments=RankBuys,
    run=rank_buys,
)
