"""HiGHS through scipy's `milp` on an allocation instance."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.allocation.instance import Instance

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class PeerResult:
    """`choice` is None where nothing but "buy nothing" was found; infinite gap then."""

    value: float
    bound: float
    choice: Ints | None = field(repr=False)

    @property
    def gap(self) -> float:
        return (self.bound - self.value) / self.value if self.value > 0 else float("inf")


def solve_with_highs(instance: Instance, seconds: float) -> PeerResult:
    """One binary per option but "nothing", one per supplier, whole numbers of containers.

    HiGHS takes its own number of threads, at most half the cores; scipy does not pass one on.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows = _Rows(instance)
    matrix, lower, upper = rows.constraints()
    cost = np.concatenate([-instance.value[rows.option], np.zeros(rows.suppliers), instance.fee])
    most = np.concatenate([np.ones(len(rows.option) + rows.suppliers), rows.most_containers()])
    result: Any = milp(
        cost,
        constraints=LinearConstraint(matrix, lower, upper),
        integrality=np.ones(len(cost)),
        bounds=Bounds(np.zeros(len(cost)), most),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    bound = -float(result.mip_dual_bound) if result.mip_dual_bound is not None else float("inf")
    if result.x is None:
        return PeerResult(value=0.0, bound=bound, choice=None)
    return PeerResult(value=-float(result.fun), bound=bound, choice=rows.choice(result.x))


class _Rows:
    """The constraints of an instance as rows over options, suppliers and containers."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.option = np.setdiff1d(np.arange(len(instance.cost)), instance.first[:-1])
        self.suppliers = len(instance.minimum)
        self._parts: list[tuple[Any, Any, Any]] = []
        self._lower: list[Floats] = []
        self._upper: list[Floats] = []
        self._rows = 0

    def constraints(self) -> tuple[Any, Floats, Floats]:
        from scipy.sparse import csc_array

        self._items()
        self._budget()
        self._minimums()
        self._volumes()
        self._pools()
        row, column, amount = (np.concatenate(each) for each in zip(*self._parts, strict=True))
        shape = (self._rows, len(self.option) + 2 * self.suppliers)
        matrix = csc_array((amount, (row, column)), shape=shape)
        return matrix, np.concatenate(self._lower), np.concatenate(self._upper)

    def most_containers(self) -> Floats:
        """Per supplier, so many that anything fits."""
        instance = self.instance
        most = np.maximum.reduceat(instance.volume, instance.first[:-1])
        reach = np.bincount(instance.supplier, weights=most, minlength=self.suppliers)
        boxed = instance.size > 0
        return np.where(boxed, np.ceil(reach / np.where(boxed, instance.size, 1.0)), 0.0)

    def choice(self, values: Floats) -> Ints:
        taken = self.option[values[: len(self.option)] > 0.5]
        choice = self.instance.first[:-1].copy()
        choice[self.instance.owner[taken]] = taken
        return choice

    def _add(self, count: int, parts: list[tuple[Any, Any, Any]], low: float, high: float) -> None:
        for row, column, amount in parts:
            where = np.broadcast_to(np.asarray(row), np.shape(column)) + self._rows
            self._parts.append((where, column, np.broadcast_to(amount, np.shape(column))))
        self._lower.append(np.full(count, low))
        self._upper.append(np.full(count, high))
        self._rows += count

    def _items(self) -> None:
        """At most one option each; a purchase needs its supplier."""
        instance, columns = self.instance, np.arange(len(self.option))
        owner = instance.owner[self.option]
        self._add(instance.items, [(owner, columns, 1.0)], -np.inf, 1.0)
        bought = instance.units[self.option] > 0
        used = [(owner[bought], columns[bought], 1.0)]
        used += [(np.arange(instance.items), len(self.option) + instance.supplier, -1.0)]
        self._add(instance.items, used, -np.inf, 0.0)

    def _budget(self) -> None:
        instance = self.instance
        columns = np.arange(len(self.option))
        fees = len(self.option) + self.suppliers + np.arange(self.suppliers)
        cash = instance.cost[self.option].astype(np.float64)
        parts = [(0, columns, cash), (0, fees, instance.fee.astype(np.float64))]
        self._add(1, parts, -np.inf, float(instance.budget))

    def _minimums(self) -> None:
        instance, columns = self.instance, np.arange(len(self.option))
        paid = np.where(instance.units > 0, instance.cost - instance.freight, 0)[self.option]
        supplier = instance.supplier[instance.owner[self.option]]
        used = len(self.option) + np.arange(self.suppliers)
        parts = [(supplier, columns, paid.astype(np.float64))]
        parts += [(np.arange(self.suppliers), used, -instance.minimum)]
        self._add(self.suppliers, parts, 0.0, np.inf)

    def _volumes(self) -> None:
        instance, columns = self.instance, np.arange(len(self.option))
        volume = instance.volume[self.option]
        if np.isfinite(instance.volume_cap):
            self._add(1, [(0, columns, volume)], -np.inf, instance.volume_cap)
        supplier = instance.supplier[instance.owner[self.option]]
        boxed = instance.size[supplier] > 0
        if not boxed.any():
            return
        shipped = (supplier[boxed], columns[boxed], volume[boxed])
        number = len(self.option) + self.suppliers + np.arange(self.suppliers)
        every = np.arange(self.suppliers)
        full, least = instance.size, instance.fill * instance.size
        self._add(self.suppliers, [shipped, (every, number, -full)], -np.inf, 0.0)
        self._add(self.suppliers, [shipped, (every, number, -least)], 0.0, np.inf)

    def _pools(self) -> None:
        pool = self.instance.pool[self.option]
        moves = np.flatnonzero(pool >= 0)
        if len(moves):
            drawn = (pool[moves], moves, self.instance.draw[self.option][moves])
            self._add(self.instance.pools, [drawn], -np.inf, 0.0)
