"""Every tool the agent may use. What is not here, no model can call."""

from collections.abc import Mapping
from typing import Any

from tools import (
    data_health,
    draft_po,
    draw_forecast,
    eta_promise,
    explain_drivers,
    explain_order,
    find_items,
    forecast_demand,
    kpi_report,
    list_exceptions,
    po_status,
    propose_po,
    propose_transfers,
    rank_buys,
    replay_week,
    set_budget,
    show_budget,
    show_help,
    show_source,
    what_if,
)
from tools.tool import Tool

TOOLS: tuple[Tool[Any], ...] = (
    rank_buys.TOOL,
    explain_order.TOOL,
    forecast_demand.TOOL,
    explain_drivers.TOOL,
    draw_forecast.TOOL,
    find_items.TOOL,
    list_exceptions.TOOL,
    data_health.TOOL,
    propose_transfers.TOOL,
    what_if.TOOL,
    draft_po.TOOL,
    propose_po.TOOL,
    po_status.TOOL,
    eta_promise.TOOL,
    kpi_report.TOOL,
    replay_week.TOOL,
    set_budget.TOOL,
    show_budget.TOOL,
    show_source.TOOL,
    show_help.TOOL,
)
BY_NAME: Mapping[str, Tool[Any]] = {tool.name: tool for tool in TOOLS}
