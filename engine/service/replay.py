"""How would we have done? Our plan beside what was done and the rules that companies buy by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from engine.model.config import PlanConfig
from engine.model.money import exponent
from engine.model.progress import Progress, silent
from engine.service.replay_plan import plan_policy
from engine.service.replay_rules import Rivals, RuleReport, set_up_rules, warm_up_days
from engine.service.rule_file import HISTORY, NOTHING, OURS
from engine.service.stores import Stores
from engine.simulate.bootstrap import Estimate, differences, estimates
from engine.simulate.draws import drawn_lead_days
from engine.simulate.held_back import held_back
from engine.simulate.history import as_it_happened
from engine.simulate.outcome import Outcome
from engine.simulate.policy import LeadDays, Policy, do_nothing
from engine.simulate.replay import REVIEW_DAYS, Run, run
from engine.simulate.scope import Scope, within
from engine.simulate.world import World
from engine.store.snapshots import load_snapshot

Estimates = Mapping[str, Mapping[str, Estimate]]


@dataclass(frozen=True, kw_only=True)
class ReplayReport:
    """Outcomes of the same days under each policy, ours first, with what chance could do.

    `estimates` by policy and measure, `against` ours less each other policy; money in minor units.
    """

    snapshot_id: str
    first_day: date  # of the replay, warm-up included
    last_day: date
    weeks: int
    warm_up_weeks: int
    currency: str
    budget_minor: int | None  # per week
    seed: int
    series: int  # that count
    left_out: int  # series new within the replay: a rule has nothing to go by
    outcomes: tuple[Outcome, ...]
    rules: tuple[RuleReport, ...]
    estimates: Estimates = field(repr=False)
    against: Estimates = field(repr=False)

    def budget_used(self, policy: str) -> float | None:
        """Share of the counted weeks' budget that was ordered; above 1 for who had none."""
        if not self.budget_minor:
            return None
        weeks = self.weeks - self.warm_up_weeks
        return self.of(policy).ordered_minor / (self.budget_minor * weeks)

    def of(self, policy: str) -> Outcome:
        return next(outcome for outcome in self.outcomes if outcome.policy == policy)


def replay_weeks(
    stores: Stores,
    config: PlanConfig,
    *,
    weeks: int = 1,
    budget_minor: int | None = None,
    snapshot_id: str | None = None,
    scope: Scope | None = None,
    rivals: Rivals | None = None,
    progress: Progress = silent,
) -> ReplayReport:
    """Replay the last `weeks` of the snapshot's history; our plan is made anew each week.

    Every policy starts from the same stock and orders, meets the same customers and lead times and
    knows what was known on its morning. Rules are tuned on the weeks before the replay; without
    `rivals` there are none. The warm-up is not counted, nor are items that were new within the
    replay. `budget_minor` caps each week's orders of our plan and of the rules.
    Raises InvalidInput where the history is too short.
    """
    progress("reading the history", 0, None)
    snapshot = load_snapshot(stores.database, stores.blobs, snapshot_id)
    snapshot = within(snapshot, scope or Scope())
    world = held_back(snapshot, 7 * weeks, config)
    cap = _major(budget_minor, snapshot.company.base_currency)
    rules = set_up_rules(rivals, world, config, cap, progress) if rivals else []
    contenders: dict[str, Policy] = {
        OURS: plan_policy(config, budget_minor),
        HISTORY: as_it_happened(snapshot),
        **{rule.report.name: rule.policy for rule in rules},
        NOTHING: do_nothing,
    }
    lead_days = drawn_lead_days(snapshot, config, seed=config.seed)
    runs = {
        name: _replayed(world, policy, name, lead_days, progress)
        for name, policy in contenders.items()
    }
    warm_up = warm_up_days(weeks)
    scores = {name: each.scores(warm_up) for name, each in runs.items()}
    return ReplayReport(
        snapshot_id=snapshot.id,
        first_day=world.first_day,
        last_day=snapshot.as_of - timedelta(days=1),
        weeks=weeks,
        warm_up_weeks=warm_up // 7,
        currency=snapshot.company.base_currency,
        budget_minor=budget_minor,
        seed=config.seed,
        series=int(world.established.sum()),
        left_out=int((~world.established).sum()),
        outcomes=tuple(each.outcome(name, warm_up) for name, each in runs.items()),
        rules=tuple(rule.report for rule in rules),
        estimates=estimates(scores, seed=config.seed),
        against=differences(scores, OURS, seed=config.seed),
    )


def _replayed(
    world: World, policy: Policy, name: str, lead_days: LeadDays, progress: Progress
) -> Run:
    def watch(day: int) -> None:
        if day % REVIEW_DAYS == 0:
            progress(f"replaying {name}", day // REVIEW_DAYS, -(-world.days // REVIEW_DAYS))

    return run(world, policy, lead_days=lead_days, hindsight=name == HISTORY, watch=watch)


def _major(minor: int | None, currency: str) -> float | None:
    return None if minor is None else minor / 10 ** exponent(currency)
