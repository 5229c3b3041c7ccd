"""Acid test 22 for the coupled heuristic: more of anything costs no more than its certified gap."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from evals.allocation.demand import draw_items, gross_value
from evals.allocation.evaluator import bound, worth
from evals.allocation.generate import coupled_instance
from evals.allocation.instance import Instance
from evals.allocation.ours import solve_ours

ITEMS, SUPPLIERS = 36, 4
SEEDS = range(3)


class Plan:
    """What was found and what is proven, value of stock at hand included."""

    def __init__(self, instance: Instance, at_hand: float = 0.0) -> None:
        answer = solve_ours(instance)
        self.value = at_hand + worth(instance, answer.choice)
        self.bound = at_hand + bound(instance, answer.certificate)


@pytest.fixture(scope="module")
def plans() -> dict[int, Plan]:
    return {seed: Plan(coupled_instance(ITEMS, SUPPLIERS, seed)) for seed in SEEDS}


@given(seed=st.sampled_from(list(SEEDS)), more=st.floats(0.0, 1.0))
@settings(max_examples=5, deadline=None)
def test_value_falls_with_no_larger_budget_or_room_beyond_the_gap(
    plans: dict[int, Plan], seed: int, more: float
) -> None:
    instance, before = coupled_instance(ITEMS, SUPPLIERS, seed), plans[seed]
    richer = Plan(replace(instance, budget=int(instance.budget * (1 + more))))
    roomier = Plan(replace(instance, volume_cap=instance.volume_cap * (1 + more)))

    for after in (richer, roomier):
        falls_by_no_more_than_the_gap(before, after)


@given(seed=st.sampled_from(list(SEEDS)), chosen=st.sets(st.integers(0, ITEMS - 1), min_size=1))
@settings(max_examples=5, deadline=None)
def test_value_falls_with_no_unit_of_stock_beyond_the_gap(
    plans: dict[int, Plan], seed: int, chosen: set[int]
) -> None:
    instance, worth_of_it = _with_one_more_unit(seed, chosen)
    after = Plan(instance, worth_of_it)

    falls_by_no_more_than_the_gap(plans[seed], after)


def falls_by_no_more_than_the_gap(before: Plan, after: Plan) -> None:
    """The better plan exists, so its proof is above the plan before; ours is within its gap."""
    assert after.bound >= before.value * (1 - 1e-9)
    assert after.value >= before.value - (after.bound - after.value) - 1e-6 * before.value


def _with_one_more_unit(seed: int, chosen: set[int]) -> tuple[Instance, float]:
    """One more unit of some items that move nothing, and what these units are worth."""
    instance = coupled_instance(ITEMS, SUPPLIERS, seed)
    items = draw_items(ITEMS, np.random.default_rng([seed, ITEMS, SUPPLIERS]))
    # Of items that can be moved the amounts on offer depend on the stock: other choices, then.
    plain = np.setdiff1d(np.asarray(sorted(chosen)), instance.owner[instance.pool >= 0])
    richer = replace(items, stock=items.stock + np.isin(np.arange(ITEMS), plain))
    mine = np.isin(instance.owner, plain)
    row, units = instance.owner[mine], instance.units[mine].astype(np.float64)
    value = instance.value.copy()
    value[mine] += gross_value(richer, row, units) - gross_value(items, row, units)
    worth_of_it = gross_value(items, plain, np.ones(len(plain))).sum()
    return replace(instance, value=value), float(worth_of_it)
