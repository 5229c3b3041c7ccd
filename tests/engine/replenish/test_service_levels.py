"""What service targets and values mean over many cycles, and how orders answer to stock."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from engine.model.config import Objective, PlanConfig, Shortage
from engine.replenish.demand_paths import DemandPaths
from engine.replenish.following import following
from engine.replenish.quantities import best_single_units
from engine.replenish.shortfall import Coming, Window, shortfall
from engine.replenish.worth import Economics, Worth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PATHS, WEEKS = 256, 6


def orders(config: PlanConfig, paths: Floats, stock: Floats, coming: Floats, lead: int) -> Ints:
    """Units ordered at each place now; `coming` [place, week] arrives as a week begins."""
    places = len(stock)
    demand = DemandPaths.of(np.repeat(paths[None], places, axis=0), 7)
    days: Floats = 7.0 * np.arange(coming.shape[1], dtype=np.float64)
    lines = Coming(
        day=np.broadcast_to(days[None, :, None], (*coming.shape, len(paths))), units=coming
    )
    start = np.full((places, len(paths)), 7.0 * lead)
    window = Window(start=start, end=start + 7.0)
    ones = np.ones(places)
    money = Economics(
        cost=10 * ones, margin=2 * ones, holding=ones / 70, waiting=ones,
        shelf_life_days=np.inf * ones, batch=ones,
    )  # fmt: skip
    missing = shortfall(demand, stock, lines, window, config.shortage)
    after = None
    if config.objective == "economic":
        after = following(demand, stock, lines, window)
    rate = float(paths.mean()) / 7 * ones
    worth = Worth(missing, window.days, rate, money, config, after)
    most = np.full(places, 400)
    return best_single_units(worth.of, np.arange(places), most, np.zeros(places))


def served_share(config: PlanConfig, lead: int) -> float:
    """Of the demand of 40 weeks after 10, at 60 places that order every week.

    Lumpy: ten units on one day in ten, as the forecast knows.
    """
    random = np.random.default_rng(12)
    paths = np.multiply(10.0, random.binomial(7, 0.1, size=(PATHS, WEEKS)), dtype=np.float64)
    stock, pipeline = np.full(60, 30.0), np.zeros((60, lead))
    wanted, lost = 0.0, 0.0
    for week in range(50):
        now = np.concatenate([pipeline, np.zeros((60, 1))], axis=1)
        now[:, lead] += orders(config, paths, stock, pipeline, lead)
        demand = 10.0 * random.binomial(7, 0.1, size=60)
        held = stock + now[:, 0]
        stock, pipeline = np.maximum(held - demand, 0.0), now[:, 1:]
        if week >= 10:
            wanted += demand.sum()
            lost += np.maximum(demand - held, 0.0).sum()
    return 1 - lost / wanted


@pytest.mark.parametrize("target", [0.9, 0.97])
def test_a_lumpy_item_hits_its_fill_rate_over_a_year_of_weekly_orders(target: float) -> None:
    config = PlanConfig(objective="fill_rate", service_target=target)

    assert served_share(config, lead=1) == pytest.approx(target, abs=0.03)


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    mean=st.sampled_from([0.3, 2.0, 15.0]),
    stock=st.integers(0, 30),
    lead=st.integers(0, 2),
    shortage=st.sampled_from(["lost_sales", "backorders"]),
    objective=st.sampled_from(["economic", "cycle_service", "fill_rate"]),
)
def test_one_more_unit_of_stock_never_raises_an_order_by_more_than_one(
    seed: int, mean: float, stock: int, lead: int, shortage: Shortage, objective: Objective
) -> None:
    random = np.random.default_rng(seed)
    paths = random.negative_binomial(2, 2 / (2 + mean), size=(128, WEEKS)).astype(float)
    coming = np.repeat(random.integers(0, 5, size=(1, lead)).astype(float), 2, axis=0)
    config = PlanConfig(shortage=shortage, objective=objective)

    fewer, more = orders(config, paths, np.asarray([stock, stock + 1.0]), coming, lead)

    assert more <= fewer + 1
