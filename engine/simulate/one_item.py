"""One item under one policy for a long time: what theory says of it, checked by playing it.

Axes [path] and, of demand, [period, path]. A period: the order is placed, goods that are due come,
demand happens and what is missing is owed (backorders), costs are counted on what is left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Order(Protocol):
    def __call__(self, position: Floats, /) -> Floats:
        """Units to order at this inventory position: on hand and on order less owed."""
        ...


@dataclass(frozen=True, kw_only=True)
class Costs:
    """Per unit and period on hand or owed, per unit still owed when goods come, and per order."""

    holding: float
    owing: float = 0.0
    shortage: float = 0.0
    order: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Played:
    """Means per period with their standard errors, and the share served from stock."""

    cost: float
    cost_error: float
    fill_rate: float
    fill_error: float
    order_share: float  # of periods with an order


def base_stock(level: float) -> Order:
    """Order up to `level` in every period."""
    return lambda position: np.maximum(level - position, 0.0)


def reorder_lots(reorder_point: float, quantity: float) -> Order:
    """(r, Q): lots of `quantity` while the position is at or below the reorder point."""

    def order(position: Floats, /) -> Floats:
        lots = np.floor((reorder_point - position) / quantity) + 1
        return np.maximum(lots, 0.0) * quantity

    return order


def min_max(minimum: float, maximum: float) -> Order:
    """(s, S): up to the maximum where the position is at or below the minimum."""
    return lambda position: np.where(position <= minimum, maximum - position, 0.0)


def play(
    order: Order, demand: Floats, costs: Costs, *, lead_time: int = 0, start: float, warm_up: int
) -> Played:
    """Play `order` against `demand`, a fixed number of whole periods being the lead time.

    `start` is on hand on every path; the first `warm_up` periods are not counted. Standard errors
    are over paths, which are independent.
    """
    spent, owed, wanted, ordered = (np.zeros(demand.shape[1]) for _ in range(4))
    for period, day in enumerate(_days(order, demand, lead_time, start)):
        if period < warm_up:
            continue
        over, under = np.maximum(day.net, 0.0), np.maximum(-day.net, 0.0)
        newly = np.minimum(under, np.maximum(day.wanted, 0.0))
        spent += costs.holding * over + costs.owing * under + costs.shortage * day.waited
        spent += costs.order * day.ordered
        owed, wanted, ordered = owed + newly, wanted + day.wanted, ordered + day.ordered
    periods, paths = len(demand) - warm_up, demand.shape[1]
    filled = 1 - owed / wanted
    return Played(
        cost=float(spent.mean() / periods),
        cost_error=float(spent.std(ddof=1) / periods / np.sqrt(paths)),
        fill_rate=float(1 - owed.sum() / wanted.sum()),
        fill_error=float(filled.std(ddof=1) / np.sqrt(paths)),
        order_share=float(ordered.mean() / periods),
    )


@dataclass(frozen=True, kw_only=True)
class _Day:
    net: Floats  # on hand less owed, in the evening
    wanted: Floats
    waited: Floats  # owed when goods came, the shortage of a cycle; 0 where none came
    ordered: Floats  # 1 where an order was placed


def _days(order: Order, demand: Floats, lead_time: int, start: float) -> Iterator[_Day]:
    due = np.zeros((lead_time + 1, demand.shape[1]))  # a ring of the coming periods
    net = np.full(demand.shape[1], start)
    position = net.copy()
    for period, wanted in enumerate(demand):
        units = order(position)
        due[(period + lead_time) % (lead_time + 1)] = units
        arrived = due[period % (lead_time + 1)].copy()
        waited = np.where(arrived > 0, np.maximum(-net, 0.0), 0.0)
        net = net + arrived - wanted
        position = position + units - wanted
        placed = (units > 0).astype(np.float64)
        yield _Day(net=net, wanted=wanted, waited=waited, ordered=placed)
