"""Items of the allocation instances: demand, prices, packs, and what a quantity is worth."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaincc

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

PACKS = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 30, 36, 48)


@dataclass(frozen=True, kw_only=True)
class Items:
    """Arrays [item]; money in minor units per unit.

    Demand until the next order could arrive is Poisson, or where `size` is finite negative
    binomial with that size.
    """

    weekly: Floats = field(repr=False)
    mean: Floats = field(repr=False)
    size: Floats = field(repr=False)
    stock: Floats = field(repr=False)
    cost: Floats = field(repr=False)
    margin: Floats = field(repr=False)
    holding: Floats = field(repr=False)
    volume: Floats = field(repr=False)
    pack: Ints = field(repr=False)
    least: Ints = field(repr=False)  # item minimum in units, whole packs
    break_at: Ints = field(repr=False)  # units that earn `off`; 0: no tiers
    off: Floats = field(repr=False)
    incremental: NDArray[np.bool_] = field(repr=False)


def draw_items(count: int, random: np.random.Generator) -> Items:
    """Half Poisson, half negative binomial; minimums on 40 %, tiers on 20 %."""
    weekly = random.lognormal(1.0, 1.0, count)
    mean = weekly * random.uniform(2.0, 8.0, count)
    cost = np.maximum(np.rint(100 * random.lognormal(2.0, 1.0, count)), 1.0)
    pack = random.choice(PACKS, count)
    wanted = np.ceil(weekly * random.uniform(1.0, 26.0, count))
    least = np.where(random.random(count) < 0.4, wanted, 1.0)
    least_packs = np.ceil(least / pack).astype(np.int64)
    tiers = random.random(count) < 0.2
    break_packs = np.ceil(mean * random.uniform(0.5, 1.5, count) / pack).astype(np.int64) + 1
    return Items(
        weekly=weekly,
        mean=mean,
        size=np.where(random.random(count) < 0.5, np.inf, random.uniform(0.5, 4.0, count)),
        stock=np.floor(mean * random.uniform(0.0, 0.8, count)),
        cost=cost,
        margin=cost * random.uniform(0.2, 1.0, count),
        holding=cost * random.uniform(0.02, 0.08, count),
        volume=random.lognormal(0.0, 1.0, count),
        pack=pack.astype(np.int64),
        least=least_packs * pack,
        break_at=np.where(tiers, break_packs * pack, 0),
        off=random.uniform(0.03, 0.15, count),
        incremental=random.random(count) < 0.5,
    )


def purchase_cost(items: Items, row: Ints, units: Ints) -> Ints:
    """Minor units for `units` of the items in `row`, all-units or incremental tiers applied."""
    price, broken = items.cost[row], (items.break_at[row] > 0) & (units >= items.break_at[row])
    lower = np.rint(price * (1 - items.off[row]))
    all_units = units * lower
    incremental = items.break_at[row] * price + (units - items.break_at[row]) * lower
    tiered = np.where(items.incremental[row], incremental, all_units)
    return np.rint(np.where(broken, tiered, units * price)).astype(np.int64)


def gross_value(items: Items, row: Ints, added: Floats) -> Floats:
    """Worth of `added` units on top of the stock; less than nothing where units are taken away.

    Margin and cost of what sells by the next order, cost less holding of what is left.
    """
    stock = items.stock[row]
    sold = _expected_sales(items, row, stock + added) - _expected_sales(items, row, stock)
    kept = (items.cost[row] - items.holding[row]) * (added - sold)
    return (items.cost[row] + items.margin[row]) * sold + kept


def _expected_sales(items: Items, row: Ints, stock: Floats) -> Floats:
    """E min(D, x) = sum of d p(d) below x, plus x P(D >= x)."""
    mean, size = items.mean[row], items.size[row]
    below = mean * _cdf(stock - 2.0, mean, np.where(np.isinf(size), size, size + 1.0), size)
    return below + stock * (1.0 - _cdf(stock - 1.0, mean, size, size))


def _cdf(at: Floats, mean: Floats, size: Floats, of: Floats) -> Floats:
    """P(D <= at); `of` is the size that fixes the success chance, of / (of + mean)."""
    poisson = gammaincc(np.maximum(at, 0.0) + 1.0, mean)
    finite = np.where(np.isinf(of), 1.0, of)
    chance = finite / (finite + mean)
    shape = np.where(np.isinf(size), 1.0, size)
    binomial = betainc(shape, np.maximum(at, 0.0) + 1.0, chance)
    return np.where(at < 0, 0.0, np.where(np.isinf(of), poisson, binomial))
