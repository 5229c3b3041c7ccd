"""The budget decision as arrays: one option per item, caps, and what an order must reach."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SLACK = 1e-9  # by which sums of weights may miss a limit through rounding, relative above 1


@dataclass(frozen=True, kw_only=True)
class Cap:
    """The items in `member` [item] together may use at most `limit`.

    What an option uses is its `weight` [option] (volume, units), or its cost where that is None;
    `limit` is then in minor units.
    """

    scope: str
    limit: float
    member: Flags = field(repr=False)
    weight: Floats | None = field(repr=False, default=None)


@dataclass(frozen=True, kw_only=True)
class Minimum:
    """If anything of a group is bought, its weights add up to at least `least` [group].

    `weight` [option] is the cost, the units or the volume; `least` is 0 where there is none.
    """

    kind: str
    weight: Floats = field(repr=False)
    least: Floats = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Containers:
    """Groups that ship in containers of `size` [group] (0: none), each begun costing `fee`.

    Fees are minor units of cash, and off the value. All that are begun together are at least
    `fill` [group] full. `weight` [option] is the volume.
    """

    weight: Floats = field(repr=False)
    size: Floats = field(repr=False)
    fee: Ints = field(repr=False)
    fill: Floats = field(repr=False)

    def begun(self, volume: Floats) -> Ints:
        """Containers needed per group; what is a rounding error too full still fits."""
        size = np.where(self.size > 0, self.size, np.inf)
        return np.ceil(volume / size - SLACK).astype(np.int64)


@dataclass(frozen=True, kw_only=True)
class Pools:
    """Stock that options move: `draw` [option] out of `pool` [option] (below 0: into it).

    A pool is -1 where an option moves nothing. What is drawn sums up to at most 0 per pool.
    """

    pool: Ints = field(repr=False)
    draw: Floats = field(repr=False)
    count: int

    def balance(self, choice: Ints) -> Floats:
        """What is drawn more than given, [pool]."""
        moves = choice[self.pool[choice] >= 0]
        drawn = np.bincount(self.pool[moves], weights=self.draw[moves], minlength=self.count)
        return drawn.astype(np.float64)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Maximise the value of one option per item.

    `first` [item + 1] cuts the option arrays into items; an item's first option is to do
    nothing. `cost` is in minor units, `value` likewise with fractions; `group` [item] is the
    purchase order an item would be on. `idle` [option] options buy nothing (they may move stock);
    None: only the first of each item.
    """

    first: Ints = field(repr=False)
    cost: Ints = field(repr=False)
    value: Floats = field(repr=False)
    group: Ints = field(repr=False)
    caps: Sequence[Cap]
    minimums: Sequence[Minimum]
    idle: Flags | None = field(repr=False, default=None)
    containers: Containers | None = None
    pools: Pools | None = None

    @property
    def items(self) -> int:
        return len(self.first) - 1

    @cached_property
    def groups(self) -> int:
        return int(self.group.max(initial=-1)) + 1

    @cached_property
    def owner(self) -> Ints:
        """The item of each option."""
        return np.repeat(np.arange(self.items), np.diff(self.first))

    @cached_property
    def buys(self) -> Flags:
        """Options that put something on the purchase order."""
        if self.idle is not None:
            return ~self.idle
        buys = np.ones(len(self.cost), dtype=np.bool_)
        buys[self.first[:-1]] = False
        return buys

    @cached_property
    def has_minimum(self) -> Flags:
        """Groups that are all or nothing below a minimum."""
        found = np.zeros(self.groups, dtype=np.bool_)
        for minimum in self.minimums:
            found |= minimum.least > 0
        return found

    @cached_property
    def boxed(self) -> Flags:
        """Groups that ship in containers."""
        if self.containers is None:
            return np.zeros(self.groups, dtype=np.bool_)
        return self.containers.size > 0

    def nothing(self) -> Ints:
        """The choice of buying nothing, as option indices [item]."""
        return self.first[:-1].copy()

    def worth(self, choice: Ints) -> float:
        return float(self.value[choice].sum()) - float(self.fees(choice).sum())

    def fees(self, choice: Ints) -> Ints:
        """Container fees per group, minor units."""
        if self.containers is None:
            return np.zeros(self.groups, dtype=np.int64)
        volume = self.by_group(self.group, self.containers.weight[choice])
        return self.containers.begun(volume) * self.containers.fee

    def use(self, cap: Cap) -> Floats | Ints:
        """What each option uses of a cap that its item belongs to."""
        return self.cost if cap.weight is None else cap.weight

    def charged(self, cap: Cap) -> Flags:
        """Groups whose container fees count towards a cap: cash caps on all their items."""
        if cap.weight is not None:
            return np.zeros(self.groups, dtype=np.bool_)
        return self.by_group(self.group, ~cap.member) == 0

    def spent(self, choice: Ints) -> list[float]:
        """What is used of each cap, container fees included."""
        fees = self.fees(choice)
        return [
            float(self.use(cap)[choice][cap.member].sum()) + float(fees[self.charged(cap)].sum())
            for cap in self.caps
        ]

    def is_feasible(self, choice: Ints) -> bool:
        """Within every cap and pool, every group either empty or at its minimums and filled."""
        limits = [allowed(cap) for cap in self.caps]
        if any(s > limit for s, limit in zip(self.spent(choice), limits, strict=True)):
            return False
        if self.pools is not None and bool((self.pools.balance(choice) > SLACK).any()):
            return False
        used = self.in_use(choice)
        reached = all(
            bool(np.all(~used | (weights >= minimum.least - slack(minimum.least))))
            for weights, minimum in zip(self.weights(choice), self.minimums, strict=True)
        )
        return reached and bool(self.is_filled(choice).all())

    def is_filled(self, choice: Ints) -> Flags:
        """Groups whose containers begun are as full as they must be."""
        boxes = self.containers
        if boxes is None:
            return np.ones(self.groups, dtype=np.bool_)
        volume = self.by_group(self.group, boxes.weight[choice])
        least = boxes.begun(volume) * boxes.size * boxes.fill
        return volume >= least - slack(least)

    def in_use(self, choice: Ints) -> Flags:
        """Groups of which anything is bought."""
        return self.by_group(self.group, self.buys[choice]) > 0

    def by_group(self, group: Ints, amounts: Floats | Flags) -> Floats:
        """Sums of `amounts` over the groups in `group`, which is aligned with them."""
        sums = np.bincount(group, weights=amounts, minlength=self.groups)
        return sums.astype(np.float64)

    def weights(self, choice: Ints) -> list[Floats]:
        """Per minimum, the weight of each group."""
        return [self.by_group(self.group, minimum.weight[choice]) for minimum in self.minimums]


def slack(amount: Floats) -> Floats:
    """How far a sum of weights may fall short of `amount` through rounding."""
    return SLACK * np.maximum(np.abs(amount), 1.0)


def allowed(cap: Cap) -> float:
    """What may be used of a cap: cash to the minor unit, weights but for their rounding."""
    return cap.limit if cap.weight is None else cap.limit + SLACK * max(abs(cap.limit), 1.0)
