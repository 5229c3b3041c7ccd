"""The waterfall: what each input adds, exactly, and what people set."""

import numpy as np
import pandas as pd
import pytest

from engine.forecast.drivers import horizon_drivers, waterfall
from engine.model.decisions import Decisions
from engine.model.forecast import DRIVERS
from support.demand import AS_OF, daily_sales, daily_stock, snapshot
from support.forecast import forecast_of, row_of

DAYS = 728
MONDAY = pd.Timestamp(AS_OF)


def _seasonal(count: int = 25) -> pd.DataFrame:
    random = np.random.default_rng(4)
    wave = 1 + 0.5 * np.sin(2 * np.pi * np.arange(DAYS) / 364)
    return pd.concat([daily_sales(f"S{k:02d}", random.poisson(6 * wave)) for k in range(count)])


def _override(**values: object) -> Decisions:
    row = {
        "sku": "S00", "location": "MAIN", "start_date": MONDAY + pd.Timedelta(weeks=2),
        "end_date": MONDAY + pd.Timedelta(weeks=4, days=-1), "factor": np.nan, "units": np.nan,
        "low": np.nan, "high": np.nan,
        "reason": "fair", "author": "ann",
    }  # fmt: skip
    return Decisions(overrides=pd.DataFrame([row | values]))


def test_each_driver_is_a_stage_less_the_one_before() -> None:
    stages = [np.array([[10.0]]), np.array([[12.0]]), np.array([[9.0]])]
    drivers, mean = waterfall(stages)

    assert drivers[0, 0].tolist() == [10, 2, -3]
    assert mean[0, 0] == 9


def test_what_ends_leaves_no_dust() -> None:
    random = np.random.default_rng(1)
    stages = [*random.random((8, 50, 4)), np.zeros((50, 4))]
    drivers, mean = waterfall(stages)

    assert (mean == 0).all()
    assert (drivers.sum(axis=2) == mean).all()


def test_season_is_its_own_driver_and_the_baseline_is_the_level() -> None:
    forecast = forecast_of(snapshot(sales=_seasonal()))
    season = forecast.drivers[:, :, DRIVERS.index("seasonality")]
    level = forecast.series["level"].to_numpy()

    assert forecast.drivers[:, :, 0] == pytest.approx(np.repeat(level[:, None], 13, axis=1))
    assert season[:, 2:8].mean() / level.mean() == pytest.approx(0.25, abs=0.12)


def test_percentages_are_of_the_baseline_and_add_up_with_the_units() -> None:
    forecast = forecast_of(snapshot(sales=_seasonal(6)))
    table = horizon_drivers(forecast, steps=4)
    totals = table.groupby(["sku", "location"], sort=True)[["units", "percent"]].sum()
    mean = forecast.mean[:, :4].sum(axis=1)
    baseline = forecast.drivers[:, :4, 0].sum(axis=1)

    assert totals["units"].to_numpy() == pytest.approx(mean, abs=1e-9)
    assert totals["percent"].to_numpy() == pytest.approx(100 * mean / baseline, abs=1e-9)
    assert table["driver"].tolist()[:9] == list(DRIVERS)


def test_the_stockout_correction_is_what_the_records_alone_would_miss() -> None:
    sold, on_hand = np.full(DAYS, 10.0), np.full(DAYS, 100.0)
    sold[-49:-7] = on_hand[-49:-7] = 0
    forecast = forecast_of(snapshot(sales=daily_sales("A", sold), stock=daily_stock("A", on_hand)))
    part = forecast.drivers[0, 0]

    assert part[DRIVERS.index("stockout correction")] > 15
    assert part[0] + part[DRIVERS.index("stockout correction")] == pytest.approx(70, rel=0.1)


def test_an_override_by_factor_is_the_last_driver() -> None:
    whole = snapshot(sales=_seasonal(5))
    plain, changed = forecast_of(whole), forecast_of(whole, decisions=_override(factor=1.5))
    row = row_of(plain, "S00")
    added = changed.drivers[row, :, -1]

    assert added[2:4] == pytest.approx(0.5 * plain.mean[row, 2:4])
    assert (np.delete(added, [2, 3]) == 0).all()
    assert (changed.mean[row + 1 :] == plain.mean[row + 1 :]).all()


def test_an_override_in_units_holds_for_its_period() -> None:
    whole = snapshot(sales=_seasonal(5))
    changed = forecast_of(whole, decisions=_override(units=100))

    assert changed.mean[row_of(changed, "S00"), 2:4] == pytest.approx([50, 50])


def test_an_override_of_an_item_is_shared_by_its_locations() -> None:
    sales = pd.concat([
        daily_sales("S00", np.full(DAYS, 6.0), location="LEEDS"),
        daily_sales("S00", np.full(DAYS, 2.0), location="YORK"),
    ])  # fmt: skip
    changed = forecast_of(snapshot(sales=sales), decisions=_override(location=None, units=80))

    assert changed.mean[:, 2] == pytest.approx([30, 10], rel=0.05)


def test_an_override_that_begins_within_a_week_counts_by_its_days() -> None:
    whole = snapshot(sales=_seasonal(5))
    plain = forecast_of(whole)
    dates = {"start_date": MONDAY + pd.Timedelta(days=5), "end_date": pd.NaT}
    changed = forecast_of(whole, decisions=_override(factor=0.0, **dates))
    row = row_of(plain, "S00")

    assert changed.mean[row, 0] == pytest.approx(plain.mean[row, 0] * 5 / 7)
    assert (changed.mean[row, 1:] == 0).all()


def test_a_holiday_that_moves_is_an_event_and_not_a_season() -> None:
    random = np.random.default_rng(6)
    day = pd.date_range(end=MONDAY - pd.Timedelta(days=1), periods=DAYS)
    feasts = [pd.Timestamp("2025-03-04"), pd.Timestamp("2026-10-20"), pd.Timestamp("2026-12-08")]
    holidays = [{"date": feast, "name": "Feast"} for feast in feasts]
    lift = np.ones(DAYS)
    for feast in feasts[:2]:
        week = (day >= feast - pd.Timedelta(days=1)) & (day < feast + pd.Timedelta(days=6))
        lift[week] = 2.5
    sales = pd.concat([daily_sales(f"S{k:02d}", random.poisson(6 * lift)) for k in range(30)])
    forecast = forecast_of(snapshot(sales=sales, holidays=holidays))
    event = forecast.drivers[:, :, DRIVERS.index("event")]

    assert event[:, 2].mean() > 0.5 * 42
    assert np.abs(event[:, [0, 3, 4]]).max() < 1e-9
    assert np.abs(event[:, 1]).max() < 0.02 * 42  # its eve, on which nothing happened


def test_a_lower_price_raises_demand_as_it_did_before() -> None:
    random = np.random.default_rng(8)
    sales = []
    for k in range(40):
        price = np.where((np.arange(DAYS) // 120 + k) % 2 == 0, 10.0, 8.0)
        price[-364:] = 10.0
        price[-14:] = 8.0
        units = random.poisson(8 * (price / 10) ** -2.0)
        frame = daily_sales(f"S{k:02d}", units)
        sales.append(frame.assign(price_micros=price[units != 0] * 1e6))
    forecast = forecast_of(snapshot(sales=pd.concat(sales)))
    share = forecast.drivers[:, 0, DRIVERS.index("price")].sum() / forecast.mean[:, 0].sum()

    assert 0.05 < share < 0.35
