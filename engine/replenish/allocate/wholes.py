"""Whole quantities of groups that must spend a minimum, and how far they are from their bound."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.cases import (
    Case,
    Limit,
    divided_step,
    reply_of,
    split,
    stepped,
    whole_case,
)
from engine.replenish.allocate.cover import cover
from engine.replenish.allocate.polish import GroupOptions, group_limits, polish
from engine.replenish.allocate.pooled import same_moves
from engine.replenish.allocate.problem import SLACK, Floats, Ints, slack
from engine.replenish.allocate.relax import Relaxation

MOST_CASES = 40  # of one group
LOOKED_AT = (1, 5, 20)  # numbers of cases at which whole choices are looked for
_EXCHANGED, _BOTH = 1, 2  # how a start was made whole: by exchanges, by a knapsack as well


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A choice [the group's items] that reaches its minimums; `score` is before priced cash."""

    choice: Ints = field(repr=False)
    cash: float
    score: float


class Wholes:
    """The cases and the whole choices of one group."""

    def __init__(self, relaxed: Relaxation, block: int, members: GroupOptions) -> None:
        self._relaxed, self._block, self._members = relaxed, block, members
        self._least = float(relaxed.blocks.least[block])
        self._limits = group_limits(relaxed.problem, members, int(relaxed.blocks.group[block]))
        self._place = np.zeros(relaxed.problem.items, dtype=np.int64)
        self._place[members.item] = np.arange(len(members.item))
        self.cases = [whole_case(relaxed.frontier, block)]
        self._found: dict[bytes, Whole] = {}
        self._tried: dict[bytes, int] = {}  # in which ways

    def replies(self) -> tuple[Floats, Floats, Floats]:
        """Profit, cash and return per price of the grid: those of the best case at each."""
        made = [reply_of(case, self._least, self._relaxed.grid) for case in self.cases]
        profit, spend, rate = (np.stack(each) for each in zip(*made, strict=True))
        best, every = profit.argmax(axis=0), np.arange(len(self._relaxed.grid))
        return profit[best, every], spend[best, every], rate[best, every]

    def rates(self) -> list[Floats]:
        """Per case the return on cash that purchases are held to, at each price of the grid."""
        return [reply_of(case, self._least, self._relaxed.grid)[2] for case in self.cases]

    def loss(self, price: float) -> float:
        """How far the best whole choice stays below the bound at a price of cash."""
        best = self.best(price, np.inf)
        bound = max(self._bound(case, price) for case in self.cases)
        return np.inf if best is None else bound - (best.score - price * best.cash)

    def best(self, price: float, tolerance: float) -> Whole | None:
        """The best whole choice found at a price of cash.

        Cases are split while the bound is above it by more than `tolerance`.
        """
        bounds = [self._bound(case, price) for case in self.cases]
        top = int(np.argmax(bounds))
        if not np.isfinite(bounds[top]):
            return None
        best = self._make(self.cases[top], price, bounds[top] - tolerance)
        while len(self.cases) < MOST_CASES:
            reached = -np.inf if best is None else best.score - price * best.cash
            if max(bounds) - reached <= tolerance:
                break
            made = self._split(bounds, price)
            if not made:
                break
            for case in made:
                if self._bound(case, price) > reached:
                    best = self._make(case, price, max(bounds) - tolerance)
        return best

    def tighten(self, price: float, tolerance: float) -> None:
        """Split cases while the bound is far above whole choices, looked for now and then.

        Bounds alone cost a tenth of what whole choices do.
        """
        bounds = [self._bound(case, price) for case in self.cases]
        reached = -np.inf
        while len(self.cases) < MOST_CASES and np.isfinite(max(bounds)):
            if max(bounds) - reached <= tolerance:
                break
            if len(self.cases) in LOOKED_AT:
                best = self._make(self.cases[int(np.argmax(bounds))], price, -np.inf)
                reached = -np.inf if best is None else best.score - price * best.cash
            if not self._split(bounds, price):
                break

    def _split(self, bounds: list[float], price: float) -> list[Case]:
        """The two cases into which the one of the highest bound falls; none if it is whole."""
        top = int(np.argmax(bounds))
        step = divided_step(self.cases[top], self._least, price)
        if step is None:
            return []
        case = self.cases.pop(top)
        bounds.pop(top)
        relaxed = self._relaxed
        made = split(relaxed.problem, relaxed.scores, case, step, relaxed.steps.start)
        self.cases += made
        bounds += [self._bound(each, price) for each in made]
        return made

    def _bound(self, case: Case, price: float) -> float:
        return float(reply_of(case, self._least, np.asarray([price]))[0][0])

    def _make(self, case: Case, price: float, enough: float) -> Whole | None:
        """The best of what is known and what this case gives when made whole."""
        _, _, rate = reply_of(case, self._least, np.asarray([price]))
        begins = self._relaxed.steps.start[self._members.item]
        start = stepped(case, begins, self._place, float(rate[0]))
        self._reach(start, case.limits, price, enough)
        if not self._found:
            return None
        return max(self._found.values(), key=lambda each: each.score - price * each.cash)

    def _reach(self, start: Ints, limits: tuple[Limit, ...], price: float, enough: float) -> None:
        """From a start that may be short of its minimum, by exchanges or by a knapsack."""
        relaxed, members = self._relaxed, self._members
        weight, least = self._limits
        now = members.places(start)
        if bool((weight[:, now].sum(axis=1) >= least - slack(least)).all()):
            self._add(start)
            return
        key = repr(limits).encode() + start.tobytes()
        level = self._tried.get(key, 0)
        if level == _BOTH or (level == 1 and np.isneginf(enough)):
            return
        score = relaxed.scores[members.option] - price * relaxed.problem.cost[members.option]
        score[~same_moves(relaxed.problem, members.option, start[members.owner])] = -np.inf
        self._bar(score, limits)
        reached = -np.inf
        if level == 0:
            made = polish(members, score, weight, least, start)
            self._tried[key] = _EXCHANGED
            self._add(made)
            reached = -np.inf if made is None else float(score[members.places(made)].sum())
        if not np.isneginf(enough) and reached < enough and len(least) == 1:
            self._tried[key] = _BOTH
            covered = _covered(members, score, weight[0], float(least[0]), start)
            if covered is not None:
                self._add(polish(members, score, weight, least, covered))

    def _bar(self, score: Floats, limits: tuple[Limit, ...]) -> None:
        """Leave out the options beyond a case's limits."""
        cost = self._relaxed.problem.cost[self._members.option]
        for limit in limits:
            mine = self._members.owner == self._place[limit.item]
            score[mine & ((cost < limit.low) | (cost > limit.high))] = -np.inf

    def _add(self, choice: Ints | None) -> None:
        if choice is None or choice.tobytes() in self._found:
            return
        cost, scores = self._relaxed.problem.cost, self._relaxed.scores
        self._found[choice.tobytes()] = Whole(
            choice=choice, cash=float(cost[choice].sum()), score=float(scores[choice].sum())
        )


def _covered(
    members: GroupOptions, score: Floats, weight: Floats, least: float, start: Ints
) -> Ints | None:
    now = members.places(start)
    missing = least - float(weight[now].sum())
    # The reward of the limit is the least at which `start` is no longer better than any change.
    lift = weight - weight[now][members.owner]
    fall = score[now][members.owner] - score
    rate = np.where(lift > 0, fall / np.where(lift > 0, lift, 1.0), np.inf)
    reward = max(float(rate.min()), 0.0)
    loss = np.maximum(fall - reward * lift, 0.0)
    changes = cover(members.owner, loss, lift, missing, reward)
    if changes is None:
        return None
    now = now.copy()
    now[members.owner[changes]] = changes
    reached = float(weight[now].sum()) >= least - SLACK * max(abs(least), 1.0)
    return members.option[now] if reached else None
