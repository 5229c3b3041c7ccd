"""What to buy, best return on cash first, inside a budget; and what the budget leaves out."""

from datetime import datetime
from typing import Annotated

import pandas as pd
from pydantic import Field

from engine.errors import InvalidInput
from engine.service import reading
from engine.service.reading import RunHeader
from engine.service.stores import Stores
from engine.service.whatif import plan_with_budget
from tools.cells import Record, known, records, rounded, text, whole
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
from tools.result import FactTable, OfferedAction, ToolResult
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


def rank_buys(arguments: RankBuys, context: ToolContext) -> ToolResult:
    run = _run_under(arguments.budget_minor, context)
    names = names_of(context.stores, run)
    lines = _chosen(reading.plan_lines(context.stores, run.id), arguments, context, run)
    left_out = _chosen(reading.cuts(context.stores, run.id), arguments, context, run)
    ledger = ledger_for(run)
    mark_hypothetical(ledger, run, context)
    _totals(ledger, run, lines, left_out)
    _price_of_cap(ledger, run)
    _line_table(ledger, names, lines, arguments.top)
    _cut_table(ledger, names, left_out)
    moves = len(reading.transfers(context.stores, run.id))
    ledger.add("buys.transfers", moves, "count", "transfers between locations proposed first")
    if len(lines) == 0:
        return ledger.result(_why_none(run, left_out))
    ledger.offer(OfferedAction(kind="say", label="Draft the orders", text="Draft it"))
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


def _line_table(ledger: Ledger, names: Names, lines: pd.DataFrame, top: int) -> None:
    rows = tuple(
        _line_row(ledger, names, f"buy.{number}", record)
        for number, record in enumerate(records(lines.head(top)), start=1)
    )
    rest = len(lines) - len(rows)
    columns = (
        "#", "SKU", "Item", "Where", "Supplier", "Units", "Cost", "Running", "Out in (days)",
        "Lost margin", "Confidence",
    )  # fmt: skip
    ledger.table(
        FactTable(
            name="buys",
            title="What to buy, best return first",
            columns=columns,
            rows=rows,
            rest=ledger.rest("buys.rest", rest, "further lines"),
        )
    )


def _line_row(ledger: Ledger, names: Names, prefix: str, line: Record) -> tuple[str, ...]:
    item, place = names.item(str(line["sku"])), names.location(str(line["location"]))
    about = (item, place)
    add = ledger.add
    runs_out = known(line["stockout_days_p50"])
    return (
        add(f"{prefix}.rank", whole(line["rank"]), "count", "rank of the line", *about),
        ledger.code(f"{prefix}.sku", item),
        ledger.name(f"{prefix}.name", item),
        ledger.code(f"{prefix}.location", place),
        ledger.code(f"{prefix}.supplier", names.supplier(str(line["supplier"]))),
        add(f"{prefix}.units", whole(line["units"]), "units", "units to order", *about),
        add(f"{prefix}.cost", whole(line["cost_minor"]), "money", "cost of the line", *about),
        add(f"{prefix}.running", whole(line["running_cost_minor"]), "money",
            "running cost down to this line"),
        "" if runs_out is None else add(f"{prefix}.runs_out", rounded(runs_out), "days",
                                        "days until it runs out", *about),
        add(f"{prefix}.loss", whole(line["lost_margin_minor"]), "money",
            "expected lost margin without the line", *about, is_estimate=True),
        add(f"{prefix}.confidence", text(line["confidence"]), "status", "confidence", *about),
    )  # fmt: skip


def _cut_table(ledger: Ledger, names: Names, left_out: pd.DataFrame) -> None:
    if len(left_out) == 0:
        return
    shown = records(left_out.head(SHOWN_CUTS))
    rows = tuple(
        _cut_row(ledger, names, f"cut.{number}", record)
        for number, record in enumerate(shown, start=1)
    )
    rest = len(left_out) - len(rows)
    ledger.table(
        FactTable(
            name="cuts",
            title="Below the line: cut, and what that costs",
            columns=("SKU", "Item", "Where", "Units", "Cost", "Expected loss", "Cause"),
            rows=rows,
            rest=ledger.rest("cut.rest", rest, "further cuts"),
        )
    )


def _cut_row(ledger: Ledger, names: Names, prefix: str, cut: Record) -> tuple[str, ...]:
    item, place = names.item(str(cut["sku"])), names.location(str(cut["location"]))
    add = ledger.add
    return (
        ledger.code(f"{prefix}.sku", item),
        ledger.name(f"{prefix}.name", item),
        ledger.code(f"{prefix}.location", place),
        add(f"{prefix}.units", whole(cut["units"]), "units", "units cut", item, place),
        add(f"{prefix}.cost", whole(cut["cost_minor"]), "money", "cost of what was cut",
            item, place),
        add(f"{prefix}.loss", whole(cut["expected_loss_minor"]), "money",
            "expected loss from the cut", item, place, is_estimate=True),
        add(f"{prefix}.cause", text(cut["cause"]), "name", "cause of the cut", item, place),
    )  # fmt: skip


TOOL = Tool(
    name="rank_buys",
    mode="read",
    description=(
        "What to buy now, best return on cash first, under the plan's budget or another one; with "
        "the running total, what was cut and what that costs, and the price of the cap."
    ),
    arguments=RankBuys,
    run=rank_buys,
)
