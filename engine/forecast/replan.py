"""The same history under other plans: what a promotion, a price or an override would change.

Fitted parameters are held, so that a plan's own effect is all that differs; learning anew would
also move what the plan has nothing to do with.
"""

from dataclasses import dataclass

from engine.demand import clean_demand
from engine.demand.arrays import Floats
from engine.forecast.assembly import training_and_plans
from engine.forecast.forecasting import learn
from engine.forecast.learned import Learned
from engine.forecast.outlook import driver_stages
from engine.forecast.plans import Plans
from engine.kernels.decided import with_decided
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.panel import DemandPanel
from engine.model.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What a snapshot teaches, kept to be asked again."""

    panel: DemandPanel
    learned: Learned
    config: PlanConfig


@dataclass(frozen=True, kw_only=True)
class Replanned:
    """Means [series, step] and their drivers [series, step, driver] under some plans."""

    plans: Plans
    mean: Floats
    drivers: Floats


def prepare(snapshot: Snapshot, config: PlanConfig, decisions: Decisions) -> Prepared:
    """Learn as a plan with these decisions learns; the snapshot is the data's own."""
    whole = with_decided(snapshot, decisions)
    panel = clean_demand(whole, config, decisions)
    training, plans = training_and_plans(panel, whole, config.horizon, decisions)
    learned = learn(training, plans, panel.series, whole, challenger=config.challenger)
    return Prepared(panel=panel, learned=learned, config=config)


def replan(prepared: Prepared, snapshot: Snapshot, decisions: Decisions) -> Replanned:
    """The forecast with what was learned, under these decisions' plans for the steps ahead."""
    whole = with_decided(snapshot, decisions)
    _, plans = training_and_plans(prepared.panel, whole, prepared.config.horizon, decisions)
    drivers, mean = driver_stages(prepared.learned, plans)
    return Replanned(plans=plans, mean=mean, drivers=drivers)
