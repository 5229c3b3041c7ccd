"""The economic order quantity: a fixed cost per order against the stock it makes.

Snyder & Shen, 2nd ed., chapter 3. Rates share one time unit (say a year).
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class OrderQuantity:
    """Units per order and the cost per time unit; `stockout_share` of the cycle without stock."""

    quantity: float
    cost: float
    stockout_share: float = 0.0


def economic_order_quantity(
    *, fixed_cost: float, holding_cost: float, demand: float
) -> OrderQuantity:
    """Eq. (3.4), cost (3.5), Example 3.1; purchase cost is not part of it."""
    return OrderQuantity(
        quantity=math.sqrt(2 * fixed_cost * demand / holding_cost),
        cost=math.sqrt(2 * fixed_cost * demand * holding_cost),
    )


def eoq_with_backorders(
    *, fixed_cost: float, holding_cost: float, shortage_cost: float, demand: float
) -> OrderQuantity:
    """Planned backorders at `shortage_cost` per unit and time.

    Eqs. (3.27) to (3.29), Example 3.8.
    """
    both = holding_cost + shortage_cost
    scale = 2 * fixed_cost * demand
    return OrderQuantity(
        quantity=math.sqrt(scale * both / (holding_cost * shortage_cost)),
        cost=math.sqrt(scale * holding_cost * shortage_cost / both),
        stockout_share=holding_cost / both,
    )
