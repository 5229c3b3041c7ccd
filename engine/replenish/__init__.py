"""Forecast, supply and stock to a ranked, budgeted list of buys and transfers.

    build_candidates(snapshot, forecast, lead_times, decisions, config,
                     *, findings=None, rules=Rules(), progress=silent) -> Candidates
    compose_plan(candidates, budget_minor) -> Plan
    plan_buys(snapshot, forecast, lead_times, decisions, config, budget_minor,
              *, findings=None, rules=Rules(), progress=silent) -> Plan

`plan_buys` is the two others in turn. A caller that stores the run keeps
`candidates.to_tables()`; `compose_plan(Candidates.from_tables(tables), budget)` then answers
"what if the budget were X" in under a second, transfers and notices included. `findings` are the
demand panel's (phantom stock among them). `budget_minor` None takes the total budget in force
among the decisions, and without one nothing is capped.
"""
