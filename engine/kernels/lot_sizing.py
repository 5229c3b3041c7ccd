"""When to order known, uneven demand, and how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.errors import InvalidInput


@dataclass(frozen=True, kw_only=True)
class LotPlan:
    """Units ordered in each period, 0 where none, and the total cost."""

    orders: tuple[float, ...]
    cost: float


def wagner_whitin(*, fixed_cost: float, holding_cost: float, demand: Sequence[float]) -> LotPlan:
    """Cheapest orders for known demand; holding per unit left at the end of a period.

    Dynamic programme over the next order period, O(n^2). Wagner & Whitin (1958).
    """
    periods = len(demand)
    best = [0.0] * (periods + 1)  # best[t]: cheapest way to serve periods t onward
    until = [periods] * periods  # an order in t serves t .. until[t] - 1
    for start in reversed(range(periods)):
        best[start] = float("inf")
        carried = 0.0
        for end in range(start + 1, periods + 1):
            carried += holding_cost * (end - 1 - start) * demand[end - 1]
            cost = fixed_cost + carried + best[end]
            if cost < best[start]:
                best[start], until[start] = cost, end
    orders = [0.0] * periods
    start = 0
    while start < periods:
        orders[start] = sum(demand[start : until[start]])
        start = until[start]
    return LotPlan(orders=tuple(orders), cost=best[0])


@dataclass(frozen=True, kw_only=True)
class DatedOrder:
    """Units to order on a day, to arrive on another."""

    order_on: date
    arrive_on: date
    units: int


def dated_requirements(
    *,
    on_hand: int,
    due: Sequence[tuple[date, int]],
    today: date,
    lead_time_days: int,
    minimum: int = 1,
    multiple: int = 1,
) -> tuple[DatedOrder, ...]:
    """Orders that cover dated demand, each as late as it can be (time-phased netting).

    Demand that an order placed today cannot reach in time stays due and is served late. The
    example is frePPLe's documentation of minimum and multiple sizes.
    """
    if multiple < 1 or minimum < 0 or lead_time_days < 0:
        raise InvalidInput(
            f"Need multiple >= 1, minimum >= 0 and lead time >= 0, "
            f"got {multiple}, {minimum}, {lead_time_days}."
        )
    orders: list[DatedOrder] = []
    projected = on_hand
    earliest = today + timedelta(days=lead_time_days)
    for day, units in _as_reachable(due, earliest):
        projected -= units
        if projected < 0:
            lots = -(-max(-projected, minimum) // multiple)
            orders.append(
                DatedOrder(
                    order_on=day - timedelta(days=lead_time_days),
                    arrive_on=day,
                    units=lots * multiple,
                )
            )
            projected += lots * multiple
    return tuple(orders)


def _as_reachable(due: Sequence[tuple[date, int]], earliest: date) -> list[tuple[date, int]]:
    """Demand by day, what is due before the earliest arrival moved onto it."""
    moved: dict[date, int] = {}
    for day, units in due:
        served = max(day, earliest)
        moved[served] = moved.get(served, 0) + units
    return sorted(moved.items())
