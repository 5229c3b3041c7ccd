"""List prices: stated ones, paid ones, planned ones, and their driver."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.demand import clean_demand
from engine.forecast.assembly import training_and_plans
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import DRIVERS
from engine.model.snapshot import Snapshot
from support.demand import AS_OF, daily_sales, snapshot
from support.forecast import forecast_of

DAYS, ITEMS = 728, 30
MONDAY = pd.Timestamp(AS_OF)
PRICE = DRIVERS.index("price")


def _listed(*more: dict[str, Any]) -> Snapshot:
    """Prices that step by 20 % now and then, and demand that answers with elasticity -2."""
    random = np.random.default_rng(3)
    sales, prices = [], list(more)
    for k in range(ITEMS):
        steps = np.flatnonzero(random.random(DAYS) < 0.02)
        price = np.full(DAYS, 10.0)
        for place, day in enumerate(steps):
            price[day:] = 8.0 if place % 2 == 0 else 10.0
        price[-364:] = 10.0
        changed = np.flatnonzero(np.diff(price, prepend=0.0))
        start = MONDAY - pd.Timedelta(days=DAYS)
        prices += [
            {"valid_from": start + pd.Timedelta(days=int(day)), "sku": f"S{k:02d}",
             "price_micros": price[day] * 1e6}
            for day in changed
        ]  # fmt: skip
        sales.append(daily_sales(f"S{k:02d}", random.poisson(6 * (price / 10.0) ** -2.0)))
    return snapshot(sales=pd.concat(sales), prices=prices)


def _row(price: float, week: int, **more: Any) -> dict[str, Any]:
    day = MONDAY + pd.Timedelta(weeks=week)
    return {"valid_from": day, "sku": "S00", "price_micros": price * 1e6, **more}


def test_a_planned_price_moves_the_forecast_from_its_day_on() -> None:
    forecast = forecast_of(_listed(_row(8.0, 3)))
    own = forecast.drivers[0, :, PRICE] / forecast.mean[0]

    assert own[:3] == pytest.approx(np.zeros(3), abs=0.02)
    assert own[3:] == pytest.approx(np.full(10, 1 - 0.8**2), abs=0.06)
    assert np.abs(forecast.drivers[1:, :, PRICE]).max() < 0.02 * forecast.mean.max()


def test_a_price_elsewhere_and_a_price_of_zero_change_nothing() -> None:
    plain = forecast_of(_listed())
    other = forecast_of(_listed(_row(8.0, 3, location="NOWHERE"), _row(0.0, 3)))

    assert (plain.mean == other.mean).all()


def test_a_location_of_its_own_price_does_not_follow_the_common_one() -> None:
    own = {"location": "MAIN"}
    forecast = forecast_of(_listed(_row(10.0, -104, **own), _row(8.0, 2)))

    assert np.abs(forecast.drivers[0, :, PRICE]).max() < 0.02 * forecast.mean[0].max()


def _foreseen_moves(source: Snapshot) -> bool:
    """Does any list price move after week 90, as foreseen then?"""
    panel = clean_demand(source, PlanConfig())
    training, _ = training_and_plans(panel, source, 4, Decisions())
    prices = training.foreseen(90, 14).levers.log_price
    assert prices is not None
    return bool((np.abs(np.diff(prices[:, 89:], axis=1)) > 0.1).any())


def test_backtests_know_stated_prices_but_not_what_was_going_to_be_paid() -> None:
    whole = _listed(_row(8.0, -8))
    paid = whole["sales"].assign(price_micros=10e6)
    paid.loc[paid["date"] >= MONDAY - pd.Timedelta(weeks=8), "price_micros"] = 5e6

    assert _foreseen_moves(whole)
    assert not _foreseen_moves(snapshot(sales=paid))
