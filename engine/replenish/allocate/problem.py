"""The budget decision as arrays: one quantity per item, caps on cash, minimums per supplier."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SLACK = 1e-9  # by which sums of weights may miss a minimum through rounding


@dataclass(frozen=True, kw_only=True)
class Cap:
    """The items in `member` [item] together may cost at most `minor`."""

    scope: str
    minor: int
    member: Flags = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Minimum:
    """If anything of a group is bought, its weights add up to at least `least` [group].

    `weight` [option] is the cost, the units or the volume; `least` is 0 where there is none.
    """

    kind: str
    weight: Floats = field(repr=False)
    least: Floats = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Maximise the value of one option per item.

    `first` [item + 1] cuts the option arrays into items; an item's first option is to buy
    nothing. `cost` is in minor units, `value` likewise with fractions; `group` [item] is the
    purchase order an item would be on.
    """

    first: Ints = field(repr=False)
    cost: Ints = field(repr=False)
    value: Floats = field(repr=False)
    group: Ints = field(repr=False)
    caps: Sequence[Cap]
    minimums: Sequence[Minimum]

    @property
    def items(self) -> int:
        return len(self.first) - 1

    @property
    def groups(self) -> int:
        return int(self.group.max(initial=-1)) + 1

    @property
    def owner(self) -> Ints:
        """The item of each option."""
        return np.repeat(np.arange(self.items), np.diff(self.first))

    @property
    def has_minimum(self) -> Flags:
        """Groups that are all or nothing below a minimum."""
        found = np.zeros(self.groups, dtype=np.bool_)
        for minimum in self.minimums:
            found |= minimum.least > 0
        return found

    def nothing(self) -> Ints:
        """The choice of buying nothing, as option indices [item]."""
        return self.first[:-1].copy()

    def worth(self, choice: Ints) -> float:
        return float(self.value[choice].sum())

    def spent(self, choice: Ints) -> list[int]:
        """Cash per cap."""
        cost = self.cost[choice]
        return [int(cost[cap.member].sum()) for cap in self.caps]

    def is_feasible(self, choice: Ints) -> bool:
        """Within every cap, and every group either empty or at its minimums."""
        if any(s > cap.minor for s, cap in zip(self.spent(choice), self.caps, strict=True)):
            return False
        used = self.in_use(choice)
        return all(
            bool(np.all(~used | (weights >= minimum.least - SLACK)))
            for weights, minimum in zip(self.weights(choice), self.minimums, strict=True)
        )

    def in_use(self, choice: Ints) -> Flags:
        """Groups of which anything is bought."""
        return self.by_group(self.group, choice > self.first[:-1]) > 0

    def by_group(self, group: Ints, amounts: Floats | Flags) -> Floats:
        """Sums of `amounts` over the groups in `group`, which is aligned with them."""
        sums = np.bincount(group, weights=amounts, minlength=self.groups)
        return sums.astype(np.float64)

    def weights(self, choice: Ints) -> list[Floats]:
        """Per minimum, the weight of each group."""
        return [self.by_group(self.group, minimum.weight[choice]) for minimum in self.minimums]


@dataclass(frozen=True, kw_only=True)
class Multipliers:
    """What the relaxation charges for cash and pays towards minimums; all at least 0.

    `price` [cap] is value per minor unit of cash; `reward` [minimum, group] is value per unit of
    weight.
    """

    price: Floats
    reward: Floats = field(repr=False)


def item_prices(problem: Problem, price: Floats) -> Floats:
    """Value that one minor unit of each item's cost must bring: its caps' prices together."""
    total = np.zeros(problem.items)
    for cap, each in zip(problem.caps, price, strict=True):
        total[cap.member] += each
    return total


def upper_bound(problem: Problem, multipliers: Multipliers) -> float:
    """No feasible choice is worth more, whatever the multipliers (Lagrangian relaxation).

    Caps and minimums are priced instead of kept; each group then takes its best options, or
    nothing if that is worth more. Anyone can recompute it from the multipliers.
    """
    score = problem.value - np.repeat(
        item_prices(problem, multipliers.price), np.diff(problem.first)
    ) * problem.cost.astype(np.float64)
    owed = np.zeros(problem.groups)
    group_of_option = problem.group[problem.owner]
    for minimum, reward in zip(problem.minimums, multipliers.reward, strict=True):
        score += reward[group_of_option] * minimum.weight
        owed += reward * minimum.least
    best = np.maximum.reduceat(score, problem.first[:-1]) if problem.items else np.zeros(0)
    groups = problem.by_group(problem.group, best) - owed
    capped = sum(
        float(each) * max(cap.minor, 0)
        for cap, each in zip(problem.caps, multipliers.price, strict=True)
    )
    return float(np.maximum(groups, 0.0).sum()) + capped
