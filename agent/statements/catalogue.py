"""Which words belong to which tool."""

from collections.abc import Callable

from agent.llm.port import Step
from agent.statements import (
    buys,
    company,
    data,
    demand,
    figures,
    orders,
    plans,
    preferences,
    promises,
    quantities,
    suppliers,
)
from agent.statements.words import Words
from tools.result import ToolResult

SAYS: dict[str, Callable[[Words], str]] = {
    "rank_buys": buys.buys,
    "what_if": buys.what_if,
    "what_if_demand": plans.what_if,
    "override_forecast": plans.override,
    "add_promotion": plans.promotion,
    "add_launch": plans.launch,
    "plan_price": plans.price,
    "withdraw_decision": plans.withdrawn,
    "list_decisions": plans.decisions,
    "propose_transfers": buys.transfers,
    "show_budget": buys.budget,
    "budget_curve": buys.budget_curve,
    "set_budget": buys.set_budget,
    "explain_order": quantities.order,
    "forecast_demand": demand.forecast,
    "forecast_accuracy": demand.accuracy,
    "explain_drivers": demand.drivers,
    "draw_forecast": demand.chart,
    "draft_po": orders.drafted,
    "propose_po": orders.proposed,
    "revise_po": orders.revised,
    "po_status": orders.status,
    "eta_promise": promises.arrivals,
    "backorder_status": promises.backorders,
    "list_exceptions": company.exceptions,
    "snooze_exception": company.snoozed,
    "assign_exception": company.assigned,
    "data_health": data.health,
    "keep_as_recorded": data.kept,
    "find_items": company.items,
    "kpi_report": company.kpis,
    "supplier_scorecard": suppliers.scorecard,
    "replay_week": company.replay,
    "set_preference": preferences.changed,
    "show_preferences": preferences.held,
    "compute": figures.computed,
    "show_source": company.sources,
    "show_help": company.help_,
}
ERROR = "error"  # name of the fact that carries a failed call's sentence


def statement(step: Step) -> str:
    """The sentences for one call; a failed one says why, in the engine's words."""
    if step.result is None:
        return "{{" + step.prefix + ERROR + "}}"
    further = _further(step.result) if step.call.arguments.get("skip") else ""
    if further:
        return further
    words = SAYS.get(step.call.tool)
    return words(Words(step)) if words is not None else "Here is what the plan says."


def _further(result: ToolResult) -> str:
    """Of a later page of a list; empty where the tool's own words fit any page."""
    if not result.tables or not result.tables[0].rows:
        return "That was the whole list: nothing comes after it."
    if result.outcome != "further":
        return ""
    more = "" if result.tables[0].rest else " It ends with these."
    return f"The list goes on below.{more}"
