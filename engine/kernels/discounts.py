"""Quantity discounts: what a quantity costs, and the order quantity that follows from it.

All-units: the price of the reached break holds for every unit. Incremental: each price holds for
the units above its break only. Snyder & Shen, 2nd ed., chapter 3, on quantity discounts.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import InvalidInput
from engine.kernels.eoq import OrderQuantity

TierKind = Literal["all_units", "incremental"]
Units = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class PriceTiers:
    """Unit prices in micros from each quantity on; the first break is always 0."""

    breaks: tuple[int, ...]
    prices_micros: tuple[int, ...]
    kind: TierKind = "all_units"

    def __post_init__(self) -> None:
        rising = all(low < high for low, high in pairwise(self.breaks))
        if not self.breaks or self.breaks[0] != 0 or not rising:
            raise InvalidInput(f"Price breaks must start at 0 and rise, got {self.breaks!r}.")
        if len(self.breaks) != len(self.prices_micros):
            raise InvalidInput(
                f"{len(self.breaks)} price breaks need as many prices, "
                f"got {len(self.prices_micros)}."
            )


def cost_micros(units: Units, tiers: PriceTiers) -> Units:
    """Exact cost of each quantity in micros of the supplier's currency, before rounding."""
    breaks = np.asarray(tiers.breaks, dtype=np.int64)
    prices = np.asarray(tiers.prices_micros, dtype=np.int64)
    tier = np.searchsorted(breaks, units, side="right") - 1
    if tiers.kind == "all_units":
        return units * prices[tier]
    spans = np.diff(breaks) * prices[:-1]
    before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(spans)])
    return before[tier] + (units - breaks[tier]) * prices[tier]


@dataclass(frozen=True, kw_only=True)
class DiscountedQuantity:
    """The yearly problem of a discount: `holding_rate` is per currency unit of stock and year."""

    fixed_cost: float
    holding_rate: float
    demand: float
    breaks: tuple[float, ...]
    prices: tuple[float, ...]

    def spans(self) -> list[tuple[float, float, float]]:
        """(from, to, price) of each tier."""
        ends = (*self.breaks[1:], math.inf)
        return list(zip(self.breaks, ends, self.prices, strict=True))


def eoq_all_units(problem: DiscountedQuantity) -> OrderQuantity:
    """Cheapest of each tier's own best quantity, held inside its tier.

    Cost includes the purchase cost per time unit.
    """
    best: list[OrderQuantity] = []
    for low, high, price in problem.spans():
        holding = problem.holding_rate * price
        free = math.sqrt(2 * problem.fixed_cost * problem.demand / holding)
        quantity = min(max(free, low), high)
        cost = (
            price * problem.demand
            + problem.fixed_cost * problem.demand / quantity
            + holding * quantity / 2
        )
        best.append(OrderQuantity(quantity=quantity, cost=cost))
    return min(best, key=lambda each: each.cost)


def eoq_incremental(problem: DiscountedQuantity) -> OrderQuantity:
    """Each tier acts like a higher fixed cost and a lower price.

    What units below the break cost above this tier's price is paid once per order, and stays in
    the value of the stock held.
    """
    best: list[OrderQuantity] = []
    paid_more = 0.0  # what units below the break cost above this tier's price
    previous: float | None = None
    for low, high, price in problem.spans():
        if previous is not None:
            paid_more += (previous - price) * low
        previous = price
        holding = problem.holding_rate * price
        fixed = problem.fixed_cost + paid_more
        quantity = math.sqrt(2 * fixed * problem.demand / holding)
        if low <= quantity < high:
            cost = (
                price * problem.demand
                + problem.holding_rate * paid_more / 2
                + math.sqrt(2 * fixed * problem.demand * holding)
            )
            best.append(OrderQuantity(quantity=quantity, cost=cost))
    return min(best, key=lambda each: each.cost)
