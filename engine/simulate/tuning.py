"""The best setting of a rule on the time before the replay: a grid, judged by group of series."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Literal

import numpy as np

from engine.model.config import PlanConfig
from engine.simulate.buying_terms import BuyingTerms
from engine.simulate.outcome import Scores
from engine.simulate.policy import LeadDays
from engine.simulate.replay import run
from engine.simulate.rows import Floats
from engine.simulate.rule_policy import RulePolicy
from engine.simulate.rules import RuleKind, Settings
from engine.simulate.world import World

By = Literal["all", "abc", "supplier"]
_CLASSES = (0.8, 0.95)  # shares of revenue up to which an item is A and B


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The time on which rules are tuned: it ends before the replay begins."""

    world: World
    terms: BuyingTerms
    lead_days: LeadDays
    warm_up_days: int
    config: PlanConfig


@dataclass(frozen=True, kw_only=True)
class Tuned:
    """The setting of each group of series, and what it had led to on the time before."""

    groups: Mapping[str, Mapping[str, float]]
    group: Sequence[str] = field(repr=False)  # [series] of the ground's world
    tried: int

    def settings(self, groups: Sequence[str]) -> Settings:
        """Per series, for series of these groups; one unseen takes the setting of the largest."""
        seen = list(self.group)
        usual = max(self.groups, key=lambda each: (seen.count(each), each))
        chosen = [self.groups.get(each, self.groups[usual]) for each in groups]
        return {
            name: np.asarray([each[name] for each in chosen], dtype=np.float64)
            for name in self.groups[usual]
        }


def tune(
    ground: Ground,
    kind: RuleKind,
    grid: Mapping[str, Sequence[float]],
    *,
    by: By,
    fill_rate: float | None = None,
    watch: Callable[[int, int], None] = lambda _done, _total: None,
) -> Tuned:
    """The cheapest point of `grid` for each group of series.

    Cost is the margin lost and the year's holding and capital rate on the stock. With `fill_rate`
    it is the least stock that reaches it, or the most that can be filled.
    """
    points = [dict(zip(grid, each, strict=True)) for each in product(*grid.values())]
    group = groups_of(ground.world, by)
    scores: list[Scores] = []
    for done, point in enumerate(points):
        watch(done, len(points))
        scores.append(_tried(ground, kind, point))
    known = np.asarray(group)[ground.world.established]
    return Tuned(
        groups={
            str(name): points[_best(scores, known == name, ground, fill_rate)]
            for name in sorted(set(known.tolist()))
        },
        group=group,
        tried=len(points),
    )


def groups_of(world: World, by: By) -> list[str]:
    """The group of each series by what sold before the first day, or by its supplier."""
    if by == "all":
        return ["all"] * len(world.series)
    if by == "supplier":
        return [str(each) for each in world.series["supplier"]]
    revenue = world.before.sold.sum(axis=0) * world.series["price"].to_numpy(dtype=np.float64)
    order = np.argsort(-revenue, kind="stable")
    # The item that crosses a limit still belongs above it.
    before = (np.cumsum(revenue[order]) - revenue[order]) / max(float(revenue.sum()), 1e-12)
    names = np.empty(len(order), dtype=object)
    names[order] = np.asarray(["A", "B", "C"], dtype=object)[
        np.searchsorted(_CLASSES, before, "right")
    ]
    return [str(each) for each in names]


def _tried(ground: Ground, kind: RuleKind, point: Mapping[str, float]) -> Scores:
    count = len(ground.world.series)
    settings = {name: np.full(count, value) for name, value in point.items()}
    policy = RulePolicy(kind=kind, terms=ground.terms, settings=settings)
    replayed = run(ground.world, policy, lead_days=ground.lead_days)
    return replayed.scores(ground.warm_up_days)


def _best(
    scores: Sequence[Scores], mine: np.ndarray, ground: Ground, fill_rate: float | None
) -> int:
    """Position of the best point for these series; the first of equals."""
    stock = np.asarray([each.stock[mine].sum() for each in scores])
    if fill_rate is None:
        return int(np.argmin(_lost(scores, mine) + _carrying(ground) * stock))
    filled = _filled(scores, mine)
    enough = filled >= min(fill_rate, float(filled.max()))
    return int(np.argmin(np.where(enough, stock, np.inf)))


def _lost(scores: Sequence[Scores], mine: np.ndarray) -> Floats:
    return np.asarray([each.lost_margin[mine].sum() for each in scores])


def _filled(scores: Sequence[Scores], mine: np.ndarray) -> Floats:
    return np.asarray(
        [each.sold[mine].sum() / max(int(each.wanted[mine].sum()), 1) for each in scores]
    )


def _carrying(ground: Ground) -> float:
    """Cost of a unit of money in stock over the days that count."""
    rate = ground.config.holding_rate + ground.config.capital_rate
    return rate * (ground.world.days - ground.warm_up_days) / 365
