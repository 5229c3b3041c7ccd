"""The rules of a replay, set as the file says or tuned on the weeks before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from engine.errors import InvalidInput
from engine.model.config import PlanConfig
from engine.model.progress import Progress
from engine.service.rule_file import RuleSpec, read_levels, usual_rules
from engine.simulate.buying_terms import BuyingTerms, buying_terms
from engine.simulate.draws import drawn_lead_days
from engine.simulate.held_back import held_back
from engine.simulate.rule_policy import RulePolicy
from engine.simulate.rules import Settings, levels_from
from engine.simulate.tuning import Ground, Tuned, groups_of, tune
from engine.simulate.world import World

LEAST_TUNING_WEEKS = 8
WARM_UP_WEEKS = 4  # of a replay long enough to spare them


@dataclass(frozen=True, kw_only=True)
class Rivals:
    """What our plan is compared with, beside what was done; `folder` holds lists of levels."""

    rules: Sequence[RuleSpec] = field(default_factory=usual_rules)
    folder: Path = field(default_factory=Path)


@dataclass(frozen=True, kw_only=True)
class RuleReport:
    """How a rule came to its settings; no days where the file gave all of them."""

    name: str
    rule: str
    by: str
    groups: Mapping[str, Mapping[str, float]]  # the settings of each group of items
    tuned_from: date | None
    tuned_to: date | None
    tried: int  # settings


@dataclass(frozen=True, kw_only=True)
class RuleSetUp:
    report: RuleReport
    policy: RulePolicy


def warm_up_days(weeks: int) -> int:
    """A quarter of a replay, at most WARM_UP_WEEKS: until then all live on what was there."""
    return 7 * min(WARM_UP_WEEKS, weeks // 4)


def set_up_rules(
    rivals: Rivals, world: World, config: PlanConfig, budget: float | None, progress: Progress
) -> list[RuleSetUp]:
    """Each rule ready to be replayed in `world`; `budget` per week, in base currency."""
    terms = buying_terms(world, config)
    ground: Ground | None = None
    ready: list[RuleSetUp] = []
    for spec in rivals.rules:
        grid = spec.grid()
        if spec.rule == "levels":
            settings = levels_from(read_levels(rivals.folder / str(spec.file)), world.series)
            ready.append(_ready(spec, settings, None, None, terms, budget))
            continue
        if all(len(values) == 1 for values in grid.values()):
            fixed = {name: values[0] for name, values in grid.items()}
            settings = {name: np.full(len(world.series), each) for name, each in fixed.items()}
            ready.append(_ready(spec, settings, None, None, terms, budget, {"all": fixed}))
            continue
        ground = ground or _ground(world, config, progress)
        tuned = _tuned(spec, ground, grid, progress)
        settings = tuned.settings(groups_of(world, spec.by))
        ready.append(_ready(spec, settings, ground, tuned, terms, budget))
    return ready


def _tuned(
    spec: RuleSpec, ground: Ground, grid: Mapping[str, tuple[float, ...]], progress: Progress
) -> Tuned:
    def watch(done: int, total: int) -> None:
        progress(f"tuning {spec.name}", done, total)

    return tune(ground, spec.rule, grid, by=spec.by, fill_rate=spec.fill_rate, watch=watch)


def _ready(
    spec: RuleSpec, settings: Settings, ground: Ground | None, tuned: Tuned | None,
    terms: BuyingTerms, budget: float | None,
    given: Mapping[str, Mapping[str, float]] | None = None,
) -> RuleSetUp:  # fmt: skip
    earlier = None if ground is None else ground.world
    report = RuleReport(
        name=spec.name,
        rule=spec.rule,
        by=spec.by if tuned else "all",
        groups=tuned.groups if tuned else given or {},
        tuned_from=earlier and earlier.first_day,
        tuned_to=earlier and earlier.first_day + timedelta(days=earlier.days - 1),
        tried=tuned.tried if tuned else 1,
    )
    policy = RulePolicy(kind=spec.rule, terms=terms, settings=settings, budget=budget)
    return RuleSetUp(report=report, policy=policy)


def _ground(world: World, config: PlanConfig, progress: Progress) -> Ground:
    """The weeks before the replay: as many as are replayed, or half of what there is."""
    progress("reading the time before", 0, None)
    known = world.known
    weeks = min(world.days // 7, (known.as_of - known.first_day).days // 14)
    if weeks < LEAST_TUNING_WEEKS and weeks < world.days // 7:
        raise InvalidInput(
            f"Rules cannot be tuned before {known.as_of}: the history allows {weeks} weeks, and "
            f"{LEAST_TUNING_WEEKS} are needed. Replay fewer weeks, or give every setting a number "
            "in --policy."
        )
    weeks = max(weeks, LEAST_TUNING_WEEKS)
    earlier = held_back(known, 7 * weeks, config)
    return Ground(
        world=earlier,
        terms=buying_terms(earlier, config),
        lead_days=drawn_lead_days(known, config, seed=config.seed),
        warm_up_days=warm_up_days(weeks),
        config=config,
    )
