"""Buckets, series and what happens at their edges."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from engine.demand import clean_demand
from engine.forecast import forecast_demand
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import DRIVERS
from engine.model.snapshot import Bucket, Snapshot
from support.demand import daily_sales, snapshot, table


def test_the_last_week_ends_the_day_before_the_as_of_date() -> None:
    panel = clean_demand(snapshot(sales=daily_sales("A", np.ones(70))), PlanConfig())

    assert len(panel.starts) == 10
    assert panel.starts[-1] == pd.Timestamp("2026-11-16")
    assert (panel.observed == 7).all()


def _until(as_of: date) -> Snapshot:
    """Mon 1 .. Sun 7 units, every week up to the day before the as-of date."""
    days = pd.date_range("2026-09-07", pd.Timestamp(as_of) - pd.Timedelta(days=1))
    return snapshot(
        sales=pd.DataFrame({"date": days, "sku": "A", "units": days.weekday + 1.0}), as_of=as_of
    )


def test_weeks_end_with_the_day_before_the_as_of_date_unless_told_otherwise() -> None:
    panel = clean_demand(_until(date(2026, 11, 19)), PlanConfig())  # a Thursday

    assert panel.starts[-1] == pd.Timestamp("2026-11-12")
    assert panel.observed[0, -1] == 28


@pytest.mark.parametrize("first_weekday", range(7))
def test_weeks_begin_on_the_configured_day_and_the_running_one_counts_as_its_part(
    first_weekday: int,
) -> None:
    whole = _until(date(2026, 11, 19))
    panel = clean_demand(whole, PlanConfig(week_start=first_weekday))
    forecast = forecast_demand(panel, whole, PlanConfig(week_start=first_weekday), Decisions())

    assert set(panel.starts.weekday) == {first_weekday}
    assert np.nansum(panel.observed) == whole["sales"]["units"].sum()
    # A few days of the week, some strong and some weak, are brought to a whole one.
    assert panel.clean[0, -1] == pytest.approx(28, rel=0.2)
    assert forecast.starts[0] == pd.Timestamp("2026-11-19")
    assert forecast.mean[0] == pytest.approx(np.full(13, 28.0), rel=0.1)
    correction = list(DRIVERS).index("stockout correction")
    assert np.abs(forecast.drivers[0, :, correction]).max() < 1.5  # a part of a week is no stockout


def test_a_promotion_in_the_running_week_counts_in_its_part_of_it() -> None:
    promotion = {
        "promotion": "P", "sku": "A", "depth": 0.2,
        "start_date": pd.Timestamp("2026-11-16"), "end_date": pd.Timestamp("2026-11-22"),
    }  # fmt: skip
    whole = _until(date(2026, 11, 19))
    tables = {**whole.tables, "promotions": table("promotions", [promotion])}
    panel = clean_demand(replace(whole, tables=tables), PlanConfig(week_start=0))

    assert panel.promoted[0, -1] == 1.0
    assert (panel.promoted[0, :-1] == 0).all()


def test_days_are_buckets_when_asked_for() -> None:
    panel = clean_demand(
        snapshot(sales=daily_sales("A", np.arange(1, 31))), PlanConfig(bucket="day")
    )

    assert panel.bucket_days == 1
    assert panel.observed[0].tolist() == list(range(1, 31))


@pytest.mark.parametrize("bucket", ["day", "week"])
def test_buckets_that_the_data_cover_are_exactly_whole(bucket: Bucket) -> None:
    """A rounding error here would be a stockout of a moment in every bucket."""
    units = np.random.default_rng(2).poisson(3, 364) + 1.0
    panel = clean_demand(snapshot(sales=daily_sales("A", units)), PlanConfig(bucket=bucket))

    assert panel.corrections.empty
    assert (panel.in_stock == 1).all()
    assert (panel.clean == panel.observed).all()


def test_weekly_sales_keep_their_weekday_and_cannot_be_planned_by_day() -> None:
    starts = pd.date_range("2026-09-02", periods=12, freq="7D")  # Wednesdays
    sales = pd.DataFrame({"date": starts, "sku": "A", "units": 5.0})
    panel = clean_demand(
        snapshot(sales=sales, as_of=date(2026, 11, 25), sales_bucket="week"),
        PlanConfig(bucket="day"),
    )

    assert list(panel.starts) == list(starts)
    assert "bucket-is-week" in set(panel.findings["code"])


def test_the_first_week_of_the_data_is_brought_to_a_whole_one() -> None:
    panel = clean_demand(snapshot(sales=daily_sales("A", np.full(66, 3.0))), PlanConfig())

    assert panel.observed[0, 0] == 9  # three days
    assert panel.in_stock[0, 0] == pytest.approx(3 / 7)
    assert panel.clean[0, 0] == pytest.approx(21, rel=0.05)


def test_before_launch_there_is_nothing() -> None:
    items = [{"sku": "A"}, {"sku": "B", "launch_date": pd.Timestamp("2026-10-12")}]
    sales = pd.concat([daily_sales("A", np.ones(140)), daily_sales("B", np.ones(42))])
    panel = clean_demand(snapshot(sales=sales, items=items), PlanConfig())

    assert np.isnan(panel.clean[1, :14]).all()
    assert np.isnan(panel.observed[1, :14]).all()
    assert (panel.clean[1, 14:] == 7).all()


def test_a_planned_item_gets_a_series_where_its_category_sells() -> None:
    items = [
        {"sku": "A", "category": "home/lamps"},
        {"sku": "B", "category": "garden"},
        {"sku": "NEW", "category": "home/clocks", "status": "planned"},
        {"sku": "GONE", "category": "home/clocks", "status": "discontinued"},
    ]
    sales = pd.concat([
        daily_sales("A", np.ones(28), location="LEEDS"),
        daily_sales("B", np.ones(28), location="LONDON"),
    ])  # fmt: skip
    panel = clean_demand(snapshot(sales=sales, items=items), PlanConfig())

    pairs = list(zip(panel.series["sku"], panel.series["location"], strict=True))
    assert pairs == [("A", "LEEDS"), ("B", "LONDON"), ("NEW", "LEEDS")]
    assert np.isnan(panel.clean[2]).all()


def test_series_are_sorted_whatever_the_order_of_the_rows() -> None:
    sales = pd.concat([daily_sales(sku, np.arange(1, 60)) for sku in ("C", "A", "B")])
    shuffled = sales.sample(frac=1, random_state=3)
    one, two = (clean_demand(snapshot(sales=s), PlanConfig()) for s in (sales, shuffled))

    assert one.series["sku"].tolist() == ["A", "B", "C"]
    assert np.array_equal(one.clean, two.clean, equal_nan=True)


def test_prices_and_costs_are_in_the_base_currency() -> None:
    items = [{"sku": "A", "unit_cost_micros": 4e6, "price_micros": 10e6, "currency": "EUR"}]
    rates = [{"date": pd.Timestamp("2026-01-01"), "currency": "EUR", "rate": 0.85}]
    panel = clean_demand(
        snapshot(sales=daily_sales("A", np.ones(30)), items=items, fx_rates=rates), PlanConfig()
    )

    assert panel.series["price_micros"].tolist() == [8_500_000]
    assert panel.series["unit_cost_micros"].tolist() == [3_400_000]


def test_an_unknown_price_is_what_was_paid_and_an_unknown_cost_a_share_of_it() -> None:
    sales = daily_sales("A", np.full(30, 2.0)).assign(net_revenue_micros=24e6)
    panel = clean_demand(snapshot(sales=sales), PlanConfig(default_margin=0.5))

    assert panel.series["price_micros"].tolist() == [12_000_000]
    assert panel.series["unit_cost_micros"].tolist() == [6_000_000]


def _empty() -> Snapshot:
    return snapshot(items=[{"sku": "A"}], locations=[{"location": "MAIN"}])


def test_a_company_without_sales_has_one_empty_bucket() -> None:
    panel = clean_demand(_empty(), PlanConfig())

    assert panel.clean.shape == (0, 1)
    assert panel.findings.empty


def test_an_unknown_price_is_what_was_paid_per_unit_whatever_unit_and_name_it_was_sold_under() -> (
    None
):
    """Cases of twelve at 36.00, some under the item's earlier name: 3.00 a unit."""
    items = [{"sku": "A", "renamed_from": "OLD", "units_per_record": 12, "price_micros": 0.0}]
    sales = pd.concat([daily_sales("A", np.ones(20)), daily_sales("OLD", np.ones(20))])
    panel = clean_demand(
        snapshot(sales=sales.assign(net_revenue_micros=36e6), items=items), PlanConfig()
    )

    assert panel.series["price_micros"].tolist() == [3_000_000]
    assert np.nansum(panel.observed) == 40 * 12
    assert "price-unknown" not in set(panel.findings["code"])


def test_an_item_in_a_currency_without_a_rate_stops_nobody_and_its_price_is_unknown() -> None:
    items = [
        {"sku": "A", "unit_cost_micros": 4e6, "price_micros": 10e6, "currency": "USD"},
        {"sku": "B", "unit_cost_micros": 4e6, "price_micros": 10e6},
    ]
    sales = pd.concat([daily_sales(sku, np.ones(30)) for sku in ("A", "B")])
    rates = [{"date": pd.Timestamp("2026-01-01"), "currency": "USD", "rate": 0.0}]
    panel = clean_demand(snapshot(sales=sales, items=items, fx_rates=rates), PlanConfig())

    price = panel.series.set_index("sku")["price_micros"]
    assert price["B"] == 10_000_000
    assert price["A"] == PlanConfig().default_price_micros
    unknown = panel.findings[panel.findings["code"] == "price-unknown"]
    assert set(unknown["sku"]) == {"A"}
