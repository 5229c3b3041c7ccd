"""Whatever the history, there is a forecast, and it says how it came about."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from engine.demand import clean_demand
from engine.forecast import forecast_demand
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import Forecast
from support.demand import daily_sales, daily_stock, days_before, snapshot
from support.forecast import column, forecast_of, row_of

DAYS = 364
EVERY = np.arange(DAYS)


def _histories() -> Mapping[str, np.ndarray]:
    random = np.random.default_rng(1)
    usual = random.poisson(4, DAYS).astype(float)
    return {
        "USUAL": usual,
        "CONSTANT": np.full(DAYS, 5.0),
        "ONE-POINT": np.where(EVERY == 100, 3.0, 0.0),
        "THREE-DAYS": np.where(EVERY >= DAYS - 3, 4.0, 0.0),
        "HUGE-SPIKE": np.where(EVERY == 50, 1e6, usual),
        "GAPS": np.where((EVERY // 60) % 2 == 0, usual, 0.0),
        "NEGATIVE": np.where(EVERY % 2 == 0, 2.0, -2.0),
        "ENDED-LONG-AGO": np.where(EVERY < 60, 9.0, 0.0),
        "ONCE-A-QUARTER": np.where(EVERY % 90 == 0, 40.0, 0.0),
    }


def _whole() -> Forecast:
    histories = _histories()
    sales = pd.concat([daily_sales(sku, units) for sku, units in histories.items()])
    sales = pd.concat([sales, sales[sales["sku"] == "CONSTANT"].head(3)])  # duplicated rows
    stock = pd.concat([
        daily_stock("NEVER-SOLD", np.full(DAYS, 9.0)),
        daily_stock("ALL-CENSORED", np.zeros(DAYS)),
        daily_stock("USUAL", np.full(DAYS, 9.0)),
    ])  # fmt: skip
    items = [{"sku": sku, "category": "goods", "price_micros": 0} for sku in histories]
    items += [{"sku": sku, "category": "odd"} for sku in ("NEVER-SOLD", "ALL-CENSORED")]
    items += [{"sku": "PLANNED", "status": "planned", "category": "goods"}]
    promotions = [{"promotion": "UNDATED", "sku": "USUAL"}]
    return forecast_of(snapshot(sales=sales, stock=stock, items=items, promotions=promotions))


FORECAST = _whole()


def test_no_output_is_ever_missing_or_negative() -> None:
    for values in (FORECAST.mean, FORECAST.quantiles):
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    assert np.isfinite(FORECAST.drivers).all()
    assert FORECAST.series.drop(columns="launch_date").notna().all().all()


def test_quantiles_are_monotone_and_whole() -> None:
    assert (np.diff(FORECAST.quantiles, axis=2) >= 0).all()
    assert (FORECAST.quantiles == np.rint(FORECAST.quantiles)).all()


def test_drivers_add_up_to_the_mean_to_the_last_bit() -> None:
    assert (FORECAST.drivers.sum(axis=2) == FORECAST.mean).all()


@pytest.mark.parametrize(
    ("sku", "weekly", "method"),
    [
        ("CONSTANT", 35.0, None),
        ("USUAL", 28.0, None),
        ("HUGE-SPIKE", 28.0, None),
        ("THREE-DAYS", 28.0, "category proxy"),
        ("NEVER-SOLD", 0.0, "no sale so far"),
        ("ENDED-LONG-AGO", 0.0, "demand has ended"),
    ],
)
def test_odd_histories_get_sensible_levels_by_named_methods(
    sku: str, weekly: float, method: str | None
) -> None:
    row = row_of(FORECAST, sku)

    assert FORECAST.mean[row].mean() == pytest.approx(weekly, rel=0.5, abs=1.5)
    assert column(FORECAST, "reason", sku)
    if method:
        assert column(FORECAST, "method", sku) == method


@pytest.mark.parametrize("sku", ["THREE-DAYS", "ALL-CENSORED", "PLANNED"])
def test_too_little_history_says_so(sku: str) -> None:
    assert column(FORECAST, "reason", sku).startswith("insufficient history - using category proxy")
    assert column(FORECAST, "confidence", sku) == "low"


def test_an_odd_series_changes_its_neighbours_little() -> None:
    alone = forecast_of(snapshot(sales=daily_sales("USUAL", _histories()["USUAL"])))

    together = FORECAST.mean[row_of(FORECAST, "USUAL")]

    assert together == pytest.approx(alone.mean[0], rel=0.1)


@pytest.mark.parametrize("days", [1, 2, 3, 8, 20, 60, 100, 200])
def test_any_length_of_history_is_enough_for_a_forecast(days: int) -> None:
    sales = pd.concat([daily_sales(sku, np.full(days, 3.0)) for sku in "AB"])
    forecast = forecast_of(snapshot(sales=sales))

    assert forecast.mean == pytest.approx(np.full((2, 13), 21.0), rel=0.35)


def test_ten_years_of_history_pass() -> None:
    random = np.random.default_rng(3)
    sales = daily_sales("A", random.poisson(2, 3650))
    forecast = forecast_of(snapshot(sales=sales))

    assert forecast.mean[0] == pytest.approx(np.full(13, 14.0), rel=0.3)


def test_a_leap_day_is_a_day_like_any_other() -> None:
    starts = pd.date_range("2027-06-01", "2028-03-05")
    sales = pd.DataFrame({"date": starts, "sku": "A", "units": 4.0})
    forecast = forecast_of(
        snapshot(sales=sales, as_of=pd.Timestamp("2028-03-06").date()),
        PlanConfig(bucket="day", horizon=10),
    )

    assert forecast.starts[0] == pd.Timestamp("2028-03-06")
    assert forecast.mean[0] == pytest.approx(np.full(10, 4.0), rel=0.1)


def test_a_company_that_never_sold_gets_an_empty_forecast() -> None:
    forecast = forecast_of(snapshot(items=[{"sku": "A"}], locations=[{"location": "MAIN"}]))

    assert forecast.mean.shape == (0, 13)


def test_a_company_that_only_plans_gets_zeros_until_it_knows_better() -> None:
    stock = daily_stock("A", np.full(14, 5.0))
    forecast = forecast_of(
        snapshot(stock=stock, items=[{"sku": "A"}], first_day=days_before(14)[0].date())
    )

    assert (forecast.mean == 0).all()
    assert column(forecast, "confidence", "A") == "low"


@settings(max_examples=8, deadline=None)
@given(
    values=st.lists(
        st.lists(st.sampled_from([0, 0, 0, 1, 2, 7, 400]), min_size=30, max_size=30),
        min_size=1,
        max_size=4,
    ),
    stocked=st.booleans(),
)
def test_random_histories_never_break_the_promises(
    values: list[list[int]], *, stocked: bool
) -> None:
    sales = pd.concat([daily_sales(f"S{k}", np.repeat(v, 7)) for k, v in enumerate(values)])
    stock = [daily_stock(f"S{k}", np.repeat(v, 7)) for k, v in enumerate(values)]
    whole = snapshot(sales=sales, **({"stock": pd.concat(stock)} if stocked else {}))
    config = PlanConfig(horizon=5)
    panel = clean_demand(whole, config)
    forecast = forecast_demand(panel, whole, config, Decisions())

    assert np.isfinite(forecast.mean).all()
    assert (forecast.mean >= 0).all()
    assert (forecast.drivers.sum(axis=2) == forecast.mean).all()
    assert (np.diff(forecast.quantiles, axis=2) >= 0).all()
    assert (np.nan_to_num(panel.clean) >= 0).all()
