"""Prices of stock that can be moved: what a unit is worth where it lies."""

import numpy as np

from engine.replenish.allocate.problem import SLACK, Flags, Floats, Ints, Problem

HALVINGS = 40
STATES = 2_000  # sums of amounts that are kept while a pool's items are gone through


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


def matched(problem: Problem, score: Floats) -> Ints:
    """Options [item] of the best moves: per pool no more drawn than given; the others do nothing.

    Each pool's best combination of amounts, purchases aside: an item's amount scores what its
    best option with it does. Exact up to STATES different sums per pool.
    """
    choice, pools = problem.nothing(), problem.pools
    if pools is None:
        return choice
    option, _, _ = _members(problem)
    option = option[np.isfinite(score[option])]
    draw = np.where(pools.pool[option] >= 0, pools.draw[option], 0.0)
    item = problem.owner[option]
    home = np.maximum.reduceat(pools.pool, problem.first[:-1])[item]
    order = np.lexsort((option, -score[option], draw, item, home))
    option, draw, item, home = option[order], draw[order], item[order], home[order]
    new = (np.diff(item, prepend=-1) != 0) | (np.diff(draw, prepend=np.nan) != 0)
    option, draw, item, home = option[new], draw[new], item[new], home[new]
    edges = np.flatnonzero(np.diff(home, prepend=-1) != 0)
    for start, end in zip(edges, np.append(edges[1:], len(home)), strict=True):
        rows = slice(int(start), int(end))
        for each in _best_amounts(item[rows], draw[rows], score[option[rows]]):
            choice[item[rows][each]] = option[rows][each]
    return choice


def _best_amounts(item: Ints, draw: Floats, score: Floats) -> tuple[int, ...]:
    """Rows, one per item, with the best score whose draws sum up to nothing or less."""
    states: dict[float, tuple[float, tuple[int, ...]]] = {0.0: (0.0, ())}
    starts = np.flatnonzero(np.diff(item, prepend=-1) != 0)
    for start, end in zip(starts, np.append(starts[1:], len(item)), strict=True):
        further: dict[float, tuple[float, tuple[int, ...]]] = {}
        for total, (worth, rows) in states.items():
            for row in range(int(start), int(end)):
                key, value = total + float(draw[row]), worth + float(score[row])
                if key not in further or value > further[key][0]:
                    further[key] = (value, (*rows, row))
        best = sorted(further.items(), key=lambda each: (-each[1][0], each[0]))[:STATES]
        states = dict(best)
    kept = [state for total, state in states.items() if total <= SLACK]
    return max(kept)[1] if kept else ()
