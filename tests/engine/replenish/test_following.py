"""Orders under lost sales against the optimum of a dynamic programme over every state of stock."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import nbinom

from engine.model.config import PlanConfig
from engine.replenish.demand_paths import DemandPaths
from engine.replenish.following import Following, NextWindow, following
from engine.replenish.quantities import best_single_units
from engine.replenish.shortfall import Coming, Shortfall, Window, shortfall
from engine.replenish.worth import Economics, Worth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HOLDING, SHORTAGE = 0.2, 1.0
MEAN, SIZE = 4.0, 4.0  # a week's demand, negative binomial
MOST = 26  # units in a state
PATHS = 1024
WEEKS = 10


def chances() -> Floats:
    found = nbinom.pmf(np.arange(MOST + 40), SIZE, SIZE / (SIZE + MEAN))
    return found / found.sum()


def transitions() -> tuple[Floats, Floats]:
    """Chance [begin, end] of the stock after a week, and its expected cost [begin]."""
    demand, chance = np.arange(MOST + 40), chances()
    left = np.maximum(np.arange(MOST + 1)[:, None] - demand, 0)
    lost = np.maximum(demand - np.arange(MOST + 1)[:, None], 0)
    moves = np.zeros((MOST + 1, MOST + 1))
    for begin in range(MOST + 1):
        np.add.at(moves[begin], left[begin], chance)
    return moves, (HOLDING * left + SHORTAGE * lost) @ chance


def long_run_cost(policy: Ints | None) -> float:
    """Per week, by value iteration over (stock with today's arrival, arriving in a week).

    `policy` [stock, arriving] orders two weeks ahead; None: the best in every state.
    """
    moves, cost = transitions()
    onward = np.minimum(np.arange(MOST + 1)[:, None] + np.arange(MOST + 1), MOST)
    value, change = np.zeros((MOST + 1, MOST + 1)), np.zeros((MOST + 1, MOST + 1))
    for _ in range(200):
        later = np.einsum("be,erq->brq", moves, value[onward])
        if policy is None:
            best = later.min(axis=2)
        else:
            best = np.take_along_axis(later, policy[:, :, None], axis=2)[:, :, 0]
        change = cost[:, None] + best - value
        value = value + change - change[0, 0]
        if np.ptp(change) < 1e-6:
            break
    return float(change[0, 0])


def orders(*, followed: bool) -> Ints:
    """The engine's order in every state [stock, arriving], lead time two weeks."""
    states = np.indices((MOST + 1, MOST + 1)).reshape(2, -1)
    places = states.shape[1]
    random = np.random.default_rng(3)
    drawn = random.negative_binomial(SIZE, SIZE / (SIZE + MEAN), (1, PATHS, WEEKS)).astype(float)
    found = np.empty(places, dtype=np.int64)
    for first in range(0, places, 250):
        part = slice(first, min(first + 250, places))
        count = part.stop - part.start
        demand = DemandPaths.of(np.repeat(drawn, count, axis=0), 7)
        coming = Coming(
            day=np.full((count, 1, PATHS), 7.0), units=states[1, part, None].astype(float)
        )
        window = Window(start=np.full((count, PATHS), 14.0), end=np.full((count, PATHS), 21.0))
        stock = states[0, part].astype(float)
        after = following(demand, stock, coming, window) if followed else None
        missing = shortfall(demand, stock, coming, window, "lost_sales")
        worth = worth_of(missing, window, after, MEAN / 7)
        found[part] = best_single_units(
            worth.of, np.arange(count), np.full(count, 60), np.zeros(count)
        )
    return np.minimum(found, MOST).reshape(MOST + 1, MOST + 1)


def worth_of(missing: Shortfall, window: Window, after: Following | None, rate: float) -> Worth:
    ones = np.ones(len(missing.left))
    money = Economics(
        cost=100 * ones, margin=SHORTAGE * ones, holding=HOLDING / 7 * ones, waiting=ones,
        shelf_life_days=np.inf * ones, batch=ones,
    )  # fmt: skip
    config = PlanConfig(holding_basis="closing")
    return Worth(missing, window.days, rate * ones, money, config, after)


def test_orders_under_lost_sales_cost_at_most_one_percent_more_than_the_optimum() -> None:
    optimum = long_run_cost(None)

    followed = long_run_cost(orders(followed=True))
    alone = long_run_cost(orders(followed=False))

    assert followed < 1.01 * optimum
    assert alone > followed + 0.005 * optimum


def test_without_lead_time_the_next_order_knows_all_and_following_changes_nothing() -> None:
    """What is left is then exactly what the next order brings less."""
    random = np.random.default_rng(4)
    demand = DemandPaths.of(random.poisson(5, size=(1, 2048, WEEKS)).astype(float), 7)
    window = Window(start=np.zeros((1, 2048)), end=np.full((1, 2048), 7.0))
    none = Coming(day=np.zeros((1, 0, 2048)), units=np.zeros((1, 0)))
    missing = shortfall(demand, np.zeros(1), none, window, "lost_sales")
    units = np.arange(15, dtype=float)[None, :]
    rows = np.zeros(1, dtype=np.int64)

    after = following(demand, np.zeros(1), none, window)
    followed = worth_of(missing, window, after, 5 / 7).of(units, rows)[0]
    alone = worth_of(missing, window, None, 5 / 7).of(units, rows)[0]

    assert abs(int(followed.argmax()) - int(alone.argmax())) <= 1


def test_stock_after_the_next_window_is_that_of_a_plain_simulation() -> None:
    random = np.random.default_rng(6)
    drawn = random.poisson(3, size=(1, 64, WEEKS)).astype(float)
    demand = DemandPaths.of(drawn, 7)
    window = Window(start=np.full((1, 64), 7.0), end=np.full((1, 64), 14.0))
    coming = Coming(day=np.full((1, 1, 64), 7.0), units=np.asarray([[2.0]]))
    missing = shortfall(demand, np.asarray([4.0]), coming, window, "lost_sales")
    after = following(demand, np.asarray([4.0]), coming, window)
    later = NextWindow(missing, after, np.asarray([0.8]))
    units = np.arange(12, dtype=float)

    found = later.left(units[None, :], np.zeros(1, dtype=np.int64))[0]

    before = np.maximum(4 - drawn[0, :, 0], 0) + 2
    order = later.order[0]
    ends = [
        np.maximum(np.maximum(before + u - drawn[0, :, 1], 0) + order - drawn[0, :, 2], 0).mean()
        for u in units
    ]
    assert found == pytest.approx(np.asarray(ends) - ends[0], abs=1e-9)
