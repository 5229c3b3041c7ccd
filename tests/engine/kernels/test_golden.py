"""Published figures, each with the name of the example it comes from."""

import math
from datetime import date

import pytest

from engine.errors import InvalidInput
from engine.kernels.budget import OneChance, share_budget_normal, share_budget_poisson
from engine.kernels.discounts import DiscountedQuantity, eoq_all_units, eoq_incremental
from engine.kernels.eoq import economic_order_quantity, eoq_with_backorders
from engine.kernels.joint import joint_replenishment
from engine.kernels.loss import poisson_loss, standard_normal_loss
from engine.kernels.lot_sizing import DatedOrder, dated_requirements, wagner_whitin
from engine.kernels.newsvendor import newsvendor_normal, newsvendor_poisson
from engine.kernels.reorder_points import min_max_poisson, reorder_point_eil
from engine.kernels.service import lead_time_demand


def test_snyder_shen_example_4_3_newsvendor_normal() -> None:
    best = newsvendor_normal(holding_cost=0.18, shortage_cost=0.70, mean=50, sd=8)

    assert best.level == pytest.approx(56.603956, abs=5e-7)
    assert best.cost == pytest.approx(1.997605, abs=5e-7)


def test_snyder_shen_newsvendor_with_lead_time_4_protects_five_periods() -> None:
    best = newsvendor_normal(holding_cost=0.18, shortage_cost=0.70, mean=50, sd=8, lead_time=4)

    assert best.level == pytest.approx(264.766894, abs=5e-7)
    assert best.cost == pytest.approx(4.466781, abs=5e-7)


def test_snyder_shen_example_4_7_newsvendor_poisson() -> None:
    best = newsvendor_poisson(holding_cost=1, shortage_cost=4, mean=6)

    assert best.level == 8
    assert best.cost == pytest.approx(3.570107, abs=5e-7)


def test_snyder_shen_example_3_1_eoq() -> None:
    best = economic_order_quantity(fixed_cost=8, holding_cost=0.225, demand=1300)

    assert best.quantity == pytest.approx(304.046780, abs=5e-7)
    assert best.cost == pytest.approx(68.410526, abs=5e-7)


def test_snyder_shen_example_3_8_eoq_with_backorders() -> None:
    best = eoq_with_backorders(fixed_cost=8, holding_cost=0.225, shortage_cost=5, demand=1300)

    assert best.quantity == pytest.approx(310.812555, abs=5e-7)
    assert best.stockout_share == pytest.approx(0.043062, abs=5e-7)
    assert best.cost == pytest.approx(66.921364, abs=5e-7)


def discounted(holding_rate: float) -> DiscountedQuantity:
    return DiscountedQuantity(
        fixed_cost=8,
        holding_rate=holding_rate,
        demand=1300,
        breaks=(0, 400, 800),
        prices=(0.75, 0.72, 0.68),
    )


@pytest.mark.parametrize(
    ("holding_rate", "quantity", "cost"),
    [(0.3, 800, 978.60), (0.6, 400, 1048.40), (1.2, 152.02, 1111.82)],
)
def test_snyder_shen_all_units_discount_pays_only_while_holding_is_cheap(
    holding_rate: float, quantity: float, cost: float
) -> None:
    best = eoq_all_units(discounted(holding_rate))

    assert best.quantity == pytest.approx(quantity, abs=5e-3)
    assert best.cost == pytest.approx(cost, abs=5e-3)


def test_snyder_shen_incremental_discount() -> None:
    best = eoq_incremental(discounted(0.3))

    assert best.quantity == pytest.approx(304.0468, abs=5e-5)
    assert best.cost == pytest.approx(1043.4105, abs=5e-5)


def test_silver_1976_joint_replenishment_scmo_example() -> None:
    cycle = joint_replenishment(
        fixed_cost=600,
        item_costs=(120, 840, 300),
        holding_costs=(160, 20, 50),
        demands=(1, 1, 1),
    )

    assert cycle.interval == pytest.approx(3.103164, abs=5e-7)
    assert cycle.multiples == (1, 3, 1)
    assert cycle.cost == pytest.approx(837.854403, abs=5e-7)


def test_wagner_whitin_textbook_example() -> None:
    plan = wagner_whitin(fixed_cost=500, holding_cost=2, demand=(90, 120, 80, 70))

    assert plan.orders == (210, 0, 150, 0)
    assert plan.cost == 1380


def test_snyder_shen_example_5_2_reorder_point_by_expected_inventory_level() -> None:
    best = reorder_point_eil(
        fixed_cost=8,
        holding_cost=0.225,
        shortage_cost=7.5,
        demand=1300,
        lead_demand_mean=1300 / 12,
        lead_demand_sd=150 / math.sqrt(12),
    )

    assert best.reorder_point == pytest.approx(213.970, abs=5e-4)
    assert best.quantity == pytest.approx(318.590, abs=5e-4)
    assert best.cost == pytest.approx(95.4511, abs=5e-5)


def test_zheng_federgruen_snyder_shen_example_4_7_min_max() -> None:
    best = min_max_poisson(fixed_cost=5, holding_cost=1, shortage_cost=4, mean=6)

    assert (best.minimum, best.maximum) == (4, 10)
    assert best.cost == pytest.approx(8.034112, abs=5e-7)


def test_loss_functions() -> None:
    assert standard_normal_loss(1) == pytest.approx(0.083315471, abs=5e-10)
    assert poisson_loss(18, 15) == pytest.approx(0.517609528, abs=5e-10)


def test_lead_time_demand_with_and_without_lead_time_spread() -> None:
    spread = lead_time_demand(demand_mean=10, demand_sd=3, lead_time_mean=14, lead_time_sd=4)
    steady = lead_time_demand(demand_mean=10, demand_sd=3, lead_time_mean=14)

    assert spread.sd == pytest.approx(41.5452, abs=5e-5)
    assert spread.at_cycle_service(0.95) == pytest.approx(208.3357, abs=5e-5)
    assert steady.at_cycle_service(0.95) == pytest.approx(158.46, abs=5e-3)


THREE = (
    OneChance(mean=100, sd=30, cost=10, price=25, salvage=5),
    OneChance(mean=60, sd=12, cost=25, price=40, salvage=15),
    OneChance(mean=40, sd=20, cost=8, price=30, salvage=2),
)


def test_budget_newsvendor_the_cap_costs_298_15() -> None:
    free = share_budget_normal(THREE, None)
    capped = share_budget_normal(THREE, 2300)

    assert capped.shadow_price == pytest.approx(0.565599, abs=5e-7)
    assert capped.quantities == pytest.approx((97.53, 38.16, 46.33), abs=5e-3)
    assert free.profit == pytest.approx(2810.12, abs=5e-3)
    assert capped.profit == pytest.approx(2511.97, abs=5e-3)
    assert free.profit - capped.profit == pytest.approx(298.15, abs=5e-3)


def test_budget_newsvendor_discrete_takes_the_best_ratio_that_still_fits() -> None:
    shared = share_budget_poisson(
        (
            OneChance(mean=6, cost=10, price=18, salvage=5),
            OneChance(mean=4, cost=25, price=45, salvage=10),
            OneChance(mean=9, cost=8, price=12, salvage=3),
        ),
        cap=200,
    )

    assert shared.quantities == (6, 3, 8)
    assert shared.profit == pytest.approx(108.72016, abs=5e-6)


def test_frepple_minimum_and_multiple_size_example() -> None:
    orders = dated_requirements(
        on_hand=10,
        due=((date(2026, 1, 5), 5), (date(2026, 1, 8), 20), (date(2026, 1, 31), 100)),
        today=date(2026, 1, 1),
        lead_time_days=14,
        minimum=50,
        multiple=12,
    )

    assert orders == (
        DatedOrder(order_on=date(2026, 1, 1), arrive_on=date(2026, 1, 15), units=60),
        DatedOrder(order_on=date(2026, 1, 17), arrive_on=date(2026, 1, 31), units=60),
    )


def test_a_cost_of_zero_is_refused_with_the_value() -> None:
    with pytest.raises(InvalidInput, match=r"got 0, 0\.7"):
        newsvendor_normal(holding_cost=0, shortage_cost=0.7, mean=50, sd=8)
