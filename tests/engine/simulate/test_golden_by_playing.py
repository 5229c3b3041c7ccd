"""The textbook costs of the kernels, met by playing the policies they speak of."""

import numpy as np
import pytest

from engine.kernels.newsvendor import newsvendor_normal, newsvendor_poisson
from engine.kernels.reorder_points import min_max_poisson, reorder_point_eil
from engine.kernels.service import (
    LeadTimeDemand,
    fill_rate,
    fill_rate_one_term,
    reorder_point_for_fill_rate,
)
from engine.simulate.one_item import Costs, Played, base_stock, min_max, play, reorder_lots

ERRORS = 4.0  # standard errors within which a correct figure lies all but never outside


def random(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def near(played: Played, cost: float, *, within: float = 0.0) -> bool:
    """Within simulation error, and that error is small enough to mean something."""
    assert played.cost_error < 0.004 * cost
    return abs(played.cost - cost) <= ERRORS * played.cost_error + within * cost


@pytest.mark.parametrize(("lead_time", "published"), [(0, 1.997605), (4, 4.466781)])
def test_the_normal_newsvendor_costs_what_the_book_says(lead_time: int, published: float) -> None:
    best = newsvendor_normal(
        holding_cost=0.18, shortage_cost=0.70, mean=50, sd=8, lead_time=lead_time
    )
    demand = random(1).normal(50, 8, (600, 1_500))

    played = play(
        base_stock(best.level), demand, Costs(holding=0.18, owing=0.70),
        lead_time=lead_time, start=best.level, warm_up=20,
    )  # fmt: skip

    assert near(played, published)


@pytest.mark.parametrize("lead_time", [0, 2])
def test_the_poisson_newsvendor_costs_what_the_book_says_and_no_other_level_less(
    lead_time: int,
) -> None:
    periods = lead_time + 1
    best = newsvendor_poisson(holding_cost=1, shortage_cost=4, mean=6 * periods)
    demand = random(2).poisson(6, (600, 1_500)).astype(float)

    cost = {
        level: play(
            base_stock(level),
            demand,
            Costs(holding=1, owing=4),
            lead_time=lead_time,
            start=level,
            warm_up=20,
        )
        for level in (best.level - 1, best.level, best.level + 1)
    }

    assert near(cost[best.level], 3.570107 if lead_time == 0 else best.cost)
    assert min(cost, key=lambda level: cost[level].cost) == best.level


def test_exact_min_max_costs_what_the_book_says_and_its_neighbours_more() -> None:
    best = min_max_poisson(fixed_cost=5, holding_cost=1, shortage_cost=4, mean=6)
    demand = random(3).poisson(6, (1_500, 1_500)).astype(float)
    costs = Costs(holding=1, owing=4, order=5)

    def of(low: int, high: int) -> Played:
        return play(min_max(low, high), demand, costs, start=high, warm_up=50)

    assert (best.minimum, best.maximum) == (4, 10)
    assert near(of(4, 10), 8.034112)
    # The same demand meets all of them, so even small differences show.
    neighbours = [(3, 10), (5, 10), (4, 9), (4, 11), (5, 11), (3, 9)]
    assert all(of(*each).cost > of(4, 10).cost for each in neighbours)


def test_the_reorder_point_of_the_book_costs_what_its_approximation_says() -> None:
    """Played in steps of a four-hundredth year, because the formula looks at stock all the time.

    It holds the backorders against the stock and knows no undershoot; two percent covers both.
    """
    steps, years, paths = 400, 12, 800
    best = reorder_point_eil(
        fixed_cost=8, holding_cost=0.225, shortage_cost=7.5, demand=1300,
        lead_demand_mean=1300 / 12, lead_demand_sd=150 / np.sqrt(12),
    )  # fmt: skip
    demand = random(4).normal(1300 / steps, 150 / np.sqrt(steps), (steps * years, paths))

    played = play(
        reorder_lots(best.reorder_point, best.quantity),
        demand,
        Costs(holding=0.225 / steps, shortage=7.5, order=8),
        lead_time=round(steps / 12),
        start=best.reorder_point + best.quantity / 2,
        warm_up=steps,
    )

    assert best.cost == pytest.approx(95.4511, abs=5e-5)
    assert near(played, 95.4511 / steps, within=0.02)


def test_the_exact_fill_rate_is_what_is_filled_and_the_one_term_formula_is_not() -> None:
    """Small batches: a cycle starts short with what the last one left, which one term forgets."""
    steps = 250  # of a lead time, so that a step seldom sells more than one
    protected = (steps + 1) / steps  # looked at in the morning, counted in the evening
    demand = LeadTimeDemand(mean=100 * protected, sd=10 * np.sqrt(protected))
    reorder = round(reorder_point_for_fill_rate(0.6, quantity=10, demand=demand))
    paths = random(5).poisson(100 / steps, (steps * 30, 300)).astype(float)

    played = play(
        reorder_lots(reorder, 10), paths, Costs(holding=0.0), lead_time=steps,
        start=reorder + 5, warm_up=2 * steps,
    )  # fmt: skip

    # Whole units: the reorder point stands for the half unit above it.
    exact = fill_rate(reorder_point=reorder + 0.5, quantity=10, demand=demand)
    rough = fill_rate_one_term(reorder_point=reorder + 0.5, quantity=10, demand=demand)
    assert played.fill_error < 0.005
    assert played.fill_rate == pytest.approx(exact, abs=0.02)
    assert rough < played.fill_rate - 0.03
    assert played.order_share == pytest.approx(100 / steps / 10, rel=0.01)
