"""What a constraint costs: the plan without it, against brute force and by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from engine.replenish.allocate.hull import hull_steps
from engine.replenish.allocate.problem import Problem
from engine.replenish.allocate.solve import solve
from engine.replenish.compose import allocate, unlimited
from engine.replenish.limit_costs import CONTAINERS, MINIMUMS, LimitCost, limit_costs
from engine.replenish.pose import problem_of
from support.allocation import brute_force, coupled_problems, small_problems
from support.replenish import Item, candidates_for

ITEMS = [
    Item(sku="A", weekly=20.0, price=30.0, cost=10.0, item={"volume_l": 2.0}),
    Item(sku="B", weekly=20.0, price=18.0, cost=10.0, item={"volume_l": 2.0}),
]


@given(case=small_problems())
@settings(max_examples=40, deadline=None)
def test_a_constraint_costs_what_brute_force_says(case: Problem) -> None:
    agrees_with_brute_force(case)


@given(case=coupled_problems())
@settings(max_examples=25, deadline=None)
def test_room_containers_and_minimums_cost_what_brute_force_says(case: Problem) -> None:
    agrees_with_brute_force(case)


def agrees_with_brute_force(case: Problem) -> None:
    found, best = solve(case), brute_force(case)
    for cost in _costs(case):
        without = _left_out(case, cost.scope)
        wins = brute_force(without) - best
        gap = found.bound - found.value
        assert cost.at_least >= 0
        assert cost.at_least <= wins + gap + 1e-6
        assert cost.at_most >= wins - 1e-6


def test_a_budget_costs_what_the_plan_without_it_wins() -> None:
    candidates = candidates_for(ITEMS)
    free = unlimited(candidates)
    half = int(candidates.cost_minor[free.solution.choice].sum()) // 2
    problem, plan = problem_of(candidates, half), allocate(candidates, half, free)
    costs = limit_costs(problem, plan.solution, free.solution.choice, free.steps)

    assert [each.scope for each in costs] == ["total"]
    lost = free.solution.value - plan.solution.value
    assert costs[0].at_least == pytest.approx(lost)
    assert costs[0].at_least <= costs[0].at_most


def test_what_keeps_nothing_back_costs_nothing() -> None:
    candidates = candidates_for(ITEMS)
    rooms = pd.DataFrame({"location": ["MAIN"], "free_volume_l": [1e6], "free_units": [np.nan]})
    candidates = replace(candidates, rooms=rooms)
    free = unlimited(candidates)
    plan = allocate(candidates, 10**9, free)

    problem = problem_of(candidates, 10**9)
    assert limit_costs(problem, plan.solution, free.solution.choice, free.steps) == ()


def _costs(case: Problem) -> tuple[LimitCost, ...]:
    free = solve(replace(case, caps=()))
    steps = hull_steps(
        case.owner, np.arange(len(case.cost)), case.cost.astype(np.float64), case.value
    )
    return limit_costs(case, solve(case), free.choice, steps)


def _left_out(case: Problem, scope: str) -> Problem:
    if scope == MINIMUMS:
        return replace(case, minimums=())
    if scope == CONTAINERS:
        return replace(case, containers=None)
    return replace(case, caps=[cap for cap in case.caps if cap.scope != scope])
