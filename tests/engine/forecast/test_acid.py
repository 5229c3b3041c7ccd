"""The acid tests of the design that concern demand and forecast."""

import numpy as np
import pandas as pd
import pytest

from engine.model.config import PlanConfig
from support.demand import AS_OF, daily_sales, daily_stock, days_before, snapshot
from support.forecast import column, forecast_of, row_of

DAYS = 728


def _others(count: int, mean: float = 5.0, category: str = "goods") -> tuple[pd.DataFrame, list]:
    """Steady items of the same category, so that pools have members."""
    random = np.random.default_rng(11)
    sales = [daily_sales(f"X{k:02d}", random.poisson(mean, DAYS)) for k in range(count)]
    return pd.concat(sales), [{"sku": f"X{k:02d}", "category": category} for k in range(count)]


@pytest.mark.parametrize("ended_days_ago", [42, 0])
def test_six_weeks_out_of_stock_leave_a_flat_forecast_flat(ended_days_ago: int) -> None:
    sold, on_hand = np.full(DAYS, 10.0), np.full(DAYS, 100.0)
    out = slice(DAYS - ended_days_ago - 42, DAYS - ended_days_ago)
    sold[out] = on_hand[out] = 0
    sold[out.start - 7 : out.start] = 25  # panic buying before it
    forecast = forecast_of(snapshot(sales=daily_sales("A", sold), stock=daily_stock("A", on_hand)))

    assert forecast.mean[0] == pytest.approx(np.full(13, 70.0), rel=0.1)


def test_half_day_stockouts_leave_a_flat_forecast_flat() -> None:
    sold, share = np.full(DAYS, 10.0), np.ones(DAYS)
    sold[-42:], share[-42:] = 5, 0.5
    stock = daily_stock("A", np.full(DAYS, 50), fraction=share)
    forecast = forecast_of(snapshot(sales=daily_sales("A", sold), stock=stock))

    assert forecast.mean[0] == pytest.approx(np.full(13, 70.0), rel=0.1)


def test_phantom_stock_does_not_end_the_forecast() -> None:
    sold = np.full(DAYS, 3.0)
    sold[-56:] = 0
    forecast = forecast_of(
        snapshot(sales=daily_sales("A", sold), stock=daily_stock("A", np.full(DAYS, 12.0)))
    )

    assert forecast.mean[0] == pytest.approx(np.full(13, 21.0), rel=0.15)
    assert forecast.series["confidence"].item() != "high"


def test_last_years_promotion_is_not_learned_as_season_and_next_months_is_planned() -> None:
    random = np.random.default_rng(7)
    day = days_before(DAYS)
    sales, promotions = [], []
    for k in range(30):
        sold = random.poisson(6, DAYS).astype(float)
        year_ago, lately = slice(DAYS - 364 + 14, DAYS - 364 + 28), slice(DAYS - 120, DAYS - 106)
        sold[year_ago] *= 3
        sold[lately] *= 3
        sales.append(daily_sales(f"P{k:02d}", sold))
        for name, when in (("LAST", year_ago), ("SPRING", lately)):
            promotions.append({
                "promotion": name, "sku": f"P{k:02d}", "depth": 0.25,
                "start_date": day[when.start], "end_date": day[when.stop - 1],
            })  # fmt: skip
    planned = {
        "promotion": "NEXT", "sku": "P00", "depth": 0.25,
        "start_date": pd.Timestamp(AS_OF) + pd.Timedelta(days=42),
        "end_date": pd.Timestamp(AS_OF) + pd.Timedelta(days=55),
    }  # fmt: skip
    forecast = forecast_of(snapshot(sales=pd.concat(sales), promotions=[*promotions, planned]))

    quiet = forecast.mean[row_of(forecast, "P01")]
    planned_row = forecast.mean[row_of(forecast, "P00")]
    drivers = forecast.drivers[row_of(forecast, "P00")]

    assert quiet[2:4] == pytest.approx(np.full(2, 42.0), rel=0.15)  # a year after LAST
    assert planned_row[6:8] == pytest.approx(np.full(2, 126.0), rel=0.15)
    assert planned_row[2:4] == pytest.approx(np.full(2, 42.0), rel=0.15)
    assert drivers[6:8, 5] == pytest.approx(np.full(2, 84.0), rel=0.2)  # the promotion's part


def test_a_new_item_names_its_proxy_and_its_wide_band_narrows_weekly() -> None:
    sales, items = _others(12)
    for item in items:
        item |= {"category": "home/lamps", "price_micros": 20e6}
    new = {"sku": "NEW", "category": "home/lamps", "price_micros": 20e6, "launch_date": None}
    width = []
    for weeks in (0, 2, 4, 6):
        launch = pd.Timestamp(AS_OF) - pd.Timedelta(weeks=weeks)
        own = daily_sales("NEW", np.random.default_rng(2).poisson(5, 7 * weeks))
        everything = snapshot(
            sales=pd.concat([sales, own]), items=[*items, new | {"launch_date": launch}]
        )
        forecast = forecast_of(everything)
        row = row_of(forecast, "NEW")
        relative = forecast.quantiles[row, 0, 17] - forecast.quantiles[row, 0, 3]
        width.append(relative / forecast.mean[row, 0])
        assert column(forecast, "reason", "NEW").startswith(
            "insufficient history - using category proxy: X"
        )
        assert column(forecast, "confidence", "NEW") == "low"
        assert forecast.mean[row] == pytest.approx(np.full(13, 35.0), rel=0.35)

    assert width[0] > 1.5 * width[-1]
    assert width == sorted(width, reverse=True)


def test_one_sale_of_an_item_nobody_announced_promises_little() -> None:
    """It is seen because it sold: that it did says nothing of how often it will."""
    sales, items = _others(12)
    once = pd.DataFrame({
        "date": [pd.Timestamp(AS_OF) - pd.Timedelta(days=3)], "sku": "ONCE", "location": "MAIN",
        "units": 1.0, "kind": "sale", "channel": "web",
    })  # fmt: skip
    new = {"sku": "ONCE", "category": "goods", "price_micros": 20e6}
    whole = snapshot(sales=pd.concat([sales, once]), items=[*items, new])
    forecast = forecast_of(whole)
    row, most = row_of(forecast, "ONCE"), forecast.levels.index(0.9)

    assert 0 < forecast.mean[row].mean() < 35.0 / 2
    assert forecast.quantiles[row, 0, most] < 35.0  # what nine weeks out of ten stay below


def test_a_new_set_of_the_same_lamp_is_led_by_its_predecessor() -> None:
    sales, items = _others(12)
    old = daily_sales("OLD", np.random.default_rng(3).poisson(40, DAYS))
    items += [
        {"sku": "OLD", "category": "goods", "successor": "NEW", "status": "discontinued"},
        {"sku": "NEW", "category": "goods", "status": "planned"},
    ]
    forecast = forecast_of(snapshot(sales=pd.concat([sales, old]), items=items))

    assert forecast.mean[row_of(forecast, "OLD")].sum() == 0
    assert column(forecast, "method", "OLD") == "ended"
    assert "OLD" in column(forecast, "proxies", "NEW")
    assert forecast.mean[row_of(forecast, "NEW")].mean() > 4 * 35


def test_a_set_draws_on_the_forecast_of_its_component_once() -> None:
    cups, sets = np.full(DAYS, 2.0), np.full(DAYS, 1.0)
    bundles = [{"bundle_sku": "SET", "component_sku": "CUP", "quantity": 3}]
    sales = pd.concat([daily_sales("CUP", cups), daily_sales("SET", sets)])
    forecast = forecast_of(snapshot(sales=sales, bundles=bundles))

    assert forecast.series["sku"].tolist() == ["CUP"]
    assert forecast.mean[0] == pytest.approx(np.full(13, 35.0), rel=0.05)


def test_returns_renames_and_cases_reach_the_forecast_once() -> None:
    early, late = np.full(DAYS, 2.0), np.full(DAYS, 2.0)
    early[300:], late[:300] = 0, 0
    sales = pd.concat([daily_sales("OLD", early), daily_sales("NEW", late)])
    back = daily_sales("NEW", np.where(np.arange(DAYS) > 320, -1.0, 0)).assign(kind="return")
    items = [{"sku": "NEW", "renamed_from": "OLD", "units_per_record": 6, "category": "x"}]
    forecast = forecast_of(snapshot(sales=pd.concat([sales, back]), items=items))

    assert forecast.series["sku"].tolist() == ["NEW"]
    assert forecast.mean[0] == pytest.approx(np.full(13, 42.0), rel=0.1)  # (2 - 1) x 6 x 7


def test_weekly_and_daily_buckets_tell_the_same_story() -> None:
    sales, items = _others(6)
    whole = snapshot(sales=sales, items=items)
    weekly = forecast_of(whole, PlanConfig(horizon=4))
    daily = forecast_of(whole, PlanConfig(bucket="day", horizon=28))

    assert daily.mean.shape == (6, 28)
    assert daily.mean.sum(axis=1) == pytest.approx(weekly.mean.sum(axis=1), rel=0.08)
