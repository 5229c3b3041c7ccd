"""What cash is worth to a plan: profit at each budget, and what every limit costs. Plain values."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class BudgetPoint:
    """One total budget; amounts in minor units of the base currency.

    `value_minor` is expected profit above buying nothing; no plan within the budget is worth more
    than `bound_minor`. `next_brings` is what one more unit of cash would bring.
    """

    budget_minor: int
    spent_minor: int
    value_minor: int
    bound_minor: int
    next_brings: float


@dataclass(frozen=True, kw_only=True)
class LimitPrice:
    """A limit of a plan, and the expected profit in minor units that one more of it would bring.

    `scope` is "total", category:PATH, supplier:CODE or room:LOCATION; `of` is what it counts:
    money in minor units, units, or litres.
    """

    scope: str
    of: Literal["money", "units", "litres"]
    limit: float
    used: float
    price: float


@dataclass(frozen=True, kw_only=True)
class ConstraintCost:
    """Expected profit in minor units that the plan would win without one constraint.

    `scope` is a limit's, "minimums" (what suppliers ask of an order) or "containers". Found by
    deciding once more without it: a plan that wins `wins_minor` is known, and none wins more than
    `at_most_minor`.
    """

    scope: str
    wins_minor: int
    at_most_minor: int


@dataclass(frozen=True, kw_only=True)
class BudgetWorth:
    points: tuple[BudgetPoint, ...]  # rising budgets, from nothing to all that pays
    limits: tuple[LimitPrice, ...]  # of the plan itself, under its own budget
    costs: tuple[ConstraintCost, ...]  # of what holds the plan back, the dearest first
