"""Capped room, containers and moved stock: brute force on small cases, bounds on larger ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from engine.replenish.allocate.certificate import certified_bound
from engine.replenish.allocate.problem import Cap, Containers, Pools, Problem
from engine.replenish.allocate.solve import solve
from support.allocation import brute_force, coupled_problems

Ints = NDArray[np.int64]


@given(case=coupled_problems())
@settings(max_examples=150, deadline=None)
def test_coupled_choices_are_as_good_as_brute_force_and_their_bounds_hold(case: Problem) -> None:
    agrees_with_brute_force(case)


@pytest.mark.slow
@pytest.mark.timeout(900)
@given(case=coupled_problems())
@settings(max_examples=1_500, deadline=None)
def test_more_than_a_thousand_coupled_cases_agree_with_brute_force(case: Problem) -> None:
    agrees_with_brute_force(case)


def agrees_with_brute_force(case: Problem) -> None:
    found, best = solve(case), brute_force(case)

    assert case.is_feasible(found.choice)
    assert found.value == pytest.approx(best, abs=1e-6)
    assert found.bound >= best - 1e-6
    assert certified_bound(case, found.certificate) <= found.bound + 1e-6
    assert certified_bound(case, found.certificate) >= best - 1e-6


def one_supplier(rows: list[list[tuple[int, float, float]]], **limits: object) -> Problem:
    """Items as lists of (cost, value, volume) above buying nothing, all from one supplier."""
    options = [[(0, 0.0, 0.0), *each] for each in rows]
    cost = np.asarray([c for each in options for c, _, _ in each])
    volume = np.asarray([w for each in options for _, _, w in each])
    boxes = Containers(
        weight=volume,
        size=np.asarray([limits.get("size", 0.0)], dtype=float),
        fee=np.asarray([limits.get("fee", 0)]),
        fill=np.asarray([limits.get("fill", 0.0)], dtype=float),
    )
    every = np.ones(len(rows), dtype=bool)
    caps = [
        Cap(scope="room:A", limit=float(str(limits["room"])), member=every, weight=volume)
    ] if "room" in limits else []  # fmt: skip
    return Problem(
        first=np.cumsum([0, *(len(each) for each in options)]),
        cost=cost,
        value=np.asarray([v for each in options for _, v, _ in each]),
        group=np.zeros(len(rows), dtype=np.int64),
        caps=caps,
        minimums=[],
        containers=boxes if limits.get("size") else None,
    )


def test_a_container_at_93_percent_is_filled_by_what_loses_least_not_by_all_alike() -> None:
    dear = [(n, 5.0 * min(n, 46) - 4.0 * max(n - 46, 0), float(n)) for n in range(1, 60)]
    mild = [(n, 5.0 * min(n, 47) - 0.5 * max(n - 47, 0), float(n)) for n in range(1, 60)]
    case = one_supplier([dear, mild], size=100.0, fee=20, fill=1.0)

    assert case.cost[solve(case).choice].tolist() == [46, 54]


def test_a_second_container_is_not_begun_for_what_earns_less_than_its_freight() -> None:
    item = [(n, 2.0 * n, float(n)) for n in range(1, 106)]
    for fee, bought in ((30, 100), (5, 105)):
        case = one_supplier([item], size=100.0, fee=fee)
        assert case.cost[solve(case).choice].tolist() == [bought]


def test_where_there_is_no_room_nothing_is_bought() -> None:
    case = one_supplier([[(10, 5.0, 1.0)]], room=0)

    assert solve(case).value == 0.0


def test_scarce_room_goes_to_what_earns_most_in_it() -> None:
    bulky, small = [(10, 9.0, 6.0)], [(10, 5.0, 2.0)]
    case = one_supplier([bulky, small, small], room=6)

    found = solve(case)

    assert found.value == 10.0
    assert found.choice.tolist() == [0, 3, 5]


def test_stock_is_moved_only_where_it_is_given() -> None:
    """Two takers want four units each, the giver has four to spare at a loss of one."""
    pool = np.asarray([-1, 0, -1, 0, -1, 0])
    case = Problem(
        first=np.asarray([0, 2, 4, 6]),
        cost=np.asarray([0, 0, 0, 3, 0, 3]),
        value=np.asarray([0.0, -1.0, 0.0, 9.0, 0.0, 8.0]),
        group=np.zeros(3, dtype=np.int64),
        caps=[Cap(scope="total", limit=10, member=np.ones(3, dtype=bool))],
        minimums=[],
        idle=np.ones(6, dtype=bool),
        pools=Pools(pool=pool, draw=np.asarray([0, -4.0, 0, 4.0, 0, 4.0]), count=1),
    )

    found = solve(case)

    assert found.value == 8.0
    assert found.choice.tolist() == [1, 3, 4]
