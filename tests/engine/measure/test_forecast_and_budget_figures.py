"""Accuracy, bias, value added, budget use, price of the cap, hit rate: worked out by hand."""

from datetime import date

import pandas as pd
import pytest

from engine.measure import Kpi, Period
from engine.measure.budget_use import CAPS, budget_use, days_of, no_caps
from engine.measure.forecast_accuracy import forecast_accuracy
from engine.measure.forecast_bias import forecast_bias
from engine.measure.forecast_value_added import forecast_value_added
from engine.measure.price_of_the_cap import CAPPED_PLANS, price_of_the_cap
from engine.measure.promise_hit_rate import KEPT, promise_hit_rate
from engine.measure.said import SAID, nothing_said

NOVEMBER = Period(start=date(2026, 11, 1), end=date(2026, 11, 30))


def said(*rows: tuple[str, str, float, float, float, float]) -> pd.DataFrame:
    """(sku, start, final, plain, naive, actual)."""
    full = [(sku, "LEEDS", start, start, *figures) for sku, start, *figures in rows]
    return pd.DataFrame(full, columns=list(SAID)).astype(nothing_said().dtypes.to_dict())


WEEKS = said(
    ("LAMP", "2026-11-02", 12, 10, 6, 10),
    ("LAMP", "2026-11-09", 8, 8, 20, 14),
    ("MUG", "2026-11-09", 5, 9, 4, 6),
    ("MUG", "2026-10-26", 99, 99, 99, 1),  # before the period
)


def parts_of(kpi: Kpi) -> dict[str, float]:
    return {part.label: part.value for part in kpi.parts}


def test_forecast_accuracy_is_one_less_absolute_errors_over_demand() -> None:
    kpi = forecast_accuracy(WEEKS, NOVEMBER)

    # Off by 2, 6 and 1 of a demand of 30.
    assert (kpi.numerator, kpi.denominator, kpi.value) == (21, 30, 0.7)
    assert parts_of(kpi) == {"units off, either way": 9, "series-weeks judged": 3}


def test_forecast_bias_lets_errors_cancel() -> None:
    kpi = forecast_bias(WEEKS, NOVEMBER)

    assert (kpi.numerator, kpi.denominator) == (25 - 30, 30)
    assert kpi.better == "zero"
    assert parts_of(kpi) == {"forecast too much": 2, "forecast too little": 7}


def test_forecast_value_added_has_a_step_for_the_model_and_one_for_people() -> None:
    kpi = forecast_value_added(WEEKS, NOVEMBER)

    # Naive off by 4 + 6 + 2 = 12, the model by 0 + 6 + 3 = 9, with overrides 9: they did nothing.
    assert kpi.value == pytest.approx(3 / 30)
    assert parts_of(kpi) == {"by the model": pytest.approx(0.1), "by overrides": 0.0}


def test_without_plans_no_forecast_is_judged() -> None:
    for kpi in (forecast_accuracy, forecast_bias, forecast_value_added):
        assert kpi(nothing_said(), NOVEMBER).value is None


def test_budget_use_counts_the_caps_that_ended() -> None:
    rows = [
        ("2026-W45", "2026-11-02", "2026-11-08", 100_000, 10_000, 70_000),
        ("2026-W46", "2026-11-09", "2026-11-15", 50_000, 0, 20_000),
        ("2026-W49", "2026-11-30", "2026-12-06", 50_000, 0, 50_000),  # still open
    ]
    caps = pd.DataFrame(rows, columns=list(CAPS)).astype(no_caps().dtypes.to_dict())

    kpi = budget_use(caps, NOVEMBER)

    assert (kpi.numerator, kpi.denominator) == (100_000, 150_000)
    assert parts_of(kpi) == {"approved": 90_000, "waiting for approval": 10_000}


def test_weeks_and_months_of_budgets_have_their_days() -> None:
    assert days_of("2026-W53") == Period(start=date(2026, 12, 28), end=date(2027, 1, 3))
    assert days_of("2028-02") == Period(start=date(2028, 2, 1), end=date(2028, 2, 29))
    assert days_of("2026-Q4") == Period(start=date(2026, 10, 1), end=date(2026, 12, 31))
    assert days_of("2027") == Period(start=date(2027, 1, 1), end=date(2027, 12, 31))


def test_the_price_of_the_cap_is_the_mean_over_plans_that_had_one() -> None:
    rows = [
        ("2026-11-02", 40_000, 57_000, 10_000),
        ("2026-11-09", 40_000, 33_000, 4_000),
        ("2026-11-16", None, None, 0),
        ("2026-10-26", 40_000, 99_000, 0),
    ]
    plans = pd.DataFrame(rows, columns=list(CAPPED_PLANS)).astype(
        {"as_of": "datetime64[ns]"} | dict.fromkeys(CAPPED_PLANS[1:], float)
    )

    kpi = price_of_the_cap(plans, NOVEMBER)

    assert kpi.value == 45_000
    assert parts_of(kpi) == {"left out by caps, on average": 7_000}


def test_windows_count_when_they_were_kept_or_broken() -> None:
    rows = [
        ("LAMP", "L", "2026-10-20", "2026-11-02", "2026-11-05", 0.8, "2026-11-05", "kept"),
        ("LAMP", "L", "2026-10-20", "2026-11-02", "2026-11-05", 0.8, "2026-11-01", "early"),
        ("LAMP", "L", "2026-10-20", "2026-11-02", "2026-11-05", 0.9, "2026-11-06", "late"),
        ("LAMP", "L", "2026-10-20", "2026-11-28", "2026-12-05", 0.8, "2026-12-01", "kept"),
    ]
    windows = pd.DataFrame(rows, columns=list(KEPT)).astype(
        dict.fromkeys(("given_on", "first", "last", "settled_on"), "datetime64[ns]")
    )

    kpi = promise_hit_rate(windows, NOVEMBER)

    assert (kpi.numerator, kpi.denominator) == (1, 3)
    assert parts_of(kpi) == {
        "promised chance": pytest.approx(2.5 / 3), "came too early": 1, "came too late or not": 1,
    }  # fmt: skip
