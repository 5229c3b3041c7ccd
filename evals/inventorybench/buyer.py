"""The engine as a buyer: an observation in, a quantity out. It remembers nothing."""

from evals.inventorybench.adapter import config_of, snapshot_at
from evals.inventorybench.game import Observation


def engine_buyer(observation: Observation) -> int:
    """The units of the plan's only line; 0 where it buys nothing."""
    from engine.demand import clean_demand
    from engine.forecast import forecast_demand
    from engine.model.decisions import Decisions
    from engine.replenish import plan_buys
    from engine.supply import lead_times

    snapshot, config = snapshot_at(observation), config_of(observation)
    panel = clean_demand(snapshot, config)
    forecast = forecast_demand(panel, snapshot, config, Decisions())
    plan = plan_buys(
        snapshot, forecast, lead_times(snapshot, config), Decisions(), config, None,
        findings=panel.findings,
    )  # fmt: skip
    return int(plan.lines["units"].sum())
