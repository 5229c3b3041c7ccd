"""The allocation instances: seeded, with the same value tables for everyone who solves them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One quantity (option) per item; `first` [item + 1] cuts the [option] arrays into items.

    An item's first option is to do nothing. Costs and values are in minor units. Whoever buys
    from a supplier spends at least its `minimum` with it, freight aside. The rest is used only
    where `coupled`: the volume of all purchases is capped; some suppliers ship in containers of
    `size`, of which each one begun costs `fee` (cash, and off the value) and all begun are at
    least `fill` full; options may move stock: `draw` units out of a `pool` (below 0: into it),
    whose sum is at most 0.
    """

    first: Ints = field(repr=False)
    units: Ints = field(repr=False)  # [option] bought
    cost: Ints = field(repr=False)
    value: Floats = field(repr=False)
    volume: Floats = field(repr=False)
    supplier: Ints = field(repr=False)  # [item]
    minimum: Floats = field(repr=False)  # [supplier] minor units
    budget: int
    freight: Ints = field(repr=False)  # [option] part of `cost` that is paid to a haulier
    pool: Ints = field(repr=False)  # [option]; -1: moves nothing
    draw: Floats = field(repr=False)
    pools: int
    size: Floats = field(repr=False)  # [supplier]; 0: no containers
    fee: Ints = field(repr=False)
    fill: Floats = field(repr=False)
    volume_cap: float  # infinite: none

    @property
    def items(self) -> int:
        return len(self.first) - 1

    @property
    def owner(self) -> Ints:
        """The item of each option."""
        return np.repeat(np.arange(self.items), np.diff(self.first))

    def spend(self, choice: Ints) -> Floats:
        """Per supplier, containers and freight not counted."""
        cost = (self.cost - self.freight)[choice].astype(np.float64)
        return np.bincount(self.supplier, weights=cost, minlength=len(self.minimum))

    def unconstrained(self) -> Ints:
        """The best option of each item by itself."""
        best = np.maximum.reduceat(self.value, self.first[:-1])
        at_best = np.flatnonzero(self.value == best[self.owner])
        choice = np.zeros(self.items, dtype=np.int64)
        choice[self.owner[at_best][::-1]] = at_best[::-1]
        return choice
