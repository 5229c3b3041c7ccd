"""The options of each item that can be best at some price of cash, as steps upward."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.problem import Flags, Floats, Ints, Problem


@dataclass(frozen=True, kw_only=True)
class Steps:
    """Steps along the concave hull of (cost, value) of each item, ordered by group, then item.

    Step s takes its item from option `before` to option `after`, which costs `cost` > 0 more and
    brings `value` more; `rate` = value / cost falls within an item. `group_first` [group + 1]
    cuts the steps into groups; `position` counts steps within the item from 0.
    """

    item: Ints = field(repr=False)
    group: Ints = field(repr=False)
    after: Ints = field(repr=False)
    position: Ints = field(repr=False)
    cost: Floats = field(repr=False)
    value: Floats = field(repr=False)
    rate: Floats = field(repr=False)
    weight: Floats = field(repr=False)  # [minimum, step]
    group_first: Ints = field(repr=False)


def hull_steps(problem: Problem) -> Steps:
    """Vertices are found by dropping options on or below the line between their neighbours.

    A vertex lies above every such line, so all others can be dropped at once, again and again
    until none is left: few rounds, as most curves are nearly concave to begin with.
    """
    owner, option = _rising(problem)
    done: list[tuple[Ints, Ints]] = []
    while len(owner):
        inner = _inner(owner, problem.cost[option].astype(np.float64), problem.value[option])
        # Items without an inner option are finished and need not be looked at again.
        bent = np.zeros(problem.items, dtype=np.bool_)
        bent[owner[inner]] = True
        done.append((owner[~bent[owner]], option[~bent[owner]]))
        keep = bent[owner] & ~inner
        owner, option = owner[keep], option[keep]
    owner = np.concatenate([part for part, _ in done]) if done else owner
    option = np.concatenate([part for _, part in done]) if done else option
    order = np.argsort(owner, kind="stable")
    return _steps(problem, owner[order], option[order])


def _rising(problem: Problem) -> tuple[Ints, Ints]:
    """Options in rising cost per item, buying nothing first; of equal cost only the best.

    A price break can make more units cost less, so options are ordered by cost, not by units.
    What brings less than a cheaper option stays: it may serve a supplier's minimum.
    """
    owner = problem.owner
    something = np.ones(len(owner), dtype=np.bool_)
    something[problem.first[:-1]] = False
    order = np.lexsort((-problem.value, problem.cost, something, owner))
    owner, cost, value = owner[order], problem.cost[order], problem.value[order]
    repeated = (owner[1:] == owner[:-1]) & (cost[1:] == cost[:-1]) & (value[1:] <= value[:-1])
    keep = np.concatenate([[True], ~repeated]) if len(owner) else np.zeros(0, dtype=np.bool_)
    return owner[keep], order[keep]


def _inner(owner: Ints, cost: Floats, value: Floats) -> Flags:
    """Options on or below the line between the options before and after them in their item."""
    inner = np.zeros(len(owner), dtype=np.bool_)
    if len(owner) < 3:  # noqa: PLR2004  a middle needs two neighbours
        return inner
    same = (owner[:-2] == owner[1:-1]) & (owner[1:-1] == owner[2:])
    left_cost, left_value = cost[1:-1] - cost[:-2], value[1:-1] - value[:-2]
    right_cost, right_value = cost[2:] - cost[1:-1], value[2:] - value[1:-1]
    inner[1:-1] = same & (left_value * right_cost <= right_value * left_cost)
    return inner


def _steps(problem: Problem, owner: Ints, option: Ints) -> Steps:
    ends = np.flatnonzero(owner[1:] == owner[:-1]) + 1
    # Steps that lose value are of use to a group that must reach a minimum, to no other.
    gains = problem.value[option[ends]] > problem.value[option[ends - 1]]
    ends = ends[gains | problem.has_minimum[problem.group[owner[ends]]]]
    before, after, item = option[ends - 1], option[ends], owner[ends]
    order = np.argsort(problem.group[item], kind="stable")
    before, after, item = before[order], after[order], item[order]
    cost = (problem.cost[after] - problem.cost[before]).astype(np.float64)
    value = problem.value[after] - problem.value[before]
    weight = np.zeros((len(problem.minimums), len(item)))
    for row, minimum in zip(weight, problem.minimums, strict=True):
        row[:] = minimum.weight[after] - minimum.weight[before]
    starts = np.flatnonzero(np.diff(item, prepend=-1) != 0)
    lengths = np.diff(np.append(starts, len(item)))
    return Steps(
        item=item,
        group=problem.group[item],
        after=after,
        position=np.arange(len(item)) - np.repeat(starts, lengths),
        cost=cost,
        value=value,
        rate=value / np.maximum(cost, 1.0),
        weight=weight,
        group_first=np.searchsorted(problem.group[item], np.arange(problem.groups + 1)),
    )
