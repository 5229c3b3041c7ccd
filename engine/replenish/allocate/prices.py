"""The price of cash at which what is wanted fits the caps."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.hull import Steps
from engine.replenish.allocate.problem import (
    Floats,
    Multipliers,
    Problem,
    item_prices,
    upper_bound,
)
from engine.replenish.allocate.respond import as_choice, respond

ROUNDS = 4  # passes over the caps; one is enough where there is only one
LEAST_PRICE, MOST_PRICE = 1e-12, 1e12
PRECISION = 1e-7  # of a price; the bound is flat there, so its own error is far smaller


@dataclass(frozen=True, kw_only=True)
class Priced:
    """Prices at which what is wanted just fits the caps, and the best bound they certify."""

    price: Floats  # [cap]
    multipliers: Multipliers = field(repr=False)
    bound: float


def price_caps(problem: Problem, steps: Steps, guess: float | None = None) -> Priced:
    """Prices by bisection, each cap in turn given the others, the widest cap last.

    The dual function is convex in the prices; for a single cap bisection finds its minimum, for
    several the passes come close. Either way the bound is valid. `guess` is the price of the
    first cap in a nearly equal problem.
    """
    price = np.zeros(len(problem.caps))
    by_width = sorted(range(len(problem.caps)), key=lambda k: int(problem.caps[k].member.sum()))
    best = _multipliers(problem, steps, price)
    bound = upper_bound(problem, best)
    for _ in range(ROUNDS if len(problem.caps) > 1 else 1):
        start = price.copy()
        for k in by_width:
            low, high = _bracket(problem, steps, price, k, guess if k == 0 else None)
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


def _spend(problem: Problem, steps: Steps, price: Floats, k: int) -> float:
    """Cash of cap k in the reply to these prices, divided steps included."""
    reply = respond(problem, steps, item_prices(problem, price))
    cap = problem.caps[k]
    whole = problem.cost[as_choice(problem, steps, reply.taken)][cap.member].sum()
    # A divided step counts towards the caps that cover its whole group.
    covered = problem.by_group(problem.group, ~cap.member) == 0
    return float(whole) + float(reply.part_cost[covered].sum())


def _bracket(
    problem: Problem, steps: Steps, price: Floats, k: int, guess: float | None
) -> tuple[float, float]:
    """Neighbouring prices of cap k: overspent at the lower (or 0 is enough), not at the higher."""
    trial = price.copy()

    def fits(each: float) -> bool:
        trial[k] = each
        return bool(_spend(problem, steps, trial, k) <= problem.caps[k].minor)

    if fits(0.0):
        return 0.0, 0.0
    if guess is None:
        return bisect(fits, start=_guess(problem, steps, price, k), widening=1.5)
    return bisect(fits, start=guess, widening=1.01)


def bisect(fits: Callable[[float], bool], start: float, widening: float) -> tuple[float, float]:
    """The edge of a condition that holds for all large numbers and fails at 0.

    The search begins at `start` and widens by a factor that grows from `widening`.
    """
    high = max(start, LEAST_PRICE)
    step = widening
    if fits(high):
        low = high / step
        while low > LEAST_PRICE and fits(low):
            high, step = low, step**2
            low = high / step
    else:
        low, high = high, high * step
        while not fits(high):
            step **= 2
            low, high = high, high * step
            if high > MOST_PRICE:
                return high, high
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
