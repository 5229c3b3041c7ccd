"""One chance to order before a random demand: weigh a unit too many against a unit too few.

Snyder & Shen, 2nd ed., section 4.3. Costs are per unit and period, demand is in units.
"""

import math
from dataclasses import dataclass

from engine.errors import InvalidInput
from engine.kernels.loss import (
    normal_density,
    normal_quantile,
    poisson_cdf,
    poisson_loss,
)


@dataclass(frozen=True, kw_only=True)
class StockLevel:
    """An order-up-to level in units and its expected cost per period."""

    level: float
    cost: float


def critical_ratio(holding_cost: float, shortage_cost: float) -> float:
    """The share of periods without shortage that balances both costs: p / (h + p)."""
    if holding_cost <= 0 or shortage_cost <= 0:
        raise InvalidInput(
            f"Holding and shortage cost must be above 0, got {holding_cost!r}, {shortage_cost!r}."
        )
    return shortage_cost / (shortage_cost + holding_cost)


def newsvendor_normal(
    *, holding_cost: float, shortage_cost: float, mean: float, sd: float, lead_time: int = 0
) -> StockLevel:
    """Best base-stock level under normal demand per period.

    Eq. (4.30), cost (4.37), Example 4.3.
    With a lead time (whole periods) the level protects lead_time + 1 periods.
    """
    periods = lead_time + 1
    z = normal_quantile(critical_ratio(holding_cost, shortage_cost))
    spread = sd * math.sqrt(periods)
    return StockLevel(
        level=mean * periods + z * spread,
        cost=(holding_cost + shortage_cost) * spread * normal_density(z),
    )


def newsvendor_poisson(*, holding_cost: float, shortage_cost: float, mean: float) -> StockLevel:
    """Smallest whole level whose cycle service reaches the critical ratio; Example 4.7."""
    ratio = critical_ratio(holding_cost, shortage_cost)
    level = 0
    while poisson_cdf(level, mean) < ratio:
        level += 1
    return StockLevel(
        level=level, cost=poisson_level_cost(level, holding_cost, shortage_cost, mean)
    )


def poisson_level_cost(level: int, holding_cost: float, shortage_cost: float, mean: float) -> float:
    """Expected holding and shortage cost of one period that starts with `level` units.

    A negative level starts with units already owed.
    """
    if level < 0:
        return shortage_cost * (mean - level)
    shortage = poisson_loss(level, mean)
    return holding_cost * (level - mean + shortage) + shortage_cost * shortage
