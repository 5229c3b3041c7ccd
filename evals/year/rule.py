"""The rival: a reorder point tuned by grid on the first half of the year, with the same cash."""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from engine.model.config import PlanConfig
from engine.simulate.buying_terms import BuyingTerms, buying_terms
from engine.simulate.outcome import Scores
from engine.simulate.policy import Decision
from engine.simulate.rule_policy import RulePolicy
from engine.simulate.rules import GRIDS, Settings
from engine.simulate.tuning import groups_of
from engine.simulate.world import World
from evals.year.company import MadeUp
from evals.year.live import Monday, live
from evals.year.outcome import scores_of

YEAR_DAYS = 365
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Buys by reorder points on Mondays and ships to those who wait, first come, first served."""

    policy: RulePolicy

    def __call__(self, monday: Monday, /) -> Decision:
        for line in list(monday.room.lines):
            if monday.room.aside[line.row] >= line.units:
                monday.room.ship(line.name, monday.day, line.units)
        open_units = monday.room.wanted() - monday.room.aside
        # Who waits has a claim on what is coming.
        seen = replace(monday.morning, on_order=monday.morning.on_order - open_units)
        return self.policy(seen)


def tuned_rule(made: MadeUp, config: PlanConfig) -> tuple[Rule, dict[str, dict[str, float]]]:
    """The setting of each class A, B, C that cost least in the first half of the year.

    Cost is the margin lost and the year's holding and capital rate on stock, as our plan's. The
    rule sees that half before it is played on it: a lead that our plan does not get.
    """
    terms = buying_terms(made.world, config)
    half = replace(made, world=_first_half(made))
    grid = GRIDS["reorder_point"]
    points = [dict(zip(grid, each, strict=True)) for each in product(*grid.values())]
    group = np.asarray(groups_of(made.world, "abc"))
    scores = [scores_of(live(half, _rule(terms, half, point))) for point in points]
    known = group[made.world.established]
    best = {
        str(name): points[int(np.argmin([_cost(each, known == name, half, config)
                                         for each in scores]))]
        for name in sorted(set(known.tolist()))
    }  # fmt: skip
    usual = max(best, key=lambda name: int((known == name).sum()))
    settings = {
        name: np.asarray([best.get(each, best[usual])[name] for each in group.tolist()])
        for name in grid
    }
    return Rule(policy=_policy(terms, settings, made.cap)), best


def _first_half(made: MadeUp) -> World:
    world, days = made.world, made.world.days // 14 * 7
    return replace(
        world, wanted=world.wanted[:days], returned=world.returned[:days],
        arriving=world.arriving[:days],
    )  # fmt: skip


def _rule(terms: BuyingTerms, made: MadeUp, point: dict[str, float]) -> Rule:
    count = len(made.world.series)
    settings = {name: np.full(count, value) for name, value in point.items()}
    return Rule(policy=_policy(terms, settings, made.cap))


def _policy(terms: BuyingTerms, settings: Settings, cap: float) -> RulePolicy:
    return RulePolicy(kind="reorder_point", terms=terms, settings=settings, budget=cap)


def _cost(scores: Scores, chosen: Flags, half: MadeUp, config: PlanConfig) -> float:
    rate = (config.holding_rate + config.capital_rate) * half.world.days / YEAR_DAYS
    return float(scores.lost_margin[chosen].sum() + rate * scores.stock[chosen].sum())
