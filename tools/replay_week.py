"""What our plan would have done: the last weeks at once, months from what is stored."""

from typing import Annotated

from pydantic import Field

from engine.model.config import PlanConfig
from engine.service.replay import HISTORY, NOTHING, OURS, ReplayReport, replay_weeks
from engine.service.stores import Stores
from engine.simulate.replay import Outcome
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.replay_stored import stored_replay
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

AT_ONCE = 8  # weeks that a person waits for; longer replays are stored ones
PREFIX = {OURS: "ours", HISTORY: "history", NOTHING: "nothing"}


class ReplayWeek(Arguments):
    weeks: Annotated[int, Field(ge=1, le=104)] = Field(
        default=1,
        description="how many of the last weeks to replay (half a year is 26); more than eight "
        "come with min/max, reorder point and weeks of cover beside them, from a stored replay",
    )


def replay_week(arguments: ReplayWeek, context: ToolContext) -> ToolResult:
    if arguments.weeks > AT_ONCE:
        return stored_replay(arguments.weeks, context)
    run = current_run(context)
    report = context.compute.call(
        replayed, context.stores, context.config, arguments.weeks, run.budget_minor, run.snapshot_id
    )
    ledger = ledger_for(run)
    ledger.add("replay.first", report.first_day, "date", "first day replayed")
    ledger.add("replay.last", report.last_day, "date", "last day replayed")
    if report.of(HISTORY).wanted_units == 0:
        return ledger.result("nothing-wanted")
    if report.budget_minor is not None:
        ledger.add("replay.budget", report.budget_minor, "money", "budget of our plan each week")
    ledger.table(
        FactTable(
            name="replay",
            title="The same days under each policy",
            columns=("Policy", "Fill rate", "Units missed", "Margin missed", "Ordered",
                     "Stock at the end"),
            rows=tuple(_row(ledger, report.of(name)) for name in (OURS, HISTORY, NOTHING)),
        )
    )  # fmt: skip
    _difference(ledger, report)
    return ledger.result("replayed")


def replayed(
    stores: Stores, config: PlanConfig, weeks: int, budget_minor: int | None, snapshot_id: str
) -> ReplayReport:
    """Importable by a compute process: it makes a plan for every week."""
    return replay_weeks(
        stores, config, weeks=weeks, budget_minor=budget_minor, snapshot_id=snapshot_id
    )


def _row(ledger: Ledger, outcome: Outcome) -> tuple[str, ...]:
    prefix, add = f"replay.{PREFIX[outcome.policy]}", ledger.add
    policy = outcome.policy
    return (
        add(f"{prefix}.policy", policy, "name", "policy"),
        add(f"{prefix}.fill", round(outcome.fill_rate or 0.0, 4), "percent",
            f"fill rate under {policy}", is_estimate=True,
            formula="units sold / units wanted, those missed estimated"),
        add(f"{prefix}.missed", outcome.lost_units, "units", f"units missed under {policy}",
            is_estimate=True),
        add(f"{prefix}.loss", outcome.lost_margin_minor, "money", f"margin missed under {policy}",
            is_estimate=True),
        add(f"{prefix}.ordered", outcome.ordered_minor, "money",
            f"value of the orders placed under {policy}"),
        add(f"{prefix}.stock", outcome.closing_stock_minor, "money",
            f"value of the stock at the end under {policy}", is_estimate=True),
    )  # fmt: skip


def _difference(ledger: Ledger, report: ReplayReport) -> None:
    """What our plan would have saved, negative where it would have missed more."""
    saved = report.of(HISTORY).lost_margin_minor - report.of(OURS).lost_margin_minor
    ledger.add(
        "replay.saved", saved, "money", "margin our plan would have saved against what was done",
        is_estimate=True, inputs=("replay.history.loss", "replay.ours.loss"),
        formula="margin missed as it was done - margin missed under our plan",
    )  # fmt: skip


TOOL = Tool(
    name="replay_week",
    mode="read",
    description=(
        "Replay the last weeks or months: fill rate, missed margin and stock under our plan, "
        "beside what was really done; over months also against min/max, reorder point and weeks "
        "of cover."
    ),
    arguments=ReplayWeek,
    run=replay_week,
)
