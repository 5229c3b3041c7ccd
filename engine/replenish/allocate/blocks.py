"""Which groups are decided one by one, and what each of their modes asks for."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.problem import Flags, Floats, Ints, Minimum, Problem

MOST_BOXES = 400  # containers of one order; more are not offered


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """Groups that must reach nothing form block 0 together; every other group is a block.

    `cash` is the place of the minimum that counts cash, `second` [block] that of another weight
    the group must reach, or -1. `loaded` blocks are limited by weight: containers or a minimum
    of units or volume.
    """

    of_group: Ints = field(repr=False)  # [group]
    of_item: Ints = field(repr=False)
    group: Ints = field(repr=False)  # [block]; -1 for block 0
    cash: int
    least: Floats = field(repr=False)  # [block] minor units
    second: Ints = field(repr=False)
    loaded: Flags = field(repr=False)

    @property
    def boxed(self) -> Flags:
        """Blocks that are limited by containers and not by a minimum of another weight."""
        return self.loaded & (self.second < 0)

    @property
    def count(self) -> int:
        return len(self.group)


def blocks_of(problem: Problem) -> Blocks:
    own = np.flatnonzero(problem.has_minimum | problem.boxed)
    of_group = np.zeros(problem.groups, dtype=np.int64)
    of_group[own] = np.arange(1, len(own) + 1)
    cash = _cash_minimum(problem)
    least = np.zeros(len(own) + 1)
    if cash >= 0:
        least[1:] = problem.minimums[cash].least[own]
    second = np.full(len(own) + 1, -1)
    for k, minimum in enumerate(problem.minimums):
        if k != cash:
            second[1:][(minimum.least[own] > 0) & (second[1:] < 0)] = k
    loaded = second >= 0
    loaded[1:] |= problem.boxed[own]
    return Blocks(
        of_group=of_group,
        of_item=of_group[problem.group],
        group=np.concatenate([[-1], own]).astype(np.int64),
        cash=cash,
        least=least,
        second=second,
        loaded=loaded,
    )


def _cash_minimum(problem: Problem) -> int:
    """The minimum whose weights are costs, freight of moved stock aside; -1: none."""
    for k, minimum in enumerate(problem.minimums):
        if _is_cash(problem, minimum):
            return k
    return -1


def _is_cash(problem: Problem, minimum: Minimum) -> bool:
    moves = np.zeros(len(problem.cost), dtype=np.bool_)
    if problem.pools is not None:
        moves = problem.pools.pool >= 0
    same = minimum.weight == problem.cost
    return bool(np.all(same | (moves & (minimum.weight <= problem.cost))))


@dataclass(frozen=True, kw_only=True)
class Spans:
    """What the modes of a loaded block ask of its weight: from `low` to `high` in `boxes`."""

    weight: Floats = field(repr=False)  # [option] of the problem
    low: Floats = field(repr=False)  # [mode]
    high: Floats = field(repr=False)
    boxes: Ints = field(repr=False)
    fee: float  # minor units per container
    minimum: Ints = field(repr=False)  # [mode] the minimum that sets `low`, -1: the filling


def spans_of(problem: Problem, blocks: Blocks, block: int) -> Spans:
    group, second = int(blocks.group[block]), int(blocks.second[block])
    boxes = problem.containers
    if boxes is None or boxes.size[group] <= 0:
        minimum = problem.minimums[second]
        return Spans(
            weight=minimum.weight,
            low=minimum.least[[group]],
            high=np.asarray([np.inf]),
            boxes=np.zeros(1, dtype=np.int64),
            fee=0.0,
            minimum=np.asarray([second]),
        )
    number = np.arange(1, _boxes_needed(problem, group) + 1)
    edge: Floats = number.astype(np.float64) * float(boxes.size[group])
    low = edge * float(boxes.fill[group])
    setter = np.full(len(number), -1)
    for k, minimum in enumerate(problem.minimums):
        least = float(minimum.least[group])
        if k != blocks.cash and least > 0 and np.array_equal(minimum.weight, boxes.weight):
            setter[least > low] = k
            low = np.maximum(low, least)
    return Spans(
        weight=boxes.weight,
        low=np.minimum(low, edge),
        high=edge,
        boxes=number,
        fee=float(boxes.fee[group]),
        minimum=setter,
    )


def _boxes_needed(problem: Problem, group: int) -> int:
    """So many that all that could be bought fits."""
    boxes = problem.containers
    if boxes is None:
        return 0
    items = np.flatnonzero(problem.group == group)
    most = sum(float(boxes.weight[problem.first[i] : problem.first[i + 1]].max()) for i in items)
    needed = int(np.ceil(most / float(boxes.size[group])))
    if needed > MOST_BOXES:
        raise ValueError(
            f"An order could fill {needed} containers, at most {MOST_BOXES} are expected; give "
            "the size of a container in litres."
        )
    return max(needed, 1)
