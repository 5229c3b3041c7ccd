"""Whole quantities of an order by container or by weight, split by what its bulky items do."""

import heapq
from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.balance import balanced
from engine.replenish.allocate.loads import LoadedGroup
from engine.replenish.allocate.polish import GroupOptions
from engine.replenish.allocate.problem import SLACK, Flags, Floats, Ints
from engine.replenish.allocate.relax import Relaxation

CASES = 16  # of one mode of a group
TIED = 1e-9  # share of all scores by which equal ones may differ through rounding


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One mode of a loaded block at a price of cash, and the limits it must keep.

    Rows of `weight` [row, option] sum up to `least` [row] or more. `score` [option] is less the
    priced cash, minus infinity for options that are left out.
    """

    block: int
    mode: int
    price: float
    score: Floats = field(repr=False)
    weight: Floats = field(repr=False)
    least: Floats = field(repr=False)


@dataclass(order=True)
class _Case:
    """Options that are allowed, and the block's curves over them; highest bound first."""

    minus_bound: float
    number: int
    allowed: Flags = field(compare=False)
    loaded: LoadedGroup = field(compare=False)


class Packing:
    """Looks for the best whole choice, case by case."""

    def __init__(self, relaxed: Relaxation, members: GroupOptions, wanted: Wanted) -> None:
        self._relaxed, self._members, self._wanted = relaxed, members, wanted
        self._cost = relaxed.problem.cost[members.option].astype(np.float64)
        self._made = 0
        self._best, self._choice = -np.inf, None

    def choice(self, tolerance: float) -> Ints | None:
        """Options [the group's items] within every limit; None where none was found.

        Cases are split where a part of one large step is worth more than any whole quantities.
        """
        wanted = self._wanted
        loaded = self._relaxed.loads[wanted.block]
        open_ = [self._case(loaded, np.isfinite(wanted.score))]
        while open_ and self._made < CASES:
            case = heapq.heappop(open_)
            if not np.isfinite(case.minus_bound) or -case.minus_bound - self._best <= tolerance:
                break
            for allowed in self._look_into(case):
                made = self._case(self._loaded(allowed), allowed)
                if -made.minus_bound > self._best:
                    heapq.heappush(open_, made)
        return self._choice

    def _loaded(self, allowed: Flags) -> LoadedGroup:
        wanted = self._wanted
        return LoadedGroup(
            self._relaxed.problem, self._relaxed.blocks, wanted.block, self._relaxed.scores,
            0.0, allowed,
        )  # fmt: skip

    def _case(self, loaded: LoadedGroup, allowed: Flags) -> _Case:
        wanted = self._wanted
        self._made += 1
        loaded.refine(wanted.mode, wanted.price)
        table = loaded.table(np.asarray([wanted.price]))
        bound = float(table.profit[wanted.mode - 1, 0]) + loaded.paid(wanted.mode, wanted.price)
        return _Case(-bound, self._made, allowed, loaded)

    def _look_into(self, case: _Case) -> list[Flags]:
        """Try whole quantities; what its two parts allow, or nothing where no step is divided."""
        wanted, members = self._wanted, self._members
        rate, load = case.loaded.refine(wanted.mode, wanted.price)
        priced = wanted.score - (rate - wanted.price) * self._cost
        priced = priced - load * case.loaded.spans.weight[members.option]
        priced = np.where(case.allowed, priced, -np.inf)
        now = first_best(members.owner, priced)
        loss = np.maximum(priced[now][members.owner] - priced, 0.0)
        lift = wanted.weight - wanted.weight[:, now][:, members.owner]
        self._try(now, loss, lift)
        tied = loss <= TIED * float(np.abs(priced[now]).sum())
        bulk = np.where(tied, np.abs(lift[-1]), 0.0)
        step = int(bulk.argmax())
        if bulk[step] <= 0:
            return []
        item = members.owner[step]
        low = members.owner == item
        edge = max(self._cost[step], self._cost[now[item]])
        parts = [case.allowed & ~(low & (self._cost >= edge))]
        parts += [case.allowed & ~(low & (self._cost < edge))]
        return [part for part in parts if bool(part[low].any())]

    def _try(self, now: Ints, loss: Floats, lift: Floats) -> None:
        wanted, owner = self._wanted, self._members.owner
        gain = wanted.score - wanted.score[now][owner]
        spare = wanted.weight[:, now].sum(axis=1) - wanted.least
        if bool((spare >= -SLACK * np.maximum(np.abs(wanted.least), 1.0)).all()):
            changes: Ints | None = np.zeros(0, dtype=np.int64)
        else:
            changes = balanced(owner, gain, loss, lift, spare)
        if changes is None:
            return
        now = now.copy()
        now[owner[changes]] = changes
        reached = float(wanted.score[now].sum())
        if reached > self._best:
            self._best, self._choice = reached, self._members.option[now]


def first_best(owner: Ints, score: Floats) -> Ints:
    """Place of each item's best option, the first of equals."""
    first = np.flatnonzero(np.diff(owner, prepend=-1) != 0)
    best = np.maximum.reduceat(score, first)
    at_best = np.flatnonzero(score == best[owner])
    place = np.zeros(len(first), dtype=np.int64)
    place[owner[at_best][::-1]] = at_best[::-1]
    return place
