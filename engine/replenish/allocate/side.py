"""Prices of every cap but the main one, and of stock that moves: before groups are looked into."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.blocks import Blocks
from engine.replenish.allocate.certificate import priced_score
from engine.replenish.allocate.frontier import Frontier, frontier_of, price_of, replies
from engine.replenish.allocate.hull import Steps, hull_steps
from engine.replenish.allocate.pooled import pool_prices
from engine.replenish.allocate.problem import Cap, Floats, Problem

PASSES = 3  # over the caps; one is enough where there is only one
EVALUATIONS = 14  # of one cap's use while its price is sought
PRECISE = 2e-4  # of a cap; the bound is flat where it just fits
POOL_PASSES = 3


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


def side_prices(problem: Problem, blocks: Blocks) -> SidePrices:
    """By turns: caps given the pools' prices, pools given the caps'."""
    search = _Side(problem, blocks)
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

    def __init__(self, problem: Problem, blocks: Blocks) -> None:
        self._problem, self._blocks = problem, blocks
        self._main = main_cap(problem)
        self.cap = np.zeros(len(problem.caps))
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
        rate = self._rate if self.main > 0 else np.full(self._blocks.count, 0.1)
        score = score - rate[self._blocks.of_item][problem.owner] * self._cost
        on = (self._profit >= 0)[self._blocks.of_item][problem.owner]
        self.pool = pool_prices(problem, score, on | ~problem.buys)

    def price_caps(self) -> None:
        """Each cap's price in turn, the main one's found within."""
        steps = self._steps()
        for _ in range(PASSES if len(self._others) > 1 else 1):
            before = self.cap.copy()
            for k in self._others:
                self.cap[k] = _edge(
                    lambda price, k=k: self._use(steps, k, price), self._limit(k), self.cap[k]
                )
            if np.allclose(before, self.cap, rtol=1e-3, atol=0.0):
                break
        self._reply(steps)

    def _limit(self, k: int) -> float:
        return max(self._problem.caps[k].limit, 0.0)

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
        self.main = price_of(frontier, budget)
        reply = replies(frontier, np.asarray([self.main]))
        self._rate, self._profit = reply.rate[:, 0], reply.profit[:, 0]
        on = self._profit >= 0
        of = self._blocks.of_item[tilted.item[frontier.order]]
        return frontier, (on[of] & (frontier.rate > self._rate[of])).astype(np.float64)

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

    `used` falls as the price rises. The bracket widens from `start` and is halved towards the
    secant's guess.
    """
    if used(0.0) <= limit:
        return 0.0
    low, high = 0.0, start if start > 0 else 1e-6
    at_high = used(high)
    while at_high > limit and high < 1e12:  # noqa: PLR2004  beyond any price of money
        low, high = high, high * (1.5 if start > 0 else 8.0)
        at_high = used(high)
    for _ in range(EVALUATIONS):
        middle = (low + high) / 2 if low > 0.2 * high else np.sqrt(max(low, high * 1e-3) * high)
        at_middle = used(middle)
        if at_middle > limit:
            low = middle
        else:
            high, at_high = middle, at_middle
        if limit * (1 - PRECISE) <= at_high <= limit and high - low < PRECISE * high:
            break
        if high - low < PRECISE * high * 0.1:
            break
    return float(high)
