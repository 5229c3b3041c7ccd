import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from engine.kernels.service import (
    LeadTimeDemand,
    fill_rate,
    fill_rate_one_term,
    lead_time_demand,
    reorder_point_for_fill_rate,
)
from engine.kernels.stock_paths import stock_paths

Floats = NDArray[np.float64]


def step_by_step(start: float, arrivals: Floats, demand: Floats) -> list[tuple[float, float]]:
    """The plain loop that the vectorised form must equal: (end stock, lost) of each step."""
    stock, ends = start, []
    for arrived, wanted in zip(arrivals, demand, strict=True):
        stock += arrived
        lost = max(wanted - stock, 0.0)
        stock = max(stock - wanted, 0.0)
        ends.append((stock, lost))
    return ends


@given(
    start=st.integers(0, 30),
    steps=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=15),
)
def test_lost_sales_without_a_loop_equal_the_loop(start: int, steps: list[tuple[int, int]]) -> None:
    arrivals = np.asarray([a for a, _ in steps], dtype=np.float64)
    demand = np.asarray([d for _, d in steps], dtype=np.float64)

    paths = stock_paths(
        start=np.asarray(float(start)), arrivals=arrivals, demand=demand, shortage="lost_sales"
    )

    expected = step_by_step(start, arrivals, demand)
    assert paths.on_hand.tolist() == [end for end, _ in expected]
    assert paths.short.tolist() == [lost for _, lost in expected]
    assert not paths.owed.any()


def test_backorders_are_owed_until_stock_arrives() -> None:
    paths = stock_paths(
        start=np.asarray(5.0),
        arrivals=np.asarray([0.0, 0.0, 10.0]),
        demand=np.asarray([4.0, 4.0, 2.0]),
        shortage="backorders",
    )

    assert paths.on_hand.tolist() == [1, 0, 5]
    assert paths.owed.tolist() == [0, 3, 0]
    assert paths.short.tolist() == [0, 3, 0]
    assert paths.fill_rate(np.asarray([4.0, 4.0, 2.0])) == pytest.approx(0.7)


def test_98_percent_fill_and_98_percent_cycle_service_give_different_reorder_points() -> None:
    demand = lead_time_demand(demand_mean=10, demand_sd=3, lead_time_mean=14, lead_time_sd=4)

    cycle = demand.at_cycle_service(0.98)
    fill = reorder_point_for_fill_rate(0.98, quantity=200, demand=demand)

    assert cycle == pytest.approx(225.32, abs=5e-3)
    assert fill == pytest.approx(178.34, abs=5e-3)
    assert fill_rate(reorder_point=fill, quantity=200, demand=demand) == pytest.approx(0.98)


def test_the_one_term_fill_rate_is_too_low_for_small_batches() -> None:
    demand = LeadTimeDemand(mean=140, sd=40)

    exact = fill_rate(reorder_point=140, quantity=20, demand=demand)
    short_cut = fill_rate_one_term(reorder_point=140, quantity=20, demand=demand)

    assert short_cut < 0.25 < exact


def test_a_lumpy_item_needs_simulation_because_the_formula_misses_its_fill_rate() -> None:
    """Ten units every ten days on average; the normal formula promises what stock cannot hold."""
    rng = np.random.default_rng(7)
    demand = 10.0 * rng.binomial(1, 0.1, size=(400, 400))
    moments = lead_time_demand(demand_mean=1.0, demand_sd=3.0, lead_time_mean=10)
    formula = reorder_point_for_fill_rate(0.98, quantity=10, demand=moments)
    served = [simulated_fill_rate(demand, reorder_point) for reorder_point in range(41)]

    needed = next(point for point, rate in enumerate(served) if rate >= 0.98)

    assert served[math.ceil(formula)] < 0.972
    assert served[needed - 1] < 0.98 <= served[needed]
    assert needed - formula > 3


def simulated_fill_rate(demand: Floats, reorder_point: int) -> float:
    """(r, Q = 10) with ten days of lead, orders placed at the end of a day, backorders."""
    position = np.full(len(demand), reorder_point + 10.0)
    arrivals = np.zeros((len(demand), demand.shape[1] + 11))
    for day in range(demand.shape[1]):
        position -= demand[:, day]
        lots = np.maximum(np.ceil((reorder_point - position + 1e-9) / 10), 0) * 10
        position += lots
        arrivals[:, day + 11] += lots
    paths = stock_paths(
        start=np.full(len(demand), reorder_point + 10.0),
        arrivals=arrivals[:, : demand.shape[1]],
        demand=demand,
        shortage="backorders",
    )
    return paths.fill_rate(demand)
