"""Another quantity of one item in place of the one decided: what it gains, loses and costs."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Change:
    """From the quantity decided to another one. Amounts are minor units of the base currency.

    `value_minor` is what the expected profit gains (loses where negative), `cost_minor` what it
    takes more of cash (frees where negative).
    """

    units: int  # of the other quantity
    by_units: int
    value_minor: float
    cost_minor: int

    @property
    def rate(self) -> float:
        """Profit per unit of cash of the difference; 0 where it moves no cash."""
        return self.value_minor / self.cost_minor if self.cost_minor else 0.0


@dataclass(frozen=True, kw_only=True)
class Quantities:
    """The quantities of one item that were weighed, rising from nothing; axis [option]."""

    units: Ints = field(repr=False)
    cost_minor: Ints = field(repr=False)
    value: Floats = field(repr=False)  # minor units, above buying nothing

    def at(self, units: int) -> int:
        """Position of the largest quantity of at most so many units."""
        return int(np.searchsorted(self.units, units, side="right")) - 1

    def change(self, decided: int, other: int) -> Change:
        """Both are positions."""
        return Change(
            units=int(self.units[other]),
            by_units=int(self.units[other] - self.units[decided]),
            value_minor=float(self.value[other] - self.value[decided]),
            cost_minor=int(self.cost_minor[other] - self.cost_minor[decided]),
        )

    def more(self, units: int) -> Change | None:
        """The next larger quantity; None where no larger one was worth weighing."""
        decided = self.at(units)
        return self.change(decided, decided + 1) if decided + 1 < len(self.units) else None

    def less(self, units: int) -> Change | None:
        """The next smaller quantity, which may be nothing; None where nothing is decided."""
        decided = self.at(units)
        return self.change(decided, decided - 1) if decided > 0 else None

    def instead(self, units: int, other: int) -> Change | None:
        """A quantity that somebody names; None where it was not among those weighed."""
        named = self.at(other)
        return self.change(self.at(units), named) if int(self.units[named]) == other else None
