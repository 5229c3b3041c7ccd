"""Continuous and periodic review with fixed order costs: (r, Q) and (s, S)."""

import math
from dataclasses import dataclass

from engine.errors import InvalidInput
from engine.kernels.loss import normal_loss, normal_quantile, poisson_pmf
from engine.kernels.newsvendor import poisson_level_cost


@dataclass(frozen=True, kw_only=True)
class ReorderPoint:
    """Order `quantity` when the position falls to `reorder_point`; cost per time unit."""

    reorder_point: float
    quantity: float
    cost: float


def reorder_point_eil(
    *,
    fixed_cost: float,
    holding_cost: float,
    shortage_cost: float,
    demand: float,
    lead_demand_mean: float,
    lead_demand_sd: float,
    iterations: int = 100,
) -> ReorderPoint:
    """(r, Q) by the expected-inventory-level approximation (Whitin; Hadley & Whitin).

    `shortage_cost` is per unit short, normal lead-time demand. Snyder & Shen, 2nd ed.,
    eqs. (5.16) to (5.18), algorithm 5.1, Example 5.2.
    """
    quantity = math.sqrt(2 * fixed_cost * demand / holding_cost)
    reorder, shortage = lead_demand_mean, 0.0
    for _ in range(iterations):
        missed = quantity * holding_cost / (shortage_cost * demand)
        if missed >= 1:
            raise InvalidInput(
                f"A shortage at {shortage_cost!r} per unit is cheaper than holding a batch of "
                f"{quantity:.0f}; no reorder point follows. Check both costs."
            )
        reorder = lead_demand_mean + lead_demand_sd * normal_quantile(1 - missed)
        shortage = normal_loss(reorder, lead_demand_mean, lead_demand_sd)
        quantity = math.sqrt(2 * demand * (fixed_cost + shortage_cost * shortage) / holding_cost)
    stock = holding_cost * (reorder - lead_demand_mean + quantity / 2)
    orders = (fixed_cost + shortage_cost * shortage) * demand / quantity
    return ReorderPoint(reorder_point=reorder, quantity=quantity, cost=stock + orders)


@dataclass(frozen=True, kw_only=True)
class MinMax:
    """Order up to `maximum` (S) when the position is at or below `minimum` (s)."""

    minimum: int
    maximum: int
    cost: float  # per period


def min_max_poisson(
    *, fixed_cost: float, holding_cost: float, shortage_cost: float, mean: float
) -> MinMax:
    """Exact (s, S) for Poisson demand, backorders and no lead time.

    Zheng & Federgruen (1991); Snyder & Shen, 2nd ed., algorithm 4.2, eqs. (4.71) to (4.75),
    Example 4.7.
    """
    renewal = _Renewal(mean=mean)

    def period_cost(level: int) -> float:
        return poisson_level_cost(level, holding_cost, shortage_cost, mean)

    def long_run(minimum: int, maximum: int) -> float:
        visits = [renewal.visits(j) for j in range(maximum - minimum)]
        served = sum(v * period_cost(maximum - j) for j, v in enumerate(visits))
        return (fixed_cost + served) / sum(visits)

    peak = 0
    while period_cost(peak + 1) < period_cost(peak):
        peak += 1
    minimum = peak - 1
    while long_run(minimum, peak) > period_cost(minimum):
        minimum -= 1
    maximum, cost = peak, long_run(minimum, peak)
    level = peak + 1
    while period_cost(level) <= cost:
        if long_run(minimum, level) < cost:
            maximum = level
            while long_run(minimum, level) <= period_cost(minimum + 1):
                minimum += 1
            cost = long_run(minimum, maximum)
        level += 1
    return MinMax(minimum=minimum, maximum=maximum, cost=cost)


class _Renewal:
    """Expected periods spent at each depth below S before the next order."""

    def __init__(self, mean: float) -> None:
        self._mean = mean
        self._visits = [1 / (1 - poisson_pmf(0, mean))]

    def visits(self, depth: int) -> float:
        stay = 1 - poisson_pmf(0, self._mean)
        while len(self._visits) <= depth:
            j = len(self._visits)
            reached = sum(
                poisson_pmf(step, self._mean) * self._visits[j - step] for step in range(1, j + 1)
            )
            self._visits.append(reached / stay)
        return self._visits[depth]
