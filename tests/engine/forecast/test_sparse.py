"""Sparse items whose few orders came lately: what of their level lasts."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from engine.demand import clean_demand
from engine.forecast.assembly import Course, training_and_plans
from engine.forecast.backtest import origins
from engine.forecast.classes import CLASSES
from engine.forecast.noise import Errors
from engine.forecast.sparse import settle
from engine.forecast.training import Training
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from support.demand import AS_OF, snapshot

ITEMS, WEEKS, AHEAD = 300, 60, 8
ORIGINS = origins(WEEKS, 7)
FLAT = np.ones((ITEMS, WEEKS))
SPREAD = np.full(ITEMS, 0.5)
INTERMITTENT = np.full(ITEMS, CLASSES.index("intermittent"))


def training() -> Training:
    """Every item in stock all along; what it sold is of no interest here."""
    starts = pd.date_range(end=AS_OF - timedelta(days=7), periods=WEEKS, freq="7D")
    names = [f"S{k:03d}" for k in range(ITEMS)]
    sales = pd.DataFrame({"sku": np.repeat(names, WEEKS), "date": np.tile(starts, ITEMS)})
    sales = sales.assign(units=1, location="MAIN", kind="sale", channel="web")
    known = snapshot(sales_bucket="week", sales=sales)
    panel = clean_demand(known, PlanConfig())
    return training_and_plans(panel, known, AHEAD, Decisions())[0]


def forecast(level: np.ndarray, true: np.ndarray) -> tuple[Course, Errors]:
    """The same level at every origin, and what items with the true rate sold after each."""
    predicted = np.repeat(level[None, :, None], AHEAD, axis=2)
    predicted = np.repeat(predicted, len(ORIGINS), axis=0)
    sold = np.random.default_rng(1).poisson(np.broadcast_to(true[None, :, None], predicted.shape))
    errors = Errors(predicted=predicted, actual=sold.astype(float), seen=predicted > 0)
    return Course(level=level, path=np.repeat(level[:, None], 13, axis=1)), errors


LEVEL = np.random.default_rng(2).gamma(1.0, 0.4, ITEMS) + 0.01


def test_levels_that_were_luck_are_drawn_towards_the_usual_one() -> None:
    course, errors = forecast(LEVEL, np.full(ITEMS, LEVEL.mean()))
    settled, backtest = settle(course, errors, training(), FLAT, INTERMITTENT, SPREAD)
    high = 2 * LEVEL.mean() < LEVEL

    assert (settled.level[high] < 0.9 * LEVEL[high]).all()
    assert settled.level[LEVEL.mean() > LEVEL] == pytest.approx(LEVEL[LEVEL.mean() > LEVEL])
    assert (backtest.predicted[:, high] < errors.predicted[:, high]).all()
    assert settled.path[:, 0] == pytest.approx(settled.level)


def test_levels_that_last_stay_as_they_are() -> None:
    course, errors = forecast(LEVEL, LEVEL * 1.05)
    settled, _ = settle(course, errors, training(), FLAT, INTERMITTENT, SPREAD)

    assert settled.level == pytest.approx(LEVEL)


def test_what_sells_in_most_weeks_is_left_alone() -> None:
    course, errors = forecast(LEVEL, np.full(ITEMS, LEVEL.mean()))
    smooth = np.full(ITEMS, CLASSES.index("smooth"))

    settled, _ = settle(course, errors, training(), FLAT, smooth, SPREAD)

    assert settled.level == pytest.approx(LEVEL)
