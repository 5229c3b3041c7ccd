"""Prices of every cap but the main one, and of stock that moves: before groups are looked into."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.blocks import Blocks
from engine.replenish.allocate.certificate import priced_score
from engine.replenish.allocate.frontier import Frontier, frontier_of, price_of, replies
from engine.replenish.allocate.hull import Steps, hull_steps
from engine.replenish.allocate.pooled import pool_prices
from engine.replenish.allocate.problem import Cap, Flags, Floats, Problem

PASSES = 3  # over the caps; one is enough where there is only one
EVALUATIONS = 12  # of one cap's use while its price is sought
_HIGHEST = 1e12  # beyond any price of money
PRECISE = 5e-4  # of a cap; the bound is flat where it just fits
POOL_PASSES = 2


@dataclass(frozen=True, kw_only=True)
class SidePrices:
    """`cap` [cap] with 0 for the main one, whose price is `main`; `pool` [pool]."""

    cap: Floats = field(repr=False)
    pool: Floats = field(repr=False)
    main: float


def main_cap(problem: Problem) -> int:
    """The cap on all cash, whose price the search for modes runs along; -1: there is none."""
    for k, cap in enumerate(problem.caps):
        if cap.weight is None and bool(cap.member.all()):
            return k
    return -1


def side_prices(
    problem: Problem,
    blocks: Blocks,
    on: Flags | None = None,
    start: SidePrices | None = None,
    beyond: Floats | None = None,
) -> SidePrices:
    """By turns: caps given the pools' prices, pools given the caps'.

    Blocks buy where that pays, or as `on` [block] says; `start` are prices to begin with.
    `beyond` [cap] is what is used more than is seen here (by containers, by whole quantities).
    """
    search = _Side(problem, blocks, on)
    if beyond is not None:
        search.beyond = beyond
    if start is not None:
        search.cap, search.pool, search.main = start.cap.copy(), start.pool.copy(), start.main
    pools = problem.pools
    if pools is None:
        search.price_caps()
    else:
        for _ in range(POOL_PASSES):
            search.price_pools()
            search.price_caps()
    return SidePrices(cap=search.cap, pool=search.pool, main=search.main)


class _Side:
    """Container fees count as so much per volume here, and containers need not be filled."""

    def __init__(self, problem: Problem, blocks: Blocks, on: Flags | None) -> None:
        self._problem, self._blocks, self._on = problem, blocks, on
        self._main = main_cap(problem)
        self.cap = np.zeros(len(problem.caps))
        self.beyond = np.zeros(len(problem.caps))
        self.pool = np.zeros(0 if problem.pools is None else problem.pools.count)
        self.main = 0.0
        self._fee = _fee_per_option(problem)
        self._cost = problem.cost + self._fee
        self._others = [k for k in range(len(problem.caps)) if k != self._main]
        self._rate = np.zeros(blocks.count)
        self._profit = np.zeros(blocks.count)

    def price_pools(self) -> None:
        problem = self._problem
        score = self._score(np.zeros_like(self.pool))
        rate = self._rate if self._rate.any() else np.full(self._blocks.count, self.main or 0.1)
        score = score - rate[self._blocks.of_item][problem.owner] * self._cost
        buying = self._profit >= 0 if self._on is None else self._on
        on = buying[self._blocks.of_item][problem.owner]
        self.pool = pool_prices(problem, score, on | ~problem.buys)

    def price_caps(self) -> None:
        """Each cap's price in turn, the main one's found within."""
        steps = self._steps()
        for _ in range(PASSES if len(self._others) > 1 else 1):
            before = self.cap.copy()
            for k in self._others:
                self.cap[k] = _edge(
                    lambda price, k=k: self._use(steps, k, price), self._limit(k), self._start(k)
                )
            if np.allclose(before, self.cap, rtol=1e-3, atol=0.0):
                break
        self._reply(steps)

    def _limit(self, k: int) -> float:
        return max(self._problem.caps[k].limit - float(self.beyond[k]), 0.0)

    def _start(self, k: int) -> float:
        """A price of a cap to look from: the last one, or a tenth of all value per unit of it."""
        if self.cap[k] > 0:
            return float(self.cap[k])
        best = np.maximum.reduceat(self._problem.value, self._problem.first[:-1])
        return max(0.1 * float(best.sum()) / max(self._limit(k), 1.0), 1e-9)

    def _score(self, pool: Floats) -> Floats:
        return priced_score(self._problem, self.cap, pool) - self._fee

    def _steps(self) -> tuple[Steps, Floats]:
        """The hull at the prices so far; other prices only tilt it."""
        problem, score = self._problem, self._score(self.pool)
        every = np.arange(len(problem.cost))
        return hull_steps(problem.owner, every, self._cost, score), self.cap.copy()

    def _reply(self, made: tuple[Steps, Floats]) -> tuple[Frontier, Floats]:
        """At the caps' prices: the frontier, and what fraction of each of its steps is taken."""
        steps, at = made
        score, start = steps.score.copy(), np.zeros(len(self._problem.cost))
        start[steps.start] = self._score(self.pool)[steps.start]
        for k in self._others:
            use = self._used(self._problem.caps[k])
            if self.cap[k] != at[k]:
                score -= (self.cap[k] - at[k]) * (use[steps.after] - use[steps.before])
        tilted = Steps(
            item=steps.item, before=steps.before, after=steps.after,
            use=steps.use, score=score, start=steps.start,
        )  # fmt: skip
        frontier = frontier_of(tilted, start, self._blocks.of_item, self._blocks.least)
        budget = self._limit(self._main) if self._main >= 0 else np.inf
        self.main = price_of(frontier, budget, self._on)
        reply = replies(frontier, np.asarray([self.main]))
        self._rate, self._profit = reply.rate[:, 0], reply.profit[:, 0]
        on = self._profit >= 0 if self._on is None else self._on
        of = self._blocks.of_item[tilted.item[frontier.order]]
        taken = (on[of] & (frontier.rate > self._rate[of])).astype(np.float64)
        self._divide(frontier, taken, on)
        return frontier, taken

    def _divide(self, frontier: Frontier, taken: Floats, on: Flags) -> None:
        """Of the step that reaches a minimum the part that is needed."""
        for block in np.flatnonzero(on & (self._blocks.least > 0)).tolist():
            begin, end = int(frontier.first[block]), int(frontier.first[block + 1])
            step = begin + int(taken[begin:end].sum())
            lacking = float(self._blocks.least[block])
            lacking -= float(frontier.cash[step] - frontier.cash[begin])
            if lacking > 0 and step < end:
                taken[step] = min(lacking / float(frontier.cash[step + 1] - frontier.cash[step]), 1)

    def _use(self, steps: tuple[Steps, Floats], k: int, price: float) -> float:
        """What is used of a cap at a price of it."""
        self.cap[k] = price
        frontier, taken = self._reply(steps)
        use = self._used(self._problem.caps[k])
        mine = frontier.steps
        extra = (use[mine.after] - use[mine.before])[frontier.order]
        return float((extra * taken).sum()) + float(use[mine.start].sum())

    def _used(self, cap: Cap) -> Floats:
        use = self._cost if cap.weight is None else cap.weight
        return np.where(cap.member[self._problem.owner], use, 0.0)


def _fee_per_option(problem: Problem) -> Floats:
    """Container fees as if a container could be bought in parts."""
    boxes = problem.containers
    if boxes is None:
        return np.zeros(len(problem.cost))
    per_volume = boxes.fee / np.where(boxes.size > 0, boxes.size, np.inf)
    return per_volume[problem.group][problem.owner] * boxes.weight


def _edge(used: Callable[[float], float], limit: float, start: float) -> float:
    """The price at which a cap just holds; 0 where it holds anyway.

    `used` falls as the price rises. The bracket widens from `start`, then false position closes
    it (the Illinois variant, which halves the weight of an end that stays).
    """
    low, over = 0.0, used(0.0) - limit
    if over <= 0:
        return 0.0
    high = start
    under = used(high) - limit
    while under > 0 and high < _HIGHEST:
        low, over = high, under
        high *= 2.0
        under = used(high) - limit
    for _ in range(EVALUATIONS):
        if high - low <= PRECISE * high or -PRECISE * limit <= under <= 0 or under >= over:
            break
        middle = min(max((low * under - high * over) / (under - over), low), high)
        at = used(middle) - limit
        if at > 0:
            low, over, under = middle, at, under / 2
        else:
            high, under, over = middle, at, over / 2
    return float(high)
