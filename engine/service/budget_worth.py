"""What another budget would buy, from what a stored run weighed; asked where computing is done."""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from engine.model.budget_worth import BudgetPoint, BudgetWorth, ConstraintCost, LimitPrice
from engine.service.reading import run_header
from engine.service.stores import Stores
from engine.service.weighed import Blobs, tables_of, weighed_in
from engine.store.blobs import BlobStore

if TYPE_CHECKING:
    from engine.replenish import Candidates
    from engine.replenish.allocate.problem import Cap, Problem
    from engine.replenish.allocate.solve import Solution
    from engine.replenish.budget_curve import BudgetCurve


def budget_worth(stores: Stores, run_id: str) -> BudgetWorth:
    """The curve of a run's value against its budget, and what each of its limits costs.

    A dozen solves of what was weighed, kept for the picture that is drawn next. Raises
    PlanningError for a run that is not there.
    """
    curve = curve_of(stores, run_id)
    rows = zip(
        curve.budget.tolist(), curve.spent.tolist(), np.floor(curve.value).tolist(),
        np.ceil(curve.bound).tolist(), curve.worth_more.tolist(), strict=True,
    )  # fmt: skip
    points = tuple(
        BudgetPoint(budget_minor=budget, spent_minor=spent, value_minor=int(value),
                    bound_minor=int(bound), next_brings=price)
        for budget, spent, value, bound, price in rows
    )  # fmt: skip
    limits, costs = _limits(stores, run_id)
    return BudgetWorth(points=points, limits=limits, costs=costs)


def forget() -> None:
    """Drop what was kept of the run asked about last."""
    _curve.cache_clear()
    _limits_of.cache_clear()


def curve_of(stores: Stores, run_id: str) -> "BudgetCurve":
    """Profit against budget over what the run weighed; shared, nobody writes into it."""
    return _curve(stores.blobs, tables_of(run_header(stores, run_id)))


@lru_cache(maxsize=1)
def _curve(blobs: BlobStore, named: Blobs) -> "BudgetCurve":
    from engine.replenish.budget_curve import budget_curve

    return budget_curve(weighed_in(blobs, named).candidates)


def _limits(
    stores: Stores, run_id: str
) -> tuple[tuple[LimitPrice, ...], tuple[ConstraintCost, ...]]:
    """Every limit of the plan under its own budget, and what those that hold it back cost."""
    run = run_header(stores, run_id)
    return _limits_of(stores.blobs, tables_of(run), run.budget_minor)


@lru_cache(maxsize=1)
def _limits_of(
    blobs: BlobStore, named: Blobs, budget_minor: int | None
) -> tuple[tuple[LimitPrice, ...], tuple[ConstraintCost, ...]]:
    from engine.replenish.compose import allocate
    from engine.replenish.limit_costs import limit_costs
    from engine.replenish.pose import problem_of

    kept = weighed_in(blobs, named)
    found = allocate(kept.candidates, budget_minor, kept.unlimited).solution
    problem = problem_of(kept.candidates, budget_minor)
    prices = [
        _limit(problem, cap, kept.candidates, found, price)
        for cap, price in zip(problem.caps, found.price.tolist(), strict=True)
    ]
    costs = tuple(
        ConstraintCost(
            scope=each.scope,
            wins_minor=int(np.floor(each.at_least)),
            at_most_minor=int(np.ceil(each.at_most)),
        )
        for each in limit_costs(
            problem, found, kept.unlimited.solution.choice, kept.unlimited.steps
        )
    )
    return tuple(sorted(prices, key=lambda each: (each.of, -each.price, each.scope))), costs


def _limit(
    problem: "Problem", cap: "Cap", candidates: "Candidates", found: "Solution", price: float
) -> LimitPrice:
    weight = problem.cost if cap.weight is None else cap.weight
    used = float(weight[found.choice][cap.member].sum())
    if cap.weight is None:
        return LimitPrice(scope=cap.scope, of="money", limit=cap.limit, used=used, price=price)
    is_units = np.array_equal(cap.weight, candidates.units)
    of = "units" if is_units else "litres"
    return LimitPrice(scope=cap.scope, of=of, limit=cap.limit, used=used, price=price)
