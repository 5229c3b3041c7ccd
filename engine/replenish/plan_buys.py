"""What to buy and what to move, in one call."""

import pandas as pd

from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import Forecast
from engine.model.plan import Plan
from engine.model.rules import Rules
from engine.model.snapshot import Snapshot
from engine.model.supply import LeadTimes
from engine.replenish.build import build_candidates
from engine.replenish.compose import compose_plan


def plan_buys(
    snapshot: Snapshot,
    forecast: Forecast,
    lead_times: LeadTimes,
    decisions: Decisions,
    config: PlanConfig,
    budget_minor: int | None,
    *,
    findings: pd.DataFrame | None = None,
    rules: Rules | None = None,
) -> Plan:
    """The plan of an as-of date: `build_candidates`, then `compose_plan`."""
    candidates = build_candidates(
        snapshot, forecast, lead_times, decisions, config, findings=findings, rules=rules
    )
    return compose_plan(candidates, budget_minor)
