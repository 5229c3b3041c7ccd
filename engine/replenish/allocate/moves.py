"""A problem whose stock moves are decided: what is left is to buy."""

from dataclasses import replace

import numpy as np

from engine.replenish.allocate.pooled import same_moves
from engine.replenish.allocate.problem import Cap, Ints, Problem


def with_moves(problem: Problem, choice: Ints) -> tuple[Problem, Ints]:
    """The options that move stock as `choice` does, and their places in the problem.

    Freight and worth of what moves are no longer a decision: costs and values count from there,
    and caps are less by the freight. An item's first
    option buys nothing; one that cannot move so without buying keeps its cheapest option as such.
    """
    every = np.arange(len(problem.cost))
    kept = np.flatnonzero(same_moves(problem, every, choice[problem.owner]))
    # Buying nothing comes first, then by cost, whatever the order was.
    owner = problem.owner[kept]
    kept = kept[np.lexsort((problem.cost[kept], problem.buys[kept], owner))]
    first = np.searchsorted(owner, np.arange(problem.items + 1))
    base = kept[first[:-1]]
    freight = np.where(problem.buys[base], 0, problem.cost[base])
    caps: list[Cap] = []
    for cap in problem.caps:
        spent = float(freight[cap.member].sum()) if cap.weight is None else 0.0
        weight = None if cap.weight is None else cap.weight[kept]
        caps.append(replace(cap, limit=cap.limit - spent, weight=weight))
    boxes = problem.containers
    made = Problem(
        first=first.astype(np.int64),
        cost=problem.cost[kept] - freight[problem.owner[kept]],
        value=problem.value[kept] - problem.value[base][problem.owner[kept]],
        group=problem.group,
        caps=caps,
        minimums=[replace(each, weight=each.weight[kept]) for each in problem.minimums],
        idle=~problem.buys[kept],
        containers=None if boxes is None else replace(boxes, weight=boxes.weight[kept]),
    )
    return made, kept
