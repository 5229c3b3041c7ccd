"""Forecast, supply and stock to a ranked, budgeted list of buys and transfers.

    build_candidates(snapshot, forecast, lead_times, decisions, config,
                     *, findings=None, rules=None, mapped=map, progress=silent) -> Candidates
    compose_plan(candidates, budget_minor) -> Plan
    plan_buys(snapshot, forecast, lead_times, decisions, config, budget_minor,
              *, findings=None, rules=None) -> Plan

`plan_buys` is the two others in turn. A caller that stores the run keeps
`candidates.to_tables()`; `compose_plan(Candidates.from_tables(tables), budget)` then answers
"what if the budget were X" in about a second, transfers and notices included. `findings` are the
demand panel's (phantom stock among them). `budget_minor` None caps nothing.
"""

from engine.model.rules import Rules as Rules
from engine.replenish.build import build_candidates as build_candidates
from engine.replenish.candidates import Candidates as Candidates
from engine.replenish.compose import allocate as allocate, compose_plan as compose_plan
from engine.replenish.explain import explain_line as explain_line
from engine.replenish.plan_buys import plan_buys as plan_buys
