"""CP-SAT on an allocation instance: the same rows as HiGHS gets, in whole numbers."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evals.allocation.highs import PeerResult
from evals.allocation.instance import Instance

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, LinearExprT

Ints = NDArray[np.int64]

VALUES = 10  # parts of a minor unit
VOLUMES = 1_000  # parts of a volume unit; rounded so that what fits here fits there
WORKERS = 2


def solve_with_cp_sat(instance: Instance, seconds: float) -> PeerResult:
    """Values to a tenth of a minor unit, volumes to a thousandth."""
    from ortools.sat.python import cp_model

    model: Any = cp_model.CpModel()
    build = _Build(instance, model)
    build.rows()
    solver: Any = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = WORKERS
    status = solver.solve(model)
    bound = float(solver.best_objective_bound) / VALUES
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return PeerResult(value=0.0, bound=bound, choice=None)
    taken = np.asarray(solver.boolean_values(build.take))
    choice = instance.first[:-1].copy()
    chosen = build.option[taken]
    choice[instance.owner[chosen]] = chosen
    return PeerResult(value=float(solver.objective_value) / VALUES, bound=bound, choice=choice)


class _Build:
    def __init__(self, instance: Instance, model: "CpModel") -> None:
        import pandas as pd

        self._instance, self._model = instance, model
        self.option = np.setdiff1d(np.arange(len(instance.cost)), instance.first[:-1])
        self.suppliers = len(instance.minimum)
        self.take: Any = model.new_bool_var_series("take", pd.RangeIndex(len(self.option)))
        self._use = [model.new_bool_var(f"use{s}") for s in range(self.suppliers)]
        self._boxes: dict[int, Any] = {
            int(s): model.new_int_var(0, 10_000, f"boxes{s}")
            for s in np.flatnonzero(instance.size > 0)
        }

    def rows(self) -> None:
        self._items()
        self._suppliers()
        self._totals()
        self._pools()

    def _sum(self, rows: Ints, weight: Ints) -> "LinearExprT":
        from ortools.sat.python import cp_model

        terms = self.take.to_numpy()[rows]
        return cp_model.LinearExpr.weighted_sum(terms.tolist(), weight.tolist())

    def _items(self) -> None:
        take, owner = self.take.to_numpy(), self._instance.owner[self.option]
        edges = np.searchsorted(owner, np.arange(self._instance.items + 1))
        bought = self._instance.units[self.option] > 0
        for item, (start, end) in enumerate(pairwise(edges)):
            if start == end:
                continue
            self._model.add_at_most_one(take[start:end].tolist())
            use = self._use[int(self._instance.supplier[item])]
            for each in take[start:end][bought[start:end]].tolist():
                self._model.add_implication(each, use)

    def _suppliers(self) -> None:
        instance = self._instance
        supplier = instance.supplier[instance.owner[self.option]]
        paid = np.where(instance.units > 0, instance.cost - instance.freight, 0)[self.option]
        least = np.ceil(instance.minimum).astype(np.int64)
        for s in range(self.suppliers):
            mine = np.flatnonzero(supplier == s)
            self._model.add(self._sum(mine, paid[mine]) >= int(least[s]) * self._use[s])
            if s in self._boxes:
                self._containers(s, mine)

    def _containers(self, supplier: int, mine: Ints) -> None:
        volume = self._instance.volume[self.option[mine]] * VOLUMES
        size = float(self._instance.size[supplier]) * VOLUMES
        number = self._boxes[supplier]
        up, down = np.ceil(volume).astype(np.int64), np.floor(volume).astype(np.int64)
        self._model.add(self._sum(mine, up) <= int(size) * number)
        least = int(np.ceil(size * float(self._instance.fill[supplier])))
        self._model.add(self._sum(mine, down) >= least * number)

    def _totals(self) -> None:
        instance, every = self._instance, np.arange(len(self.option))
        fees = sum(int(instance.fee[s]) * box for s, box in self._boxes.items())
        spent = self._sum(every, instance.cost[self.option])
        self._model.add(spent + fees <= int(instance.budget))
        if np.isfinite(instance.volume_cap):
            volume = np.ceil(instance.volume[self.option] * VOLUMES).astype(np.int64)
            self._model.add(self._sum(every, volume) <= int(instance.volume_cap * VOLUMES))
        value = np.rint(instance.value[self.option] * VALUES).astype(np.int64)
        self._model.maximize(self._sum(every, value) - VALUES * fees)

    def _pools(self) -> None:
        pool = self._instance.pool[self.option]
        order = np.argsort(pool, kind="stable")
        edges = np.searchsorted(pool[order], np.arange(self._instance.pools + 1))
        draw = np.rint(self._instance.draw[self.option]).astype(np.int64)
        for start, end in pairwise(edges):
            rows = order[start:end]
            self._model.add(self._sum(rows, draw[rows]) <= 0)
