"""The game's rules: what arrives, sells, is lost and is held, week by week."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from evals.vn2.files import Stock

Floats = NDArray[np.float64]
HOLDING, SHORTAGE = 0.2, 1.0  # per unit left at the end of a week; per unit of demand lost
ORDERS = 6  # the order of week r arrives as week r + 2 begins, so later ones cannot be scored
SCORED = slice(2, 8)  # weeks 3..8: what earlier orders, which nobody chose, no longer decide
# (position of the week from 0, stock before it) -> units to order, whole and not negative
Policy = Callable[[int, Stock], Floats]


@dataclass(frozen=True, kw_only=True)
class Played:
    """Units per [series, week]."""

    left: Floats = field(repr=False)
    lost: Floats = field(repr=False)
    ordered: Floats = field(repr=False)

    @property
    def cost(self) -> Floats:
        """Money per [series, week]."""
        return HOLDING * self.left + SHORTAGE * self.lost

    def scored(self, counted: NDArray[np.bool_]) -> float:
        """Cost of weeks 3..8, as if all series were like those that count."""
        return float(self.cost[counted][:, SCORED].sum()) * len(counted) / int(counted.sum())


def play(start: Stock, demand: Floats, policy: Policy, orders: int = ORDERS) -> Played:
    """Weeks one by one: I = E + R; lost = max(D - I, 0); E = max(I - D, 0)."""
    now = start
    left, lost, ordered = np.zeros_like(demand), np.zeros_like(demand), np.zeros_like(demand)
    for week in range(demand.shape[1]):
        if week < orders:
            ordered[:, week] = policy(week, now)
        now, lost[:, week] = pass_week(now, demand[:, week], ordered[:, week])
        left[:, week] = now.on_hand
    return Played(left=left, lost=lost, ordered=ordered)


def pass_week(now: Stock, demand: Floats, order: Floats) -> tuple[Stock, Floats]:
    """The stock before the week after, and what was lost; the order arrives in two weeks."""
    held = now.on_hand + now.arriving
    after = Stock(on_hand=np.maximum(held - demand, 0.0), arriving=now.next_week, next_week=order)
    return after, np.maximum(demand - held, 0.0)
