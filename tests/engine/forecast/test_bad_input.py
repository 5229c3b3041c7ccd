"""Bad input, one kind per item and all of them together: a named fallback or a finding each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from engine.demand import clean_demand
from engine.forecast import forecast_demand
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import Forecast
from engine.model.panel import DemandPanel
from engine.model.plan import Plan
from engine.model.snapshot import Bucket, Snapshot
from engine.replenish import plan_buys
from engine.supply import lead_times
from support.demand import AS_OF, daily_sales, daily_stock, days_before, snapshot

DAYS = 420
EVERY = np.arange(DAYS)
USUAL = np.random.default_rng(1).poisson(4, DAYS).astype(float)
TEN_YEARS = 3653
DAY = days_before(DAYS)


@dataclass(frozen=True, kw_only=True)
class Case:
    """An odd item: its tables, and where the output must name it."""

    sales: pd.DataFrame = field(default_factory=pd.DataFrame)
    stock: pd.DataFrame = field(default_factory=pd.DataFrame)
    item: Mapping[str, object] = field(default_factory=dict)
    promotion: Mapping[str, object] | None = None
    method: str = ""  # the method begins with it
    sentence: str = ""  # is in the reason
    finding: str = ""  # code


def _cases() -> dict[str, Case]:
    def sold(sku: str, units: np.ndarray) -> pd.DataFrame:
        return daily_sales(sku, units)

    return {
        "all zero": Case(stock=daily_stock("all zero", np.full(DAYS, 5.0)),
                         method="no sale so far", sentence="has not sold so far"),
        "zero rows": Case(
            sales=sold("zero rows", USUAL).assign(units=0.0),
            method="category proxy",
            sentence="never sold",
        ),
        "constant": Case(sales=sold("constant", np.full(DAYS, 5.0)),
                         method="constant", sentence="the same in every period"),
        "one point": Case(sales=sold("one point", np.where(EVERY == 100, 3.0, 0.0))),
        "all censored": Case(stock=daily_stock("all censored", np.zeros(DAYS)),
                             method="category proxy", sentence="never recorded in stock"),
        "gaps": Case(sales=sold("gaps", np.where(EVERY % 120 < 30, USUAL, 0.0)),
                     stock=daily_stock("gaps", np.where(EVERY % 120 < 30, 9.0, 0.0)),
                     method="gaps", sentence="less than half of its periods"),
        "silent gaps": Case(sales=sold("silent gaps", np.where((EVERY // 60) % 2 == 0, USUAL, 0.0)),
                            finding="stockout-suspected"),
        "negative": Case(sales=sold("negative", np.where(EVERY % 2 == 0, 2.0, -2.0)),
                         ),
        "only negative": Case(sales=sold("only negative", np.full(DAYS, -1.0)),
                              finding="returns-exceed-sales"),
        "huge spike": Case(sales=sold("huge spike", np.where(EVERY == 150, 1e9, USUAL)),
                           finding="spike-damped"),
        "duplicated dates": Case(sales=pd.concat([sold("duplicated dates", USUAL)] * 2)),
        "promotion without dates": Case(sales=sold("promotion without dates", USUAL),
                                        promotion={"promotion": "UNDATED"},
                                        finding="promotion-ignored"),
        "promotion backwards": Case(sales=sold("promotion backwards", USUAL),
                                    promotion={"promotion": "BACK", "start_date": DAY[9],
                                               "end_date": DAY[3]},
                                    finding="promotion-ignored"),
        "price of zero": Case(sales=sold("price of zero", USUAL).assign(price_micros=0.0,
                                                                        net_revenue_micros=0.0),
                              item={"price_micros": 0.0}, finding="price-unknown"),
        "alone in its category": Case(sales=sold("alone in its category", USUAL),
                                      item={"category": "a shelf/of its own"}),
        "three days": Case(sales=sold("three days", np.where(EVERY >= DAYS - 3, 4.0, 0.0)),
                           item={"launch_date": DAY[-3]}, method="category proxy",
                           sentence="insufficient history"),
        "ten weeks": Case(sales=sold("ten weeks", np.where(EVERY >= DAYS - 70, USUAL, 0.0)),
                          item={"launch_date": DAY[-70]}),
        "ended": Case(sales=sold("ended", np.where(EVERY < 60, 9.0, 0.0)),
                      method="demand has ended", sentence="stopped selling"),
        "no name": Case(sales=sold("no name", USUAL), item={"name": None, "category": None}),
    }  # fmt: skip


CASES = _cases()


def _snapshot(cases: Mapping[str, Case]) -> Snapshot:
    items = [{"sku": "USUAL", "category": "goods", "price_micros": 9e6}]
    items += [
        {"sku": sku, "category": "goods", "price_micros": 9e6} | dict(case.item)
        for sku, case in cases.items()
    ]
    promotions = [
        {"sku": sku} | dict(case.promotion) for sku, case in cases.items() if case.promotion
    ]
    sales = pd.concat([daily_sales("USUAL", USUAL), *(case.sales for case in cases.values())])
    stock = [case.stock for case in cases.values() if len(case.stock)]
    tables = {"stock": pd.concat(stock)} if stock else {}
    return snapshot(sales=sales, items=items, promotions=promotions, **tables)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    panel: DemandPanel
    forecast: Forecast
    plan: Plan

    def row(self, sku: str) -> int:
        return int(np.flatnonzero(self.forecast.series["sku"] == sku)[0])

    def said(self, column: str, sku: str) -> str:
        return str(self.forecast.series[column].iloc[self.row(sku)])


@cache
def _outcome(bucket: Bucket, only: str | None = None) -> Outcome:
    """Clean, forecast and plan: all odd items in one company, or one beside a usual item."""
    cases = CASES if only is None else {only: CASES[only]}
    return _through(_snapshot(cases), PlanConfig(bucket=bucket, horizon=8))


def _through(whole: Snapshot, config: PlanConfig) -> Outcome:
    decisions = Decisions()
    panel = clean_demand(whole, config, decisions)
    forecast = forecast_demand(panel, whole, config, decisions)
    plan = plan_buys(
        whole, forecast, lead_times(whole, config), decisions, config, None, findings=panel.findings
    )
    return Outcome(panel=panel, forecast=forecast, plan=plan)


def _require_sound(outcome: Outcome) -> None:
    forecast = outcome.forecast
    for values in (forecast.mean, forecast.quantiles, forecast.drivers):
        assert np.isfinite(values).all()
    assert (forecast.mean >= 0).all()
    assert (np.diff(forecast.quantiles, axis=2) >= 0).all()
    assert np.allclose(forecast.drivers.sum(axis=2), forecast.mean)
    told = forecast.series.drop(columns="launch_date")
    assert told.notna().all().all()
    assert (forecast.series["method"] != "").all()
    assert forecast.series["reason"].str.endswith(".").all()
    figures = outcome.plan.lines.select_dtypes("number")
    assert np.isfinite(figures.to_numpy(dtype=float)).all()


@pytest.mark.parametrize("bucket", ["week", "day"])
def test_all_odd_items_together_leave_nothing_missing(bucket: Bucket) -> None:
    outcome = _outcome(bucket)

    _require_sound(outcome)
    usual = outcome.forecast.mean[outcome.row("USUAL")].sum() / outcome.forecast.bucket_days
    assert usual == pytest.approx(8 * 4.0, rel=0.15)  # nobody spoils it for the others


@pytest.mark.parametrize("bucket", ["week", "day"])
@pytest.mark.parametrize("sku", list(CASES))
def test_each_odd_item_has_its_fallback_or_finding_by_name(sku: str, bucket: Bucket) -> None:
    outcome, case = _outcome(bucket), CASES[sku]
    about = outcome.panel.findings
    messages = about[(about["sku"] == sku) | about["sku"].isna()]

    assert outcome.said("method", sku).startswith(case.method)
    assert case.sentence in outcome.said("reason", sku)
    if case.finding:
        assert case.finding in set(messages["code"])


@pytest.mark.parametrize("sku", list(CASES))
def test_one_odd_item_beside_a_usual_one_is_no_other(sku: str) -> None:
    outcome = _outcome("week", sku)

    _require_sound(outcome)
    launched = "launch_date" in CASES[sku].item  # only such a one takes a part of its own
    usual = outcome.forecast.mean[outcome.row("USUAL")].mean()
    assert usual == pytest.approx(28.0, rel=0.15 if launched else 0.1)


def test_sales_on_a_date_twice_add_up() -> None:
    outcome = _outcome("week")

    twice = outcome.forecast.mean[outcome.row("duplicated dates")].mean()
    assert twice == pytest.approx(56.0, rel=0.2)


@pytest.mark.parametrize("bucket", ["week", "day"])
def test_a_spike_of_a_billion_moves_its_own_forecast_little(bucket: Bucket) -> None:
    outcome = _outcome(bucket)

    mean = outcome.forecast.mean[outcome.row("huge spike")].mean() * 7
    assert mean / outcome.forecast.bucket_days == pytest.approx(28.0, rel=0.3)


@pytest.mark.parametrize("length", [1, 2, 3, TEN_YEARS])
def test_three_days_and_ten_years_of_history_are_planned_from(length: int) -> None:
    units = np.resize(USUAL, length)
    for bucket in ("week", "day"):
        sales = pd.concat([daily_sales(sku, np.maximum(units, 1)) for sku in "AB"])
        outcome = _through(snapshot(sales=sales), PlanConfig(bucket=bucket, horizon=4))

        _require_sound(outcome)
        daily = outcome.forecast.mean.mean() / outcome.forecast.bucket_days
        assert daily == pytest.approx(np.maximum(units, 1).mean(), rel=0.35)


@pytest.mark.parametrize(
    "as_of", [date(2028, 3, 6), date(2027, 3, 29), date(2026, 10, 26), date(2027, 1, 4)]
)
@pytest.mark.parametrize("bucket", ["week", "day"])
def test_leap_days_clock_changes_and_turns_of_the_year_are_days_like_any_other(
    as_of: date, bucket: Bucket
) -> None:
    days = pd.date_range(end=pd.Timestamp(as_of) - pd.Timedelta(days=1), periods=400)
    sales = pd.DataFrame({"date": days, "sku": "A", "units": 4.0})
    outcome = _through(snapshot(sales=sales, as_of=as_of), PlanConfig(bucket=bucket, horizon=8))

    _require_sound(outcome)
    assert outcome.forecast.starts[0] == pd.Timestamp(as_of)
    assert np.nansum(outcome.panel.observed) == 1600
    daily = outcome.forecast.mean[0] / outcome.forecast.bucket_days
    assert daily == pytest.approx(np.full(8, 4.0), rel=0.1)


def test_the_day_of_this_test_is_a_monday() -> None:
    assert AS_OF.weekday() == 0
