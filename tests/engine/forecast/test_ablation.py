"""Ablation: with inputs made neutral and fitted parameters held, their drivers disappear."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from engine.demand import clean_demand
from engine.forecast.assembly import training_and_plans
from engine.forecast.forecasting import learn
from engine.forecast.learned import Learned
from engine.forecast.outlook import driver_stages, outlook
from engine.forecast.plans import Plans
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import DRIVERS
from engine.model.snapshot import Snapshot
from support.demand import AS_OF, daily_sales, daily_stock, snapshot

DAYS = 728
MONDAY = pd.Timestamp(AS_OF)
STEPS = 13


def _eventful() -> Snapshot:
    """Season, a feast, promotions and stockouts, all at once."""
    random = np.random.default_rng(5)
    day = np.arange(DAYS)
    promoted = [(k % 20, w) for k, w in enumerate([*range(-90, -8, 3), 1, 3, 5])]
    feasts = [MONDAY + pd.Timedelta(weeks=w) for w in (-80, -27, 6)]
    sales, stock = [], []
    for k in range(20):
        mean = (2 + k) * (1 + 0.4 * np.sin(2 * np.pi * day / 364))
        for feast in feasts[:2]:
            at = DAYS + (feast - MONDAY).days
            mean[at : at + 7] *= 1.8
        for _, week in [pair for pair in promoted if pair[0] == k and pair[1] < 0]:
            mean[DAYS + 7 * week : DAYS + 7 * week + 7] *= 2.0
        units = random.poisson(mean)
        on_hand = np.where(random.random(DAYS) < 0.04, 0.0, 60.0)
        units[on_hand == 0] = 0
        sales.append(daily_sales(f"S{k:02d}", units))
        stock.append(daily_stock(f"S{k:02d}", on_hand))
    return snapshot(
        sales=pd.concat(sales), stock=pd.concat(stock),
        promotions=[_promotion(k, week) for k, week in promoted],
        holidays=[{"date": feast, "name": "Feast"} for feast in feasts],
    )  # fmt: skip


def _promotion(item: int, week: int) -> dict[str, object]:
    start = MONDAY + pd.Timedelta(weeks=week)
    return {
        "promotion": f"P{item}-{week}", "sku": f"S{item:02d}", "depth": 0.3,
        "start_date": start, "end_date": start + pd.Timedelta(days=6),
    }  # fmt: skip


@cache
def _learned_and_plans() -> tuple[Learned, Plans]:
    whole = _eventful()
    override = {
        "sku": "S03", "location": "MAIN", "start_date": MONDAY, "factor": 1.4, "units": np.nan,
        "end_date": MONDAY + pd.Timedelta(weeks=3), "reason": "fair", "author": "ann",
    }  # fmt: skip
    decisions = Decisions(overrides=pd.DataFrame([override]))
    panel = clean_demand(whole, PlanConfig())
    training, plans = training_and_plans(panel, whole, STEPS, decisions)
    learned = learn(training, plans, panel.series, whole)
    growing = learned.course.level[:, None] * 1.01 ** np.arange(1, STEPS + 1)
    # Growth and price answers of our own, so that every driver has something to lose.
    structure, levers = learned.here.structure, plans.levers
    answer = replace(structure.response, elasticity=-np.linspace(0.5, 3.0, len(panel.series)))
    structure = replace(structure, response=answer, usual_price=np.zeros(len(panel.series)))
    plans = replace(plans, levers=replace(levers, log_price=np.full(levers.shape, 0.1)))
    course = replace(learned.course, path=growing)
    return replace(learned, course=course, here=replace(learned.here, structure=structure)), plans


@pytest.mark.parametrize("count", range(1, len(DRIVERS) + 1))
def test_neutral_inputs_leave_nothing_of_their_drivers(count: int) -> None:
    learned, plans = _learned_and_plans()
    drivers, mean = driver_stages(learned, plans.neutral_after(count))

    assert np.abs(drivers[:, :, count:].sum(axis=2)).max(initial=0.0) < 1e-9
    assert np.abs(drivers[:, :, :count].sum(axis=2) - mean).max() < 1e-9


@pytest.mark.parametrize("count", range(1, len(DRIVERS) + 1))
def test_the_drivers_in_force_are_those_of_the_whole_forecast(count: int) -> None:
    learned, plans = _learned_and_plans()
    whole, _ = driver_stages(learned, plans)
    part, mean = driver_stages(learned, plans.neutral_after(count))

    assert np.abs(part[:, :, :count] - whole[:, :, :count]).max() < 1e-9
    assert np.abs(mean - whole[:, :, :count].sum(axis=2)).max() < 1e-9


def test_drivers_sum_exactly_to_the_mean_with_everything_in_force() -> None:
    learned, plans = _learned_and_plans()
    drivers, mean = driver_stages(learned, plans)

    assert (drivers.sum(axis=2) == mean).all()
    assert np.abs(mean - outlook(learned, plans)).max() < 1e-9


def test_every_input_of_the_eventful_company_moves_its_forecast() -> None:
    learned, plans = _learned_and_plans()
    drivers, _ = driver_stages(learned, plans)
    moved = np.abs(drivers).sum(axis=(0, 1))
    expected = [name for name in DRIVERS if name != "pulse"]

    assert [name for name in expected if moved[DRIVERS.index(name)] <= 1e-6] == []


def test_an_input_that_says_nothing_is_a_neutral_input() -> None:
    """No promotion planned, no holiday ahead, no override: their drivers are nothing."""
    learned, plans = _learned_and_plans()
    quiet = replace(
        plans, levers=plans.levers.unpromoted(), holidays=plans.holidays.none(),
        overrides=plans.overrides.iloc[:0],
    )  # fmt: skip
    drivers, _ = driver_stages(learned, quiet)

    for name in ("event", "promotion", "override"):
        assert np.abs(drivers[:, :, DRIVERS.index(name)]).max() < 1e-9
