"""The best use of a budget: priced cash, groups switched, remainders filled, small cases exact."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.exact import improve_exactly
from engine.replenish.allocate.fill import fill
from engine.replenish.allocate.hull import Steps, hull_steps
from engine.replenish.allocate.prices import price_caps
from engine.replenish.allocate.problem import Ints, Multipliers, Problem
from engine.replenish.allocate.switch import choose_groups

ROUNDING = 1e-7  # share of a value by which sums over all items may miss it


@dataclass(frozen=True, kw_only=True)
class Solution:
    """`choice` [item] of options; no feasible choice is worth more than `bound`.

    The bound holds for the quantities offered as options, not for those between them.
    """

    choice: Ints = field(repr=False)
    value: float
    bound: float
    multipliers: Multipliers = field(repr=False)

    @property
    def gap(self) -> float:
        return (self.bound - self.value) / max(self.value, 1.0)


def solve(
    problem: Problem,
    *,
    steps: Steps | None = None,
    start: Ints | None = None,
    guess: float | None = None,
) -> Solution:
    """Maximise value within caps and minimums.

    Lagrangian relaxation prices each cap; at those prices every item takes its best quantity and
    every group reaches its minimum by what loses least, or stays out (a knapsack relaxation per
    group; Fisher, 1981, The Lagrangian relaxation method for solving integer programming
    problems). Groups then offer whole quantities around those prices, a knapsack picks among
    the offers, and cash left over goes where it earns most. What the bound leaves open on a
    small problem is searched through. `start` is a feasible choice that the result must not
    fall below. `steps` and `guess` (the price of the first cap) save work where a problem differs
    by its caps alone from one solved before.
    """
    if not problem.items:
        none = Multipliers(
            price=np.zeros(len(problem.caps)), reward=np.zeros((len(problem.minimums), 0))
        )
        return Solution(choice=problem.nothing(), value=0.0, bound=0.0, multipliers=none)
    steps = hull_steps(problem) if steps is None else steps
    priced = price_caps(problem, steps, guess)
    starts = [choose_groups(problem, steps, priced.price)] + ([] if start is None else [start])
    best = max((fill(problem, each) for each in starts), key=problem.worth)
    if priced.bound > problem.worth(best):
        best = improve_exactly(problem, best, priced.multipliers, priced.bound)
    value = problem.worth(best)
    return Solution(
        choice=best,
        value=value,
        bound=checked_bound(priced.bound, value),
        multipliers=priced.multipliers,
    )


def checked_bound(bound: float, value: float) -> float:
    """`bound`, at least `value`: sums taken in another order may differ by their rounding.

    Raises ArithmeticError where they differ by more: a bound below what was found is wrong.
    """
    if value > bound + ROUNDING * max(abs(value), 1.0):
        raise ArithmeticError(
            f"A plan is worth {value!r}, above the bound {bound!r} that no plan should exceed. "
            "This is an error in the allocation; report it with the run's stored candidates."
        )
    return max(bound, value)
