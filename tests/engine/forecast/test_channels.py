"""The forecast by channel: parts of one total, on companies whose truth is known."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from engine.forecast.channels import exact_parts
from engine.model.forecast import Forecast
from engine.model.snapshot import Snapshot
from support.demand import AS_OF, daily_sales, snapshot
from support.forecast import forecast_of, row_of

WEEKS, ITEMS = 130, 20
WEB, MARKET = 30.0, 20.0  # units a week
TAKEN, GAIN = 0.4, 30.0  # of the web's demand; units that the marketplace gains by a promotion
NEXT = 3  # weeks ahead of the promotion that is planned


def _rows(units: np.ndarray, channel: str, starts: pd.DatetimeIndex) -> pd.DataFrame:
    item, week = np.nonzero(units)
    return pd.DataFrame({
        "date": starts[week], "sku": [f"S{k:02d}" for k in item], "location": "MAIN",
        "channel": channel, "kind": "sale", "units": units[item, week].astype(float),
    })  # fmt: skip


@cache
def _company(*, taken: float = TAKEN, growing: bool = False) -> Snapshot:
    """Two channels; promotions on the marketplace take web demand and bring some of their own."""
    random = np.random.default_rng(4)
    starts = pd.date_range(
        end=pd.Timestamp(AS_OF) - pd.Timedelta(weeks=1), periods=WEEKS, freq="7D"
    )
    web, market = np.full((ITEMS, WEEKS), WEB), np.full((ITEMS, WEEKS), MARKET)
    if growing:
        web[:, -20:], market[:, -20:] = MARKET, WEB
    promotions = []
    for item in range(ITEMS):
        for week in range(6 + item % 5, WEEKS - 2, 11):
            web[item, week] *= 1 - taken
            market[item, week] += GAIN
            promotions.append(_promotion(item, starts[week], len(promotions)))
    promotions.append(_promotion(0, pd.Timestamp(AS_OF) + pd.Timedelta(weeks=NEXT), 9999))
    sales = pd.concat([
        _rows(random.poisson(web), "web", starts), _rows(random.poisson(market), "market", starts)
    ])  # fmt: skip
    items = [{"sku": f"S{k:02d}", "category": f"goods/{k % 2}"} for k in range(ITEMS)]
    return snapshot(sales=sales, items=items, promotions=promotions, sales_bucket="week")


def _promotion(item: int, start: pd.Timestamp, number: int) -> dict[str, object]:
    return {
        "promotion": f"P{number}", "sku": f"S{item:02d}", "channel": "market", "kind": "discount",
        "depth": 0.2, "start_date": start, "end_date": start + pd.Timedelta(days=6),
    }  # fmt: skip


@cache
def _forecast(*, taken: float = TAKEN) -> Forecast:
    return forecast_of(_company(taken=taken))


def _of(forecast: Forecast, channel: str, sku: str = "S00") -> np.ndarray:
    return forecast.by_channel[row_of(forecast, sku), forecast.channels.index(channel)]


def test_channels_add_up_to_the_forecast_to_the_last_bit() -> None:
    forecast = _forecast()

    assert forecast.channels == ("market", "web")
    assert (forecast.by_channel.sum(axis=1) == forecast.mean).all()
    assert (forecast.by_channel[:, ::-1].sum(axis=1) == forecast.mean).all()
    assert (forecast.by_channel >= 0).all()


def test_a_marketplace_promotion_takes_web_demand_as_much_as_past_ones_did() -> None:
    forecast = _forecast()

    assert _of(forecast, "web")[:NEXT] == pytest.approx(np.full(NEXT, WEB), rel=0.08)
    assert _of(forecast, "web")[NEXT] == pytest.approx(WEB * (1 - TAKEN), rel=0.12)
    assert _of(forecast, "market")[NEXT] == pytest.approx(MARKET + GAIN, rel=0.12)
    # What the two channels sell together is what the promotion truly adds, less what it took.
    assert forecast.mean[row_of(forecast, "S00"), NEXT] == pytest.approx(
        WEB * (1 - TAKEN) + MARKET + GAIN, rel=0.1
    )


def test_a_promotion_that_takes_nothing_leaves_the_other_channel_alone() -> None:
    forecast = _forecast(taken=0.0)

    assert _of(forecast, "web")[NEXT] == pytest.approx(WEB, rel=0.08)
    assert _of(forecast, "market")[NEXT] == pytest.approx(MARKET + GAIN, rel=0.12)


def test_items_without_a_promotion_keep_their_shares() -> None:
    forecast = _forecast()

    assert _of(forecast, "web", "S01") == pytest.approx(np.full(13, WEB), rel=0.1)
    assert _of(forecast, "market", "S01") == pytest.approx(np.full(13, MARKET), rel=0.1)


def test_shares_follow_recent_weeks() -> None:
    forecast = forecast_of(_company(growing=True))
    share = _of(forecast, "market")[0] / forecast.mean[row_of(forecast, "S00"), 0]

    assert share == pytest.approx(0.6, abs=0.06)


def test_an_item_that_hardly_sold_has_the_shares_of_its_category() -> None:
    whole = _company()
    rare = daily_sales("RARE", np.r_[np.zeros(899), 1.0]).assign(channel="web")
    items = pd.concat([whole["items"], pd.DataFrame([{"sku": "RARE", "category": "goods/0"}])])
    sales = pd.concat([whole["sales"].astype({"sku": object, "channel": object}), rare])
    forecast = forecast_of(snapshot(
        sales=sales, items=items, promotions=whole["promotions"], sales_bucket="week",
        first_day=whole.first_day,
    ))  # fmt: skip
    row = row_of(forecast, "RARE")

    assert forecast.by_channel[row, 1, 0] / forecast.mean[row, 0] == pytest.approx(0.6, abs=0.07)


def test_the_season_of_shares_returns() -> None:
    """Every December the marketplace has four fifths of demand, else two fifths."""
    random = np.random.default_rng(1)
    starts = pd.date_range(end=pd.Timestamp(AS_OF) - pd.Timedelta(weeks=1), periods=156, freq="7D")
    share = np.where(starts.month == 12, 0.8, 0.4)
    market = random.poisson(50 * share, (12, 156))
    web = random.poisson(50 * (1 - share), (12, 156))
    sales = pd.concat([_rows(market, "market", starts), _rows(web, "web", starts)])
    forecast = forecast_of(snapshot(sales=sales, sales_bucket="week"))
    december = forecast.starts.month == 12
    said = forecast.by_channel[:, 0].sum(axis=0) / forecast.mean.sum(axis=0)

    assert said[december][:3].mean() > 0.65
    assert said[~december][-3:].mean() < 0.5


def test_one_channel_is_no_decomposition() -> None:
    forecast = forecast_of(snapshot(sales=daily_sales("A", np.full(300, 4.0))))

    assert forecast.channels == ()
    assert forecast.by_channel.shape == (1, 0, 13)


def test_parts_of_any_size_add_up_exactly() -> None:
    random = np.random.default_rng(7)
    mean = np.exp(random.normal(0, 6, (300, 4))) * (random.random((300, 4)) > 0.1)
    share = random.dirichlet(np.full(5, 0.3), (300, 4)).transpose(0, 2, 1)
    parts = exact_parts(mean, share * mean[:, None, :])

    assert (parts.sum(axis=1) == mean).all()
    assert parts == pytest.approx(share * mean[:, None, :], rel=1e-6, abs=1e-12)
