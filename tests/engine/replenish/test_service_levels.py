"""What service targets and values mean over many cycles, and how orders answer to stock."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from engine.model.config import Objective, PlanConfig, Shortage
from support.orders import lumps, orders, served_share

PATHS, WEEKS = 256, 6


@pytest.mark.parametrize("target", [0.9, 0.97])
def test_a_lumpy_item_hits_its_fill_rate_over_a_year_of_weekly_orders(target: float) -> None:
    config = PlanConfig(objective="fill_rate", service_target=target)
    paths = lumps(np.random.default_rng(11), (PATHS, WEEKS))

    assert served_share(config, paths, lead=1) == pytest.approx(target, abs=0.03)


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
