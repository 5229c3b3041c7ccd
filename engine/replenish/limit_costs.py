"""What each constraint of a plan costs: the same decision once more without it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.replenish.allocate.hull import Steps
from engine.replenish.allocate.problem import Ints, Problem, allowed
from engine.replenish.allocate.solve import Solution, solve

MINIMUMS, CONTAINERS = "minimums", "containers"
MOST_CAPS = 12  # dearest ones looked at; each costs a decision, a second at 30,000 items


@dataclass(frozen=True, kw_only=True)
class LimitCost:
    """Expected profit, minor units, that the plan would win without one constraint.

    `scope` is a cap's, "minimums" (all that suppliers ask of an order) or "containers" (their
    freight and how full they must be). A plan without it wins `at_least`, by one that was found,
    and no plan wins more than `at_most`.
    """

    scope: str
    at_least: float
    at_most: float


def limit_costs(
    problem: Problem, found: Solution, free: Ints, steps: Steps
) -> tuple[LimitCost, ...]:
    """Of every constraint that holds the plan back, the dearest first.

    The plan itself is where each decision begins, so no cost is below nothing. `free` is what
    would be bought without any cap: one that it keeps to, and that charges nothing at the plan's
    prices, is left out. `steps` are the problem's own hull of cost and value.
    """
    costs: list[LimitCost] = []
    for scope, without in _without_each(problem, found, free):
        better = solve(without, steps=steps, start=found.choice)
        at_most = max(better.bound, better.value) - found.value
        costs.append(LimitCost(scope=scope, at_least=better.value - found.value, at_most=at_most))
    return tuple(sorted(costs, key=lambda each: (-each.at_least, each.scope)))


def _without_each(problem: Problem, found: Solution, free: Ints) -> Iterator[tuple[str, Problem]]:
    over = [
        spent > allowed(cap) for cap, spent in zip(problem.caps, problem.spent(free), strict=True)
    ]
    binding = np.flatnonzero((found.price > 0) | np.asarray(over, dtype=np.bool_))
    dearest = binding[np.argsort(-found.price[binding], kind="stable")[:MOST_CAPS]]
    for place in sorted(dearest.tolist()):
        caps = [cap for k, cap in enumerate(problem.caps) if k != place]
        yield problem.caps[place].scope, replace(problem, caps=caps)
    if problem.has_minimum.any():
        yield MINIMUMS, replace(problem, minimums=())
    if problem.boxed.any():
        yield CONTAINERS, replace(problem, containers=None)
