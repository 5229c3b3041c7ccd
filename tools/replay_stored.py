"""A long replay as facts: it takes minutes, so what is told is the newest one that was kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.service.replay_storage import StoredReplay, ask_for_replay, latest_replay
from engine.service.rule_file import HISTORY, NOTHING, OURS
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for

_PREFIX = {OURS: "ours", HISTORY: "history"}


def stored_replay(weeks: int, context: ToolContext) -> ToolResult:
    """The newest replay of at least so many weeks; where there is none, the worker makes one."""
    kept = latest_replay(context.stores, at_least_weeks=weeks)
    if kept is None:
        return _asked(weeks, context)
    currency = str(kept.report["currency"])
    ledger = Ledger(snapshot_id=kept.snapshot_id, currency=currency)
    first = kept.report["policies"][OURS]["first_day"]
    ledger.add("replay.first", date.fromisoformat(first), "date", "first day that counts")
    last = date.fromisoformat(kept.report["last_day"])
    ledger.add("replay.last", last, "date", "last day replayed")
    ledger.add("replay.weeks", kept.weeks, "weeks", "weeks replayed")
    ledger.add("replay.warm_up", int(kept.report["warm_up_weeks"]), "weeks", "weeks of warm-up")
    shown = [name for name in kept.report["order"] if name != NOTHING]
    rows = tuple(_row(ledger, kept, name, _prefix(shown, name)) for name in shown)
    ledger.table(
        FactTable(
            name="replay",
            title="The same weeks under each policy",
            columns=("Policy", "Fill rate", "Margin missed", "Average stock", "Ordered", "Orders"),
            rows=rows,
        )
    )
    for name in shown[1:]:
        _difference(ledger, kept.report["ours_less"][name], name, _prefix(shown, name))
    return ledger.result("stored")


def _asked(weeks: int, context: ToolContext) -> ToolResult:
    run = current_run(context)
    ask_for_replay(
        context.stores,
        weeks=weeks,
        budget_minor=None,
        snapshot_id=run.snapshot_id,
        now=context.now,
    )
    ledger = ledger_for(run)
    ledger.add("replay.weeks", weeks, "weeks", "weeks to replay", is_asked=True)
    return ledger.result("asked")


def _prefix(shown: list[str], name: str) -> str:
    """Of fact ids: ours, history, and the rules by number."""
    return _PREFIX.get(name, f"rule{shown.index(name) - 1}")


def _row(ledger: Ledger, kept: StoredReplay, name: str, prefix: str) -> tuple[str, ...]:
    outcome, add = kept.report["policies"][name], ledger.add
    return (
        add(f"replay.{prefix}.policy", name, "name", "policy"),
        add(f"replay.{prefix}.fill", round(outcome["fill_rate"] or 0.0, 4), "percent",
            f"fill rate under {name}", is_estimate=True,
            formula="units sold / units wanted, those missed estimated"),
        add(f"replay.{prefix}.loss", outcome["lost_margin_minor"], "money",
            f"margin missed under {name}", is_estimate=True),
        add(f"replay.{prefix}.stock", outcome["average_stock_minor"], "money",
            f"average stock under {name}", is_estimate=True),
        add(f"replay.{prefix}.ordered", outcome["ordered_minor"], "money",
            f"value of the orders placed under {name}"),
        add(f"replay.{prefix}.orders", outcome["orders"], "count", f"orders placed under {name}"),
    )  # fmt: skip


def _difference(
    ledger: Ledger, measures: Mapping[str, Mapping[str, Any]], name: str, prefix: str
) -> None:
    """What our plan does better, with the interval that chance among the items leaves."""
    saved = measures["lost_margin"]
    for part, value in (("", saved["value"]), (".most", saved["low"]), (".least", saved["high"])):
        ledger.add(
            f"replay.{prefix}.saved{part}", round(-float(value)), "money",
            f"margin our plan would have saved against {name}", is_estimate=True,
            formula="margin missed under it - margin missed under our plan",
        )  # fmt: skip
