"""What would our plan have done in the last weeks, beside what was done?"""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.money import exponent
from engine.model.progress import Progress, silent
from engine.service.planning import PlanInputs, compute_plan
from engine.service.stores import Stores
from engine.simulate.history import as_it_happened
from engine.simulate.lead_days import usual_lead_days
from engine.simulate.policy import ORDERS, TRANSFERS, Decision, Policy, Situation, do_nothing
from engine.simulate.replay import Outcome, replay
from engine.simulate.world import held_back
from engine.store.snapshots import load_snapshot

OURS, HISTORY, NOTHING = "our plan", "what was done", "ordering nothing"
STAGES = 4


@dataclass(frozen=True, kw_only=True)
class ReplayReport:
    """Outcomes of the same days under each policy: ours, what was done, nothing."""

    snapshot_id: str
    first_day: date
    last_day: date
    currency: str
    budget_minor: int | None  # per week, for our plan
    outcomes: tuple[Outcome, ...]

    def of(self, policy: str) -> Outcome:
        return next(outcome for outcome in self.outcomes if outcome.policy == policy)


def replay_weeks(
    stores: Stores,
    config: PlanConfig,
    *,
    weeks: int = 1,
    budget_minor: int | None = None,
    snapshot_id: str | None = None,
    progress: Progress = silent,
) -> ReplayReport:
    """Replay the last `weeks` of the snapshot's history; our plan is made anew each week.

    Each plan knows what was known on its morning and nothing later. Its orders take as long as
    their supplier usually does; the orders that were really placed took what they took. A week
    tells little where suppliers need longer than that: what was ordered arrives after it.
    Raises InvalidInput where the history is too short.
    """
    snapshot = load_snapshot(stores.database, stores.blobs, snapshot_id)
    progress("reading the history", 0, STAGES)
    world = held_back(snapshot, 7 * weeks)
    lead_days = usual_lead_days(world.known, config)
    policies: dict[str, Policy] = {
        HISTORY: as_it_happened(snapshot),
        NOTHING: do_nothing,
        OURS: plan_policy(config, budget_minor),
    }
    outcomes: list[Outcome] = []
    for done, (name, policy) in enumerate(policies.items(), start=1):
        progress(f"replaying {name}", done, STAGES)
        outcomes.append(replay(world, policy, name=name, lead_days=lead_days))
    progress("done", STAGES, STAGES)
    return ReplayReport(
        snapshot_id=snapshot.id,
        first_day=world.first_day,
        last_day=snapshot.as_of - timedelta(days=1),
        currency=snapshot.company.base_currency,
        budget_minor=budget_minor,
        outcomes=tuple(outcomes),
    )


def plan_policy(config: PlanConfig, budget_minor: int | None) -> Policy:
    """Our plan as a policy: buy what it lists, move what it proposes. Nobody cuts or delays it.

    First orders for an item at a place that has never had any are left out: the replay knows
    nobody who wants it there.
    """

    def policy(situation: Situation, /) -> Decision:
        inputs = PlanInputs(
            snapshot=situation.snapshot(),
            decisions=Decisions(),
            config=config,
            budget_minor=budget_minor,
        )
        plan = compute_plan(inputs).plan
        orders = _orders(plan.lines, inputs.snapshot.company.base_currency)
        series = pd.MultiIndex.from_frame(situation.series[["sku", "location"]])
        known = pd.MultiIndex.from_frame(orders[["sku", "location"]]).isin(series)
        return Decision(
            orders=orders[known].reset_index(drop=True),
            transfers=plan.transfers[list(TRANSFERS)],
        )

    return policy


def _orders(lines: pd.DataFrame, base: str) -> pd.DataFrame:
    """The plan's lines as a policy's orders, columns ORDERS."""
    cost = lines["cost_minor"] / lines["units"] / 10 ** exponent(base)
    return lines.assign(cost=cost).reindex(columns=list(ORDERS))
