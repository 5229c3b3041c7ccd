"""The challenger: it earns its share, looks at no future, and can be done without."""

import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from engine.demand import clean_demand
from engine.demand.arrays import Floats
from engine.forecast.assembly import training_and_plans
from engine.forecast.backtest import origins, run_backtest, set_stage
from engine.forecast.boosted.challenge import Memory, neutral_logs
from engine.forecast.boosted.challenger import train
from engine.forecast.boosted.contest import (
    NOT_INSTALLED,
    SWITCHED_OFF,
    TOO_LITTLE,
    Contest,
    enter,
)
from engine.forecast.boosted.rows import chosen_series, draw_rows
from engine.forecast.combine import CHALLENGER
from engine.forecast.forecasting import learn
from engine.forecast.learned import Learned
from engine.forecast.outlook import driver_stages
from engine.forecast.plans import Plans
from engine.forecast.pulses import no_pulses
from engine.forecast.training import Training
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import DRIVERS, Forecast
from engine.model.snapshot import Snapshot
from support.demand import AS_OF, daily_sales, snapshot
from support.forecast import forecast_of

SERIES, WEEKS, STEPS = 60, 104, 4
MONDAY = pd.Timestamp(AS_OF)


def _means(first: int, weeks: int) -> Floats:
    """[item, week] each item sells well every other week; no pooled season can know which."""
    rhythm = np.random.default_rng(3).integers(2, size=(SERIES, 1))
    well = (np.arange(first, first + weeks)[None, :] + rhythm) % 2
    return (4 + np.arange(SERIES)[:, None] / 4) * np.where(well, 1.8, 0.2)


def _company() -> Snapshot:
    daily = np.zeros((SERIES, WEEKS, 7))
    daily[:, :, 0] = np.random.default_rng(4).poisson(_means(0, WEEKS))
    sales = [daily_sales(f"S{k:02d}", daily[k].ravel()) for k in range(SERIES)]
    promotions = [
        {"promotion": f"P{k}", "sku": f"S{k:02d}", "depth": 0.3, "kind": "discount",
         "start_date": MONDAY + pd.Timedelta(weeks=k % 3),
         "end_date": MONDAY + pd.Timedelta(weeks=k % 3, days=6)} for k in range(8)
    ]  # fmt: skip
    feasts = [MONDAY + pd.Timedelta(weeks=w) for w in (-60, -9, 2)]
    return snapshot(
        sales=pd.concat(sales), promotions=promotions,
        holidays=[{"date": feast, "name": "Feast"} for feast in feasts],
    )  # fmt: skip


@cache
def _whole() -> Snapshot:
    return _company()


@cache
def _training_and_plans() -> tuple[Training, Plans, pd.DataFrame]:
    panel = clean_demand(_whole(), PlanConfig())
    training, plans = training_and_plans(panel, _whole(), STEPS, Decisions())
    return training, plans, panel.series


@cache
def _learned() -> Learned:
    training, plans, series = _training_and_plans()
    return learn(training, plans, series, _whole())


@cache
def _forecast(*, challenger: bool) -> Forecast:
    return forecast_of(_whole(), PlanConfig(horizon=STEPS, challenger=challenger))


def _rehearsed(training: Training) -> Floats:
    """[origin, row, step] what the challenger says at past origins."""
    contest = enter(training, {}, STEPS, wanted=True)
    run_backtest(set_stage(training, no_pulses), {}, contest.rehearsal)
    return contest.results(training)[CHALLENGER].predicted[0]


def test_what_only_the_trees_can_see_gives_them_the_say() -> None:
    alone, together = _forecast(challenger=False), _forecast(challenger=True)
    truth = _means(WEEKS, STEPS)

    assert together.series["method"].str.contains(CHALLENGER).mean() > 0.5
    assert not alone.series["method"].str.contains(CHALLENGER).any()
    assert np.abs(together.mean - truth).sum() < 0.85 * np.abs(alone.mean - truth).sum()


def test_past_forecasts_of_the_challenger_do_not_move_when_the_future_is_known() -> None:
    training, _, _ = _training_and_plans()
    positions = origins(training.shape[1], training.bucket_days)
    later, earliest = training.sold.copy(), training.sold.copy()
    later[:, max(positions) :] *= 20
    earliest[:, min(positions) :] *= 20
    plain = _rehearsed(training)

    assert (_rehearsed(replace(training, sold=later)) == plain).all()
    assert (_rehearsed(replace(training, sold=earliest))[-1] == plain[-1]).all()


def test_every_row_that_teaches_ends_before_the_origin() -> None:
    training, _, _ = _training_and_plans()
    asked = draw_rows(training, 13).asked

    assert len(asked.series) > 1000
    assert asked.target.max() < training.shape[1]
    assert (asked.origin > 0).all()
    assert set(asked.step.tolist()) == set(range(13))


def test_a_series_is_drawn_by_its_name_wherever_it_stands() -> None:
    training, _, _ = _training_and_plans()
    turned = training.keys[::-1].copy()
    picked = set(training.keys[chosen_series(training.keys, 20)].tolist())

    assert set(turned[chosen_series(turned, 20)].tolist()) == picked


def test_neutral_inputs_leave_nothing_of_their_drivers_with_the_challenger_in_the_mix() -> None:
    learned = _learned()
    _, plans, _ = _training_and_plans()
    whole, mean = driver_stages(learned, plans)

    assert learned.challenge is not None
    assert (whole.sum(axis=2) == mean).all()
    for count in range(1, len(DRIVERS) + 1):
        part, ablated = driver_stages(learned, plans.neutral_after(count))
        assert np.abs(part[:, :, count:].sum(axis=2)).max(initial=0.0) < 1e-9
        assert np.abs(ablated - whole[:, :, :count].sum(axis=2)).max() < 1e-9


def test_what_the_trees_answered_before_changes_no_answer() -> None:
    asked_before = _learned().challenge
    assert asked_before is not None
    shape = asked_before.neutral.shape
    unasked = Memory(outside=neutral_logs(*shape), answer=asked_before.neutral)
    fresh = replace(asked_before, memory=unasked)
    season = np.linspace(0.7, 1.4, shape[1])[None, :]
    one, lift = np.ones((1, 1)), np.ones(shape)
    lift[3, 1] = 1.6
    asked_before.factor(season, one, one, np.ones(shape), pulse=one)
    once = asked_before.factor(season, one, one, lift, pulse=one)
    asked_before.factor(season**2, one, one, lift, pulse=one)

    assert (fresh.factor(season, one, one, lift, pulse=one) == once).all()


def test_ten_times_the_units_are_ten_times_the_forecast() -> None:
    training, _, _ = _training_and_plans()
    tenfold = replace(training, sold=training.sold * 10.0)

    one, ten = _rehearsed(training), _rehearsed(tenfold)

    assert ten.sum() == pytest.approx(10.0 * one.sum(), rel=0.01)
    assert np.median(ten / one) == pytest.approx(10.0, rel=0.01)


def test_the_same_history_grows_the_same_trees() -> None:
    here = _learned().here
    one, two = train(here, 8), train(here, 8)

    assert one.trees.model.model_to_string() == two.trees.model.model_to_string()


def test_without_the_extra_everything_else_forecasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    forecast = forecast_of(_whole(), PlanConfig(horizon=STEPS))

    assert forecast.series["reason"].str.endswith(NOT_INSTALLED).all()
    assert np.isfinite(forecast.mean).all()
    assert (forecast.mean == _forecast(challenger=False).mean).all()


def test_switched_off_it_says_so() -> None:
    assert _forecast(challenger=False).series["reason"].str.endswith(SWITCHED_OFF).all()


def test_three_days_of_one_item_are_too_little() -> None:
    forecast = forecast_of(
        snapshot(sales=daily_sales("A", np.full(3, 5.0))), PlanConfig(bucket="day")
    )
    training, _, _ = _training_and_plans()
    few = training.before(origins(training.shape[1], 7)[-1])

    assert np.isfinite(forecast.mean).all()
    assert not forecast.series["method"].str.contains(CHALLENGER).any()
    assert enter(few.before(20), {}, STEPS, wanted=True) == Contest(rehearsal=None, note=TOO_LITTLE)
