"""Items that have hardly sold: level and width against items whose truth is known."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from engine.forecast.mixture import chance_at_most
from engine.forecast.newcomers_launches import LaunchCurve, growth_ahead
from engine.forecast.newcomers_posterior import GRID, density, mean_factor
from engine.forecast.sums import cumulative_moments
from engine.model.forecast import Forecast
from engine.model.snapshot import Snapshot
from support.demand import AS_OF, daily_sales, snapshot
from support.forecast import forecast_of, row_of

WEEKS, HIDDEN, ITEMS = 60, 120, 480
SPREAD = 1.1  # standard deviation of the logarithm of levels


@cache
def _levels() -> np.ndarray:
    return np.exp(np.random.default_rng(5).normal(1.0, SPREAD, ITEMS))  # units a week


@cache
def _counts() -> np.ndarray:
    """[item, week], the last 8 weeks being the future."""
    random = np.random.default_rng(6)
    return random.negative_binomial(3, 3 / (3 + _levels()[:, None]), (ITEMS, WEEKS + 8))


def _company(age: int, *, dated: bool = True) -> Snapshot:
    """Every fourth item is known for the last `age` weeks only."""
    starts = pd.date_range(end=pd.Timestamp(AS_OF) - pd.Timedelta(days=7), periods=WEEKS, freq="7D")
    counts = _counts()[:, :WEEKS].copy()
    new = np.arange(ITEMS) % (ITEMS // HIDDEN) == 0
    counts[new, : WEEKS - age] = 0
    row, week = np.nonzero(counts)
    sku = np.array([f"I{k:03d}" for k in range(ITEMS)], dtype=object)
    sales = pd.DataFrame({
        "date": starts[week], "sku": sku[row], "location": "MAIN", "channel": "web",
        "kind": "sale", "units": counts[row, week].astype(float),
    })  # fmt: skip
    launch = pd.Timestamp(AS_OF) - pd.Timedelta(weeks=age)
    items = pd.DataFrame({"sku": sku, "category": "home/lamps", "price_micros": 10e6})
    items["launch_date"] = np.where(new & dated, launch, pd.NaT)
    items["launch_date"] = pd.to_datetime(items["launch_date"])
    return snapshot(sales=sales, items=items, sales_bucket="week", first_day=starts[0].date())


@cache
def _told(age: int) -> Forecast:
    return forecast_of(_company(age))


def _hidden(forecast: Forecast) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the hidden items and what they sell over the eight weeks to come."""
    which = np.arange(0, ITEMS, ITEMS // HIDDEN)
    rows = np.array([row_of(forecast, f"I{k:03d}") for k in which])
    return rows, _counts()[which, WEEKS:].sum(axis=1)


@pytest.mark.parametrize("age", [0, 1, 2, 4, 7])
def test_the_proxy_of_hidden_items_is_neither_too_high_nor_too_narrow(age: int) -> None:
    forecast = _told(age)
    rows, sold = _hidden(forecast)
    mean, excess = cumulative_moments(forecast, rows, 56.0)
    below, upto = (chance_at_most(sold - gap, mean, excess) for gap in (1.0, 0.0))
    place = below + np.random.default_rng(1).random(len(sold)) * (upto - below)

    assert mean.sum() == pytest.approx(sold.sum(), rel=0.25)
    assert np.mean(np.abs(place - 0.5) < 0.4) == pytest.approx(0.8, abs=0.12)
    assert np.mean(np.abs(place - 0.5) < 0.25) == pytest.approx(0.5, abs=0.14)


@pytest.mark.slow  # a plan for each week
def test_the_error_falls_and_the_band_narrows_with_every_week() -> None:
    error, width = [], []
    for age in (0, 1, 2, 4, 7):
        forecast = _told(age)
        rows, sold = _hidden(forecast)
        error.append(np.abs(cumulative_moments(forecast, rows, 56.0)[0] - sold).sum())
        width.append(np.median(forecast.noise.level_cv[rows]))

    assert error == sorted(error, reverse=True)
    assert width == sorted(width, reverse=True)


def test_items_that_sold_one_unit_or_none_are_not_ordered_like_their_category() -> None:
    forecast = _told(1)
    rows, sold = _hidden(forecast)
    own = _counts()[:: ITEMS // HIDDEN, WEEKS - 1]
    mean = cumulative_moments(forecast, rows, 56.0)[0]
    few = own <= 1

    assert mean[few].sum() == pytest.approx(sold[few].sum(), rel=0.3)
    assert mean[few].mean() < 0.6 * sold.mean()


def test_a_start_dated_by_its_first_sale_alone_is_believed_less() -> None:
    """Such an item could not have been seen before it sold, so that it sold says nothing."""
    dated, undated = forecast_of(_company(1)), forecast_of(_company(1, dated=False))
    which = [k for k in range(0, ITEMS, 4) if _counts()[k, WEEKS - 1] == 1]
    means = [
        np.array([f.mean[row_of(f, f"I{k:03d}")].sum() for k in which]) for f in (dated, undated)
    ]

    assert (means[1] < means[0]).all()


def test_newcomers_do_not_count_twice_in_their_category() -> None:
    """What analogues lend is nobody's history: established items are forecast as before."""
    established = [f"I{k:03d}" for k in range(ITEMS) if k % 4]
    lent = _told(0)
    alone = _company(0)
    items = alone["items"][alone["items"]["sku"].isin(established)]
    without = forecast_of(snapshot(
        sales=alone["sales"], items=items, sales_bucket="week", first_day=alone.first_day
    ))  # fmt: skip
    rows = [row_of(lent, sku) for sku in established]

    # Their levels; that launches then take a part of them is an event.
    assert lent.drivers[rows, :, 0].sum() == pytest.approx(without.drivers[:, :, 0].sum(), rel=0.01)


def test_launched_items_that_sold_half_teach_that_the_next_one_will() -> None:
    random = np.random.default_rng(3)
    days, sales, items = 728, [], []
    for k in range(60):
        launched = k >= 30
        begins = 250 + 5 * (k - 30) if launched else 0
        sold = random.poisson(5.0 if launched else 10.0, days) * (np.arange(days) >= begins)
        sales.append(daily_sales(f"S{k:02d}", sold))
        items.append({"sku": f"S{k:02d}", "category": "goods"})
    items.append({"sku": "NEW", "category": "goods", "status": "planned", "launch_date": AS_OF})
    forecast = forecast_of(snapshot(sales=pd.concat(sales), items=items))

    # Seventy a week is what established items sell, thirty-five what launches turn out to sell.
    assert 35 * 0.85 < forecast.mean[row_of(forecast, "NEW")].mean() < 60


def test_growth_follows_the_age_that_each_step_will_have() -> None:
    curve = LaunchCurve(scale=1.0, growth=np.array([0.5, 0.8, 1.0]), launches=9)
    ahead = growth_ahead(curve.growth, np.array([0.0, 21.0, 200.0]), 13, 7)

    assert ahead[0].tolist() == [0.5] * 4 + [0.8] * 9
    assert ahead[1].tolist() == [0.5] + [0.8] * 9 + [1.0] * 3
    assert ahead[2].tolist() == [1.0] * 13


def test_the_prior_density_is_a_density_with_the_mean_of_its_residuals() -> None:
    residuals = np.random.default_rng(2).normal(-0.3, 0.8, 2000)

    assert density(residuals).sum() == pytest.approx(1.0)
    assert (density(residuals) > 0).all()
    assert float((density(residuals) * GRID).sum()) == pytest.approx(-0.3, abs=0.05)
    assert mean_factor(residuals) == pytest.approx(np.exp(-0.3 + 0.32), rel=0.15)


def test_without_any_established_item_newcomers_share_their_common_level() -> None:
    sales = pd.concat([daily_sales("A", np.full(14, 4.0)), daily_sales("B", np.full(14, 8.0))])
    forecast = forecast_of(snapshot(sales=sales))

    assert np.isfinite(forecast.mean).all()
    assert forecast.mean.sum(axis=1) == pytest.approx([13 * 28.0, 13 * 56.0], rel=0.3)
