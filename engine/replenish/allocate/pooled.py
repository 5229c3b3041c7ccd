"""Prices of stock that can be moved: what a unit is worth where it lies."""

import numpy as np

from engine.replenish.allocate.problem import SLACK, Flags, Floats, Ints, Problem

HALVINGS = 40
REPAIRS = 60  # changes per pool until it is balanced


def pool_prices(problem: Problem, score: Floats, allowed: Flags) -> Floats:
    """The price [pool] at which no more is drawn than given, all pools at once by bisection.

    `score` [option] has everything else priced in; options with `allowed` False are left out.
    """
    pools = problem.pools
    if pools is None:
        return np.zeros(0)
    option, owner, item_pool = _members(problem)
    score = np.where(allowed[option], score[option], -np.inf)
    first = np.flatnonzero(np.diff(owner, prepend=-1) != 0)
    pool, draw = pools.pool[option], np.where(pools.pool[option] >= 0, pools.draw[option], 0.0)
    low = np.zeros(pools.count)
    high = np.full(pools.count, _highest(problem, score))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        priced = score - np.append(middle, 0.0)[pool] * draw
        best = np.maximum.reduceat(priced, first)
        # Of equal options the one that draws least: fewer units for the same worth.
        drawn = np.where(priced >= best[owner] - 1e-9, draw, np.inf)
        balance = np.bincount(
            item_pool, weights=np.minimum.reduceat(drawn, first), minlength=pools.count
        )
        fits = balance <= 0
        low, high = np.where(fits, low, middle), np.where(fits, middle, high)
    return high


def _members(problem: Problem) -> tuple[Ints, Ints, Ints]:
    """Options of items that can move stock, their item (from 0), and each item's pool."""
    pools = problem.pools
    if pools is None:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty
    of_item = np.maximum.reduceat(pools.pool, problem.first[:-1])
    mine = np.flatnonzero(of_item >= 0)
    number = np.full(problem.items, -1)
    number[mine] = np.arange(len(mine))
    option = np.flatnonzero(of_item[problem.owner] >= 0)
    return option, number[problem.owner[option]], of_item[mine]


def _highest(problem: Problem, score: Floats) -> float:
    pools = problem.pools
    if pools is None:
        return 0.0
    finite = score[np.isfinite(score)]
    smallest = np.abs(pools.draw[pools.pool >= 0])
    span = float(finite.max(initial=0.0) - finite.min(initial=0.0))
    return (span + 1.0) / max(float(smallest[smallest > 0].min(initial=1.0)), 1e-6)


def same_moves(problem: Problem, option: Ints, now: Ints) -> Flags:
    """Options that move the same stock as the options `now`."""
    pools = problem.pools
    if pools is None:
        return np.ones(len(option), dtype=np.bool_)
    return (pools.pool[option] == pools.pool[now]) & (pools.draw[option] == pools.draw[now])


def balanced(problem: Problem, choice: Ints, score: Floats) -> Ints:
    """The choice with no more drawn from a pool than given, purchases as they are.

    Where a pool is overdrawn the change that loses least `score` per unit is made, again and
    again, in all pools at once.
    """
    pools = problem.pools
    if pools is None:
        return choice
    choice = choice.copy()
    option, _, _ = _members(problem)
    item = problem.owner[option]
    draw = np.where(pools.pool >= 0, pools.draw, 0.0)
    home = np.maximum.reduceat(pools.pool, problem.first[:-1])[item]
    alike = _purchase(problem)
    for _ in range(REPAIRS):
        excess = pools.balance(choice)
        now = choice[item]
        helps = draw[now] - draw[option]
        useful = (excess[home] > SLACK) & (helps > 0) & (alike[option] == alike[now])
        if not useful.any():
            break
        loss = np.where(useful, score[now] - score[option], np.inf)
        rate = loss / np.where(useful, np.minimum(helps, excess[home]), 1.0)
        order = np.lexsort((option, rate, home))
        order = order[useful[order]]
        first = np.flatnonzero(np.diff(home[order], prepend=-1) != 0)
        choice[item[order[first]]] = option[order[first]]
    return choice


def _purchase(problem: Problem) -> Ints:
    """A number [option] that is the same for options of an item that buy the same."""
    weights = [minimum.weight for minimum in problem.minimums]
    weights += [] if problem.containers is None else [problem.containers.weight]
    weights += [
        np.where(cap.member[problem.owner], problem.use(cap), 0.0)
        for cap in problem.caps
        if cap.weight is not None
    ]
    if not weights:
        return problem.buys.astype(np.int64)
    rows = np.stack([*weights, problem.buys.astype(np.float64)], axis=1)
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)
