"""The budget decision on its own: bounds, caps, minimums, and brute force on small cases."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from engine.kernels.budget import OneChance
from engine.kernels.loss import normal_loss
from engine.replenish.allocate.certificate import Certificate, certified_bound
from engine.replenish.allocate.hull import hull_steps
from engine.replenish.allocate.problem import Cap, Minimum, Problem
from engine.replenish.allocate.solve import checked_bound, solve
from support.allocation import brute_force, small_problems

Ints = NDArray[np.int64]


def problem(
    items: list[list[tuple[int, float]]],
    *,
    cap: int | None = None,
    group: list[int] | None = None,
    least: list[float] | None = None,
) -> Problem:
    """Items as lists of (cost, value) above buying nothing; minimums on cost."""
    options = [[(0, 0.0), *each] for each in items]
    cost = np.asarray([c for each in options for c, _ in each], dtype=np.int64)
    caps = [] if cap is None else [Cap(scope="total", limit=cap, member=np.ones(len(items), bool))]
    minimums = [
        Minimum(kind="value", weight=cost.astype(float), least=np.asarray(least, dtype=float))
    ]
    return Problem(
        first=np.cumsum([0, *(len(each) for each in options)]),
        cost=cost,
        value=np.asarray([v for each in options for _, v in each]),
        group=np.asarray(group or [0] * len(items)),
        caps=caps,
        minimums=minimums if least else [],
    )


@given(case=small_problems())
@settings(max_examples=150, deadline=None)
def test_the_solver_finds_what_brute_force_finds_and_its_bound_holds(case: Problem) -> None:
    agrees_with_brute_force(case)


@pytest.mark.slow
@pytest.mark.timeout(600)
@given(case=small_problems())
@settings(max_examples=2_000, deadline=None)
def test_thousands_of_small_cases_agree_with_brute_force(case: Problem) -> None:
    agrees_with_brute_force(case)


def agrees_with_brute_force(case: Problem) -> None:
    found = solve(case)
    best = brute_force(case)

    assert case.is_feasible(found.choice)
    assert found.value == pytest.approx(best, abs=1e-6)
    assert found.bound >= best - 1e-6
    assert certified_bound(case, found.certificate) <= found.bound + 1e-6


@given(case=small_problems(), prices=st.lists(st.floats(0, 5), min_size=2, max_size=2))
@settings(max_examples=60, deadline=None)
def test_any_prices_and_rewards_give_a_valid_bound(case: Problem, prices: list[float]) -> None:
    random = np.random.default_rng(1)
    groups = np.arange(case.groups)
    none = np.zeros(0, dtype=np.int64)
    certificate = Certificate(
        price=np.asarray([prices[: len(case.caps)]]),
        pool_price=np.zeros((1, 0)),
        mode_group=groups,
        mode_boxes=np.zeros_like(groups),
        case_mode=groups,
        reward=random.random((1, case.groups, len(case.minimums))),
        load=np.zeros((1, case.groups)),
        limit_case=none, limit_item=none, limit_low=none, limit_high=none,
        node_parent=np.asarray([-1]), node_group=np.asarray([-1]),
        node_low=np.asarray([0]), node_high=np.asarray([0]), node_row=np.asarray([0]),
    )  # fmt: skip

    assert certified_bound(case, certificate) >= brute_force(case) - 1e-6


def random_problem(seed: int, items: int = 300, groups: int = 12) -> Problem:
    """Concave values with item minimums on some, supplier minimums on half."""
    random = np.random.default_rng(seed)
    lists: list[list[tuple[int, float]]] = []
    for _ in range(items):
        size = int(random.integers(3, 25))
        price = int(random.lognormal(6, 1)) + 50
        gains = np.sort(random.exponential(price * 0.3, size))[::-1] - 0.02 * price
        least = int(random.choice([0, 0, 4]))
        rows = [(price * (n + 1), float(g)) for n, g in enumerate(np.cumsum(gains))]
        lists.append(rows[min(least, size - 1) :])
    case = problem(lists, group=[int(g) for g in random.integers(0, groups, items)])
    free = solve(case)
    spend = case.by_group(case.group, case.cost[free.choice].astype(float))
    least_spend = np.where(random.random(groups) < 0.5, spend * 1.2, 0.0)
    weight = case.cost.astype(float)
    return replace(case, minimums=[Minimum(kind="value", weight=weight, least=least_spend)])


def capped(case: Problem, minor: int) -> Problem:
    everything = np.ones(case.items, dtype=bool)
    return replace(case, caps=[Cap(scope="total", limit=minor, member=everything)])


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_the_gap_is_certified_and_small(share: float) -> None:
    case = random_problem(4)
    free = solve(case)
    cap = int(share * case.cost[free.choice].sum())
    found = solve(capped(case, cap))

    assert case.spent(found.choice) == []
    assert capped(case, cap).is_feasible(found.choice)
    assert found.value <= found.bound
    assert found.gap < 0.01 if share == 0.05 else found.gap < 0.001


def test_the_bound_can_be_recomputed_from_the_certificate() -> None:
    case = capped(random_problem(5), 400_000)
    found = solve(case)

    assert certified_bound(case, found.certificate) == pytest.approx(found.bound, rel=1e-9)


def test_a_bound_below_what_was_found_is_an_error_and_not_raised_in_silence() -> None:
    assert checked_bound(1e6 - 1e-3, 1e6) == 1e6
    with pytest.raises(ArithmeticError, match="above the bound"):
        checked_bound(1e6 - 1, 1e6)


def test_more_budget_never_loses_more_than_the_certified_gap() -> None:
    case = random_problem(6)
    values = [solve(capped(case, minor)) for minor in range(0, 600_000, 200_000)]

    for less, more in itertools.pairwise(values):
        assert more.value >= less.value - (more.bound - more.value) - 1e-6


def test_the_newsvendors_cap_costs_298_15_here_too() -> None:
    """The continuous fixture in tenths of units: a dual of .5656 and a loss of 298.15."""
    three = (
        OneChance(mean=100, sd=30, cost=10, price=25, salvage=5),
        OneChance(mean=60, sd=12, cost=25, price=40, salvage=15),
        OneChance(mean=40, sd=20, cost=8, price=30, salvage=2),
    )
    lists = [
        [(round(one.cost * n * 10), 100 * normal_profit(one, n / 10)) for n in range(1, 2000)]
        for one in three
    ]
    free, found = solve(problem(lists)), solve(problem(lists, cap=230_000))

    assert found.price[0] == pytest.approx(0.565599, abs=5e-4)
    assert (free.value - found.value) / 100 == pytest.approx(298.15, abs=0.02)


def normal_profit(one: OneChance, units: float) -> float:
    """Above ordering nothing, which here still loses the sales it loses."""
    sold = one.mean - normal_loss(units, one.mean, one.sd)
    none = one.mean - normal_loss(0, one.mean, one.sd)
    margin = one.price - one.salvage
    return margin * (sold - none) - (one.cost - one.salvage) * units


def test_a_supplier_minimum_short_by_40_is_topped_up_by_the_best_marginal_value() -> None:
    """Wanted: 30 of each; 100 needed. All 40 more come from the item that loses least."""
    dear = [(10 * n, 5.0 * min(n, 3) - 4.0 * max(n - 3, 0)) for n in range(1, 12)]
    mild = [(10 * n, 5.0 * min(n, 3) - 0.5 * max(n - 3, 0)) for n in range(1, 12)]
    case = problem([dear, mild], least=[100.0])

    found = solve(case)

    assert case.cost[found.choice].tolist() == [30, 70]


def test_a_supplier_whose_minimum_does_not_pay_is_left_out() -> None:
    case = problem([[(10, 5.0), (20, 2.0)]], least=[20.0])
    dear = problem([[(10, 5.0), (20, -2.0)]], least=[20.0])

    assert solve(case).value == 2.0
    assert solve(dear).value == 0.0


def test_a_minimum_out_of_reach_means_nothing_is_bought_and_the_bound_says_so() -> None:
    found = solve(problem([[(10, 5.0)]], least=[50.0]))

    assert found.value == 0.0
    assert found.bound == pytest.approx(0.0, abs=1e-6)


def test_the_certificate_shows_that_a_minimum_beyond_the_budget_brings_nothing() -> None:
    """15 must be spent: 12 is too little, 18 above the cap of 16."""
    case = problem([[(6, 0.0), (12, 0.0), (18, 1.0)]], cap=16, least=[15.0])
    found = solve(case)

    assert found.value == found.bound == 0.0
    assert certified_bound(case, found.certificate) <= 1e-6


def test_several_small_items_reach_a_minimum_that_no_single_one_can() -> None:
    case = problem([[(10, 3.0)]] * 12, least=[100.0])

    assert solve(case).value == 36.0


def test_largest_ratio_that_still_fits_not_the_first_misfit() -> None:
    """The discrete fixture: (6, 3, 8) is worth 108.72, stopping at the misfit 107.635."""
    from engine.kernels.loss import poisson_cdf

    lists: list[list[tuple[int, float]]] = []
    for mean, cost, price, salvage in ((6, 10, 18, 5), (4, 25, 45, 10), (9, 8, 12, 3)):
        gains = [
            (price - salvage) * (1 - poisson_cdf(n, mean)) - (cost - salvage) for n in range(20)
        ]
        total = np.cumsum(gains)
        lists.append([(cost * (n + 1), float(total[n])) for n in range(20)])
    case = problem(lists, cap=200)

    found = solve(case)

    assert (found.choice - case.first[:-1]).tolist() == [6, 3, 8]
    assert found.value == pytest.approx(108.72016, abs=5e-6)


def test_no_budget_buys_nothing() -> None:
    found = solve(problem([[(10, 5.0)]], cap=0))

    assert found.value == 0.0
    assert found.choice.tolist() == [0]


def test_nothing_to_buy_is_a_solution() -> None:
    empty = Problem(
        first=np.zeros(1, dtype=np.int64),
        cost=np.zeros(0, dtype=np.int64),
        value=np.zeros(0),
        group=np.zeros(0, dtype=np.int64),
        caps=[],
        minimums=[],
    )

    assert solve(empty).value == 0.0


@given(case=small_problems())
@settings(max_examples=60, deadline=None)
def test_hull_steps_have_falling_rates_and_lead_from_option_to_option(case: Problem) -> None:
    options = np.arange(len(case.cost))
    steps = hull_steps(case.owner, options, case.cost.astype(float), case.value)

    for item in np.unique(steps.item):
        mine = steps.item == item
        assert (np.diff(steps.rate[mine]) <= 1e-9).all()
        assert steps.before[mine][1:].tolist() == steps.after[mine][:-1].tolist()
        assert steps.use[mine].sum() == case.cost[steps.after[mine][-1]]
