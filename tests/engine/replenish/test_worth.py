"""The value of a quantity against a plain simulation of it, day by day."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from engine.kernels.newsvendor import newsvendor_poisson
from engine.kernels.sorted_rows import SortedRows
from engine.kernels.stock_paths import stock_paths
from engine.model.config import PlanConfig, Shortage
from engine.replenish.demand_paths import DemandPaths
from engine.replenish.shortfall import Coming, Shortfall, Window, shortfall, stockout_days
from engine.replenish.worth import Economics, Worth
from support.replenish import PLAIN, Item, ordered, plan_for

Floats = NDArray[np.float64]
DAYS = 20


def case(
    demand: Floats, available: float, arrivals: list[tuple[int, int]], start: int, end: int
) -> tuple[DemandPaths, Floats, Coming, Window]:
    """One place, one path, days as buckets."""
    paths = DemandPaths.of(demand[None, None, :], bucket_days=1)
    day = np.asarray([[[float(d)] for d, _ in arrivals]]).reshape(1, len(arrivals), 1)
    units = np.asarray([[float(u) for _, u in arrivals]]).reshape(1, len(arrivals))
    window = Window(start=np.full((1, 1), float(start)), end=np.full((1, 1), float(end)))
    return paths, np.asarray([available]), Coming(day=day, units=units), window


def lost_units(
    demand: Floats, available: float, arrivals: list[tuple[int, int]], end: int, shortage: Shortage
) -> float:
    """Lost (or still owed) by the start of day `end`, simulated day by day."""
    coming = np.zeros(DAYS)
    for day, units in arrivals:
        if day < DAYS:
            coming[day] += units
    # What arrives on the last morning serves whoever is owed, but no demand of the window.
    paths = stock_paths(
        start=np.asarray(available), arrivals=coming, demand=demand, shortage=shortage
    )
    if shortage == "lost_sales":
        return float(paths.short[:end].sum())
    return max(float(paths.owed[end - 1]) - float(coming[end]), 0.0) if end else max(-available, 0)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Floats, int, list[tuple[int, int]], int, int]:
    demand = np.asarray(draw(st.lists(st.integers(0, 6), min_size=DAYS, max_size=DAYS)), float)
    arrivals = draw(st.lists(st.tuples(st.integers(0, DAYS - 1), st.integers(1, 15)), max_size=3))
    start = draw(st.integers(0, DAYS - 2))
    end = draw(st.integers(start, DAYS - 1))
    return demand, draw(st.integers(0, 25)), arrivals, start, end


@given(situation=situations(), units=st.integers(0, 40))
def test_units_saved_by_an_order_are_those_that_a_simulation_saves(
    situation: tuple[Floats, int, list[tuple[int, int]], int, int], units: int
) -> None:
    demand, available, arrivals, start, end = situation
    found = shortfall(*case(demand, available, arrivals, start, end), "lost_sales")

    saved = min(units, float(found.need[-1, 0, 0]))

    without = lost_units(demand, available, arrivals, end, "lost_sales")
    with_it = lost_units(demand, available, [*arrivals, (start, units)], end, "lost_sales")
    assert found.lost[0, 0] == pytest.approx(without)
    assert saved == pytest.approx(without - with_it)


@given(situation=situations(), units=st.integers(0, 40))
def test_customers_waiting_less_are_those_that_a_simulation_serves(
    situation: tuple[Floats, int, list[tuple[int, int]], int, int], units: int
) -> None:
    demand, available, arrivals, start, end = situation
    end = max(end, 1)
    start = min(start, end)
    found = shortfall(*case(demand, available, arrivals, start, end), "backorders")

    fewer = min(units, float(found.need[-1, 0, 0]))

    without = lost_units(demand, available, arrivals, end, "backorders")
    with_it = lost_units(demand, available, [*arrivals, (start, units)], end, "backorders")
    assert fewer == pytest.approx(without - with_it)


@given(situation=situations())
def test_stock_runs_out_on_the_day_on_which_a_simulation_runs_out(
    situation: tuple[Floats, int, list[tuple[int, int]], int, int],
) -> None:
    demand, available, arrivals, start, end = situation
    paths, stock, coming, _ = case(demand, available, arrivals, start, end)

    days = float(stockout_days(paths, stock, coming)[0, 0])

    if days < DAYS:
        whole = int(np.floor(days))
        arrived = sum(units for day, units in arrivals if day < days or (day == 0 == days))
        used = demand[:whole].sum() + (days - whole) * demand[min(whole, DAYS - 1)]
        assert used == pytest.approx(available + arrived)


def test_customers_who_wait_are_served_before_new_ones() -> None:
    demand = np.ones(DAYS)
    found = shortfall(*case(demand, -5.0, [(4, 8)], 10, 15), "lost_sales")

    # Four lost until the first arrival, five of it for those who wait, three days served.
    assert found.lost_before[0, 0] == 4 + 3
    assert found.need[0, 0, 0] == 0
    assert found.need[-1, 0, 0] == 5


def test_who_waits_at_arrival_is_part_of_the_need() -> None:
    found = shortfall(*case(np.ones(DAYS), -5.0, [], 10, 15), "lost_sales")

    assert found.need[0, 0, 0] == 5
    assert found.need[-1, 0, 0] == 5 + 5
    assert found.lost[0, 0] == 15


def valued(config: PlanConfig, *, rate: float = 1.0, batch: float = 1.0) -> Worth:
    """No stock, 64 paths of Poisson demand of 20 in a window of a week that starts now."""
    random = np.random.default_rng(5)
    demand = random.poisson(20 / 7, size=(1, 4096, DAYS)).astype(float)
    paths = DemandPaths.of(demand, bucket_days=1)
    shape = (1, 4096)
    window = Window(start=np.zeros(shape), end=np.full(shape, 7.0))
    none = Coming(day=np.zeros((1, 0, 4096)), units=np.zeros((1, 0)))
    missing = shortfall(paths, np.zeros(1), none, window, config.shortage)
    money = Economics(
        cost=np.asarray([10.0]),
        margin=np.asarray([1.0]),
        holding=np.asarray([10 * 2 / 365]),
        waiting=np.asarray([0.1]),
        shelf_life_days=np.asarray([np.inf]),
        batch=np.asarray([batch]),
    )
    return Worth(missing, window.days, np.asarray([rate]), money, config)


def best(worth: Worth, most: int = 60) -> int:
    units = np.arange(most + 1, dtype=float)[None, :]
    return int(worth.of(units, np.asarray([0])).argmax())


def test_on_closing_stock_the_best_quantity_is_the_newsvendors() -> None:
    holding = 10 * 2 / 365 * 7
    expected = newsvendor_poisson(holding_cost=holding, shortage_cost=1, mean=20)

    assert best(valued(PlanConfig(holding_basis="closing"), rate=20 / 7)) == expected.level


def test_on_average_stock_units_that_sell_late_cost_something_too() -> None:
    closing = best(valued(PlanConfig(holding_basis="closing"), rate=20 / 7))

    assert best(valued(PlanConfig(), rate=20 / 7)) < closing


def test_value_is_concave_in_single_units() -> None:
    units = np.arange(80, dtype=float)[None, :]
    value = valued(PlanConfig(), rate=20 / 7).of(units, np.asarray([0]))[0]

    assert (np.diff(value, 2) <= 1e-9).all()


def test_what_is_left_is_worth_less_where_demand_ends() -> None:
    lasting, ending = valued(PlanConfig(), rate=20 / 7), valued(PlanConfig(), rate=0.05)
    forty = np.asarray([[40.0]])

    assert best(ending) < best(lasting)
    assert ending.of(forty, np.asarray([0])) < lasting.of(forty, np.asarray([0]))


def test_a_batch_is_charged_one_cycles_holding_and_not_all_of_its_cover_at_once() -> None:
    """An item that can only be had by the quarter is worth having if the long run pays."""
    quarter = np.asarray([[260.0]])

    as_if_alone = valued(PlanConfig(), rate=20 / 7).of(quarter, np.asarray([0]))[0, 0]
    as_batch = valued(PlanConfig(), rate=20 / 7, batch=260).of(quarter, np.asarray([0]))[0, 0]

    # Twenty sold at 1 a week against holding half a batch for a week.
    long_run = 20 * 1.0 - 130 * 10 * 2 / 365 * 7
    assert as_if_alone < as_batch
    assert as_batch == pytest.approx(long_run, abs=12)


@given(
    samples=st.lists(st.floats(-50, 50), min_size=8, max_size=8),
    bound=st.floats(-60, 60),
)
def test_sorted_rows_answer_as_the_plain_mean_does(samples: list[float], bound: float) -> None:
    values = np.asarray(samples).reshape(2, 4)
    weights = np.arange(1.0, 9.0).reshape(2, 4)
    rows = SortedRows(values, weights)
    one, at = np.asarray([[bound]]), np.asarray([1])

    below = np.maximum(bound - values[1], 0)
    assert rows.minimum(one, at)[0, 0] == pytest.approx(
        (weights[1] * np.minimum(bound, values[1])).mean(), abs=1e-6
    )
    assert rows.excess(one, at)[0, 0] == pytest.approx((weights[1] * below).mean(), abs=1e-6)
    assert rows.squared_excess(one, at)[0, 0] == pytest.approx(
        (weights[1] * below**2).mean(), abs=1e-4
    )


def units_at(objective: str, target: float, item: Item) -> int:
    config = replace(PLAIN, objective=objective, service_target=target, paths=1024)
    return ordered(plan_for([item], config=config))["A", "MAIN"]


def test_98_percent_of_cycles_and_98_percent_of_demand_are_different_orders() -> None:
    """A steady item misses little when it misses; a lumpy one misses much."""
    steady, lumpy = Item(weekly=10), Item(weekly=10, size=0.5)

    assert units_at("cycle_service", 0.98, steady) > units_at("fill_rate", 0.98, steady)
    assert units_at("cycle_service", 0.98, lumpy) < units_at("fill_rate", 0.98, lumpy)


def test_a_service_target_is_met_also_where_there_is_no_margin() -> None:
    assert units_at("cycle_service", 0.98, Item(weekly=10, price=5, cost=10)) > 10


def test_a_lumpy_item_hits_its_fill_rate_on_demand_it_has_not_seen() -> None:
    """Ten units now and then: weekly variance of 70 around 7."""
    item = Item(weekly=7, size=49 / 63)
    units = units_at("fill_rate", 0.95, item)
    random = np.random.default_rng(11)
    week = random.negative_binomial(49 / 63, (49 / 63) / (7 + 49 / 63), size=200_000)

    fill = np.minimum(week, units).sum() / week.sum()

    assert fill == pytest.approx(0.95, abs=0.012)


def test_a_plain_item_orders_what_a_week_after_the_next_will_need() -> None:
    plan = plan_for([Item(weekly=10)], config=PLAIN)

    assert ordered(plan) == {("A", "MAIN"): 18}
    assert dict(plan.lines["steps"].iloc[0])["lost before it can arrive"] == -10


def test_missing_units_of_a_shortfall_never_fall_along_the_window() -> None:
    random = np.random.default_rng(3)
    demand = random.poisson(2, size=(4, 32, DAYS)).astype(float)
    day = random.integers(0, DAYS, size=(4, 2, 32)).astype(float)
    window = Window(start=np.full((4, 32), 3.0), end=np.full((4, 32), 15.0))

    found: Shortfall = shortfall(
        DemandPaths.of(demand, 1),
        np.asarray([0.0, 5.0, 10.0, 40.0]),
        Coming(day=day, units=np.full((4, 2), 6.0)),
        window,
        "lost_sales",
    )

    assert (np.diff(found.need, axis=0) >= 0).all()
    assert (found.left >= 0).all()
