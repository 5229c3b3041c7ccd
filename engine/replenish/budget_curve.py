"""What a budget is worth: expected profit against cash, with its certified upper bound."""

from dataclasses import dataclass, field

import numpy as np

from engine.model.money import exponent
from engine.replenish.allocate.hull import hull_steps
from engine.replenish.allocate.problem import Floats, Ints, Problem
from engine.replenish.allocate.solve import solve
from engine.replenish.candidates import Candidates
from engine.replenish.pose import problem_of

# Shares of what would be spent without a budget; closer where a little cash does most.
SHARES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, kw_only=True)
class BudgetCurve:
    """Arrays [point], rising budgets; amounts in minor units of the base currency.

    `value` is expected profit above buying nothing, never falling; no plan within the budget is
    worth more than `bound`. `worth_more` is what one more minor unit of cash would bring.
    """

    currency: str
    scale: int  # minor units of a unit of the currency
    budget: Ints = field(repr=False)
    spent: Ints = field(repr=False)
    value: Floats = field(repr=False)
    bound: Floats = field(repr=False)
    worth_more: Floats = field(repr=False)


def budget_curve(candidates: Candidates, shares: tuple[float, ...] = SHARES) -> BudgetCurve:
    """Solve for shares of what would be spent without a total budget; other limits hold.

    What fits a smaller budget fits a larger one, so each solution starts from the one before.
    """
    free_problem = problem_of(candidates, None)
    cost = free_problem.cost.astype(np.float64)
    every = np.arange(len(cost))
    steps = hull_steps(free_problem.owner, every, cost, free_problem.value)
    everything = solve(free_problem, steps=steps)
    most = int(candidates.cost_minor[everything.choice].sum()) + everything.fees
    rows: list[tuple[int, int, float, float, float]] = []
    choice: Ints | None = None
    for share in sorted(shares):
        budget = int(np.ceil(share * most))
        start = choice if share < 1 else _better(free_problem, choice, everything.choice)
        found = solve(problem_of(candidates, budget), steps=steps, start=start)
        choice = found.choice
        spent = int(candidates.cost_minor[choice].sum()) + found.fees
        rows.append((budget, spent, found.value, found.bound, float(found.price[0])))
    budgets, spent, value, bound, price = (np.asarray(each) for each in zip(*rows, strict=True))
    return BudgetCurve(
        currency=candidates.currency,
        scale=10 ** exponent(candidates.currency),
        budget=budgets.astype(np.int64),
        spent=spent.astype(np.int64),
        value=value,
        # A bound on a larger budget bounds a smaller one as well.
        bound=np.minimum.accumulate(bound[::-1])[::-1],
        worth_more=price,
    )


def _better(problem: Problem, one: Ints | None, other: Ints) -> Ints:
    return other if one is None or problem.worth(other) >= problem.worth(one) else one
