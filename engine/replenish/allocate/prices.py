"""The price of cash at which what is wanted fits the caps."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.hull import Steps
from engine.replenish.allocate.problem import (
    Flags,
    Floats,
    Multipliers,
    Problem,
    item_prices,
    upper_bound,
)
from engine.replenish.allocate.respond import as_choice, respond

ROUNDS = 4  # passes over the caps; one is enough where there is only one
PRECISION = 1e-7  # of a price; the bound is flat there, so its own error is far smaller


@dataclass(frozen=True, kw_only=True)
class Priced:
    """Prices at which what is wanted just fits the caps, and the best bound they certify."""

    price: Floats  # [cap]
    multipliers: Multipliers = field(repr=False)
    bound: float


def price_caps(problem: Problem, steps: Steps, forced: Flags | None = None) -> Priced:
    """Prices by bisection, each cap in turn given the others, the widest cap last.

    The dual function is convex in the prices; for a single cap bisection finds its minimum, for
    several the passes come close. Either way the bound is valid.
    """
    price = np.zeros(len(problem.caps))
    by_width = sorted(range(len(problem.caps)), key=lambda k: int(problem.caps[k].member.sum()))
    best = _multipliers(problem, steps, price)
    bound = upper_bound(problem, best)
    for _ in range(ROUNDS if len(problem.caps) > 1 else 1):
        start = price.copy()
        for k in by_width:
            low, high = _bracket(problem, steps, price, k, forced)
            for each in (low, high):
                price[k] = each
                found = _multipliers(problem, steps, price)
                value = upper_bound(problem, found)
                if value < bound:
                    bound, best = value, found
        if np.allclose(start, price, rtol=1e-6, atol=0.0):
            break
    return Priced(price=price, multipliers=best, bound=bound)


def _multipliers(problem: Problem, steps: Steps, price: Floats) -> Multipliers:
    reply = respond(problem, steps, item_prices(problem, price))
    return Multipliers(price=price.copy(), reward=reply.reward)


def _spend(problem: Problem, steps: Steps, price: Floats, k: int, forced: Flags | None) -> float:
    """Cash of cap k in the reply to these prices, divided steps included."""
    reply = respond(problem, steps, item_prices(problem, price), forced)
    cap = problem.caps[k]
    whole = problem.cost[as_choice(problem, steps, reply.taken)][cap.member].sum()
    # A divided step counts towards the caps that cover its whole group.
    covered = problem.by_group(problem.group, ~cap.member) == 0
    return float(whole) + float(reply.part_cost[covered].sum())


def _bracket(
    problem: Problem, steps: Steps, price: Floats, k: int, forced: Flags | None
) -> tuple[float, float]:
    """Neighbouring prices of cap k: at the lower it is overspent (or 0 is enough), at the higher not."""
    trial = price.copy()

    def fits(each: float) -> bool:
        trial[k] = each
        return bool(_spend(problem, steps, trial, k, forced) <= problem.caps[k].minor)

    if fits(0.0):
        return 0.0, 0.0
    return bisect(fits, start=_guess(problem, steps, price, k))


def bisect(fits: Callable[[float], bool], start: float) -> tuple[float, float]:
    """The edge of a condition that holds for all large numbers and fails at 0."""
    low, high = 0.0, max(start, 1e-9)
    while not fits(high):
        low, high = high, high * 1.5
        if high > 1e12:
            return high, high
    floor = high / 1.5
    while low == 0.0 and floor > 1e-12:
        if fits(floor):
            high, floor = floor, floor / 4
        else:
            low = floor
    while high - low > PRECISION * high:
        middle = (low + high) / 2
        if fits(middle):
            high = middle
        else:
            low = middle
    return low, high


def _guess(problem: Problem, steps: Steps, price: Floats, k: int) -> float:
    """Where steps in order of return on cash would use the cap up if nothing else mattered."""
    mine = problem.caps[k].member[steps.item] & (steps.value > 0)
    other = item_prices(problem, price)[steps.item[mine]] - price[k]
    rate = steps.rate[mine] - other
    order = np.argsort(-rate, kind="stable")
    used = np.cumsum(steps.cost[mine][order])
    place = int(np.searchsorted(used, max(problem.caps[k].minor, 0)))
    return float(rate[order[place]]) if place < len(order) else 0.0
