"""The plan run that a tool speaks of, and a ledger whose facts carry it."""

from engine.service.reading import RunHeader, latest_run, run_header
from tools.context import ToolContext
from tools.ledger import Ledger


def current_run(context: ToolContext) -> RunHeader:
    """The plan of record of this turn; raises PlanningError when there is no plan yet."""
    if context.run_id is None:
        return latest_run(context.stores)
    return run_header(context.stores, context.run_id)


def shown_run(context: ToolContext) -> RunHeader:
    """The run the person looked at last, such as a what-if, where it still rests on current data.

    A what-if of yesterday's plan is not drafted from: the plan of record takes its place.
    """
    current = current_run(context)
    if context.shown_run_id is None or context.shown_run_id == current.id:
        return current
    shown = run_header(context.stores, context.shown_run_id)
    same = shown.snapshot_id == current.snapshot_id and _decisions(shown) == _decisions(current)
    return shown if same else current


def mark_hypothetical(ledger: Ledger, run: RunHeader, context: ToolContext) -> None:
    """Have the answer say that its figures are not those of the plan in force."""
    if run.id == current_run(context).id:
        return
    ledger.add("plan.other", run.id, "name", "plan that is not in force")
    if run.budget_minor is not None:
        ledger.add("plan.budget", run.budget_minor, "money", "budget of that plan")


def _decisions(run: RunHeader) -> object:
    return run.inputs.get("decisions")


def ledger_for(run: RunHeader) -> Ledger:
    return Ledger(run_id=run.id, snapshot_id=run.snapshot_id, currency=run.currency)
