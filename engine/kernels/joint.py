"""Several items on one order that share its fixed cost."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class JointCycle:
    """Order every `interval`; item i rides along every multiples[i]-th time."""

    interval: float
    multiples: tuple[int, ...]
    cost: float  # per time unit


def joint_replenishment(
    *,
    fixed_cost: float,
    item_costs: Sequence[float],
    holding_costs: Sequence[float],
    demands: Sequence[float],
) -> JointCycle:
    """Silver's (1976) heuristic for the joint replenishment problem.

    `fixed_cost` is paid per order, `item_costs` per item on it; rates share one time unit. The
    item with the smallest ratio of own cost to holding rides on every order. Snyder & Shen,
    2nd ed., chapter 3, on the joint replenishment problem.
    """
    rates = [h * d for h, d in zip(holding_costs, demands, strict=True)]
    ratios = [k / rate for k, rate in zip(item_costs, rates, strict=True)]
    base = ratios.index(min(ratios))
    pace = rates[base] / (fixed_cost + item_costs[base])
    multiples = tuple(
        1 if i == base else _nearest_multiple(ratio * pace) for i, ratio in enumerate(ratios)
    )
    per_order = fixed_cost + sum(k / m for k, m in zip(item_costs, multiples, strict=True))
    holding = sum(rate * m for rate, m in zip(rates, multiples, strict=True))
    return JointCycle(
        interval=math.sqrt(2 * per_order / holding),
        multiples=multiples,
        cost=math.sqrt(2 * per_order * holding),
    )


def _nearest_multiple(square: float) -> int:
    """The whole m with m(m-1) <= square <= m(m+1): the cost is flat between these."""
    multiple = 1
    while multiple * (multiple + 1) < square:
        multiple += 1
    return multiple
