"""Buckets, series and what happens at their edges."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from engine.demand import clean_demand
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot
from support.demand import daily_sales, snapshot


def test_the_last_week_ends_the_day_before_the_as_of_date() -> None:
    panel = clean_demand(snapshot(sales=daily_sales("A", np.ones(70))), PlanConfig())

    assert len(panel.starts) == 10
    assert panel.starts[-1] == pd.Timestamp("2026-11-16")
    assert (panel.observed == 7).all()


def test_weeks_follow_an_as_of_date_in_the_middle_of_a_week_and_say_so() -> None:
    whole = snapshot(sales=daily_sales("A", np.ones(70)))
    panel = clean_demand(
        snapshot(sales=whole["sales"], as_of=date(2026, 11, 19), items=whole["items"]), PlanConfig()
    )

    assert panel.starts[-1] == pd.Timestamp("2026-11-12")
    assert "weeks-follow-as-of" in set(panel.findings["code"])


def test_days_are_buckets_when_asked_for() -> None:
    panel = clean_demand(
        snapshot(sales=daily_sales("A", np.arange(1, 31))), PlanConfig(bucket="day")
    )

    assert panel.bucket_days == 1
    assert panel.observed[0].tolist() == list(range(1, 31))


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
