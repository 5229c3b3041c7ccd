"""Which quantities of an item are worth looking at, and the ladder that explains them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.replenish.terms import Offer

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_FINE = 32  # packs up to which every number is looked at; above it, steps of 1/32 to 1/16
TOP_UP_DAYS = 28.0  # demand beyond the best quantity that may serve a supplier's minimum
Valued = Callable[[Floats, Ints], Floats]  # (units [row, quantity], rows) -> value


def pack_counts(most: int) -> Ints:
    """Numbers of packs 0, 1, 2, ... up to `most`, further apart as they grow.

    They do not depend on stock or demand, so that one more unit of stock moves an order by one
    step at most.
    """
    counts = [np.arange(min(most, _FINE) + 1, dtype=np.int64)]
    step, reached = 2, _FINE
    while reached < most:
        end = min(2 * reached, most)
        counts.append(np.arange(reached + step, end + 1, step, dtype=np.int64))
        reached, step = 2 * reached, step * 2
    return np.concatenate(counts)


def best_single_units(value: Valued, rows: Ints, most: Ints, bonus: Floats) -> Ints:
    """The quantity [row] of single units with the highest value, by bisection.

    `value` must be concave in units. `bonus` [row] is money per unit on top of it, such as what
    a price break saves; `most` [row] is a quantity beyond which no unit is worth its holding.
    """
    low, high = np.zeros(len(rows), dtype=np.int64), np.maximum(most, 0)
    while bool((low < high).any()):
        middle = (low + high + 1) // 2
        pair = np.stack([middle - 1, middle], axis=1).astype(np.float64)
        worth = value(pair, rows)
        rises = worth[:, 1] - worth[:, 0] + bonus > 0
        low = np.where(rises & (low < high), middle, low)
        high = np.where(rises, high, np.minimum(middle - 1, high))
        high = np.maximum(high, low)
    return low


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Of one item: where its best quantities lie, in units."""

    need: int  # best in single units at the undiscounted price
    tier_needs: tuple[int, ...] = field(repr=False)  # the same at each lower price
    daily_demand: float


def quantities(offer: Offer, sought: Sought, *, tops_up: bool) -> Ints:
    """Units that may be ordered, rising, 0 first; all in whole packs and at least the minimum.

    Around each best quantity every pack counts. A break is there even where it lies beyond what
    is needed, unless it would last for more than a year. `tops_up`: the supplier has a minimum,
    so more than the best quantity may be of use.
    """
    pack = offer.case_pack
    least = -(-offer.minimum_units // pack)
    around = {sought.need // pack, -(-sought.need // pack)}
    for wanted in sought.tier_needs:
        around |= {wanted // pack, -(-wanted // pack)}
    year = 365.0 * sought.daily_demand
    breaks = [-(-b // pack) for b in offer.tiers.breaks[1:] if b <= max(year, sought.need)]
    beyond = TOP_UP_DAYS * sought.daily_demand if tops_up else 0.0
    top = max(*around, *breaks, 0)
    reach = -(-int(np.ceil(sought.need + beyond)) // pack)
    most = max(top, reach)
    if sought.need > 0 or tops_up:
        around.add(least)
        most = max(most, least)
    if most >= least:
        most += 1 + most // _FINE  # so that "why not one pack more" has an answer in money
    packs = np.union1d(pack_counts(most), [*sorted(around), *breaks])
    return np.concatenate([np.zeros(1, dtype=np.int64), packs[packs >= max(least, 1)] * pack])
