"""Several newsvendors under one budget: the price of the cap."""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy import optimize

from engine.kernels.loss import normal_loss, normal_quantile, poisson_cdf


@dataclass(frozen=True, kw_only=True)
class OneChance:
    """An item bought once: money per unit. What is left over brings the salvage value."""

    mean: float  # units
    cost: float
    price: float
    salvage: float
    sd: float = 0.0  # units; unused where demand is Poisson


@dataclass(frozen=True, kw_only=True)
class BudgetShares:
    """Units per item, their expected profit, and the dual of the cap (profit per unit of cash)."""

    quantities: tuple[float, ...]
    profit: float
    shadow_price: float


def share_budget_normal(items: Sequence[OneChance], cap: float | None) -> BudgetShares:
    """Normal demand, quantities divisible: one price of cash for all items.

    Solves (p - g)(1 - F(Q)) - (c - g) = lambda c with sum cQ = cap. Hadley & Whitin (1963),
    on the constrained multi-item problem.
    """

    def quantities(price_of_cash: float) -> tuple[float, ...]:
        return tuple(_best_quantity(item, price_of_cash) for item in items)

    def overspent(price_of_cash: float) -> float:
        spent = sum(q * item.cost for q, item in zip(quantities(price_of_cash), items, strict=True))
        return spent - (cap or 0.0)

    dual = 0.0
    if cap is not None and overspent(0.0) > 0:
        ceiling = max((item.price - item.cost) / item.cost for item in items)
        dual = float(optimize.brentq(overspent, 0.0, ceiling, xtol=1e-12))
    chosen = quantities(dual)
    profit = sum(_normal_profit(item, q) for item, q in zip(items, chosen, strict=True))
    return BudgetShares(quantities=chosen, profit=profit, shadow_price=dual)


def _best_quantity(item: OneChance, price_of_cash: float) -> float:
    over = item.cost * (1 + price_of_cash) - item.salvage
    ratio = 1 - over / (item.price - item.salvage)
    if ratio <= 0:
        return 0.0
    return max(item.mean + item.sd * normal_quantile(ratio), 0.0)


def _normal_profit(item: OneChance, quantity: float) -> float:
    short = normal_loss(quantity, item.mean, item.sd)
    sold = item.mean - short
    return item.price * sold + item.salvage * (quantity - sold) - item.cost * quantity


def share_budget_poisson(items: Sequence[OneChance], cap: float) -> BudgetShares:
    """Poisson demand, whole units: take the best return on cash that still fits.

    The n-th unit earns (p - g) P(D >= n) - (c - g). Stopping at the first misfit would leave
    cash that a cheaper unit can use. The shadow price is the return of the last unit taken.
    """
    units = [0] * len(items)
    left, profit, last = cap, 0.0, 0.0
    while True:
        gains = [
            (item.price - item.salvage) * (1 - poisson_cdf(n, item.mean))
            - (item.cost - item.salvage)
            for item, n in zip(items, units, strict=True)
        ]
        fitting = [
            (gain / item.cost, -i)
            for i, (gain, item) in enumerate(zip(gains, items, strict=True))
            if gain > 0 and item.cost <= left
        ]
        if not fitting:
            return BudgetShares(quantities=tuple(units), profit=profit, shadow_price=last)
        last, minus = max(fitting)
        units[-minus] += 1
        left -= items[-minus].cost
        profit += gains[-minus]
