"""What people set takes the place of the forecast, on the days they mean and nowhere else."""

import numpy as np
import pandas as pd
import pytest

from engine.demand.arrays import Floats
from engine.forecast.overrides import apply_overrides
from engine.model.decisions import OVERRIDES

MONDAY = pd.Timestamp("2026-11-23")
START = int(MONDAY.to_datetime64().astype("datetime64[D]").astype(int))
SERIES = pd.DataFrame({"sku": ["A", "A", "B"], "location": ["LEEDS", "LONDON", "LEEDS"]})
MEAN = np.array([[30.0] * 4, [10.0] * 4, [5.0] * 4])


def _set(**values: object) -> pd.DataFrame:
    row = dict.fromkeys(OVERRIDES) | {
        "sku": "A", "location": "", "start_date": MONDAY, "end_date": _last_day_of_week(4),
    }  # fmt: skip
    return pd.DataFrame([row | values], columns=list(OVERRIDES))


def _last_day_of_week(number: int) -> pd.Timestamp:
    return MONDAY + pd.Timedelta(days=7 * number - 1)


def _applied(overrides: pd.DataFrame) -> Floats:
    return apply_overrides(MEAN, overrides, SERIES, START, 7)


def test_nothing_set_changes_nothing() -> None:
    assert (_applied(_set().iloc[:0]) == MEAN).all()


def test_a_percentage_scales_every_place_of_the_item_and_no_other_item() -> None:
    changed = _applied(_set(factor=1.2))
    assert changed.tolist() == [[36.0] * 4, [12.0] * 4, [5.0] * 4]


def test_units_are_shared_among_places_as_the_forecast_is() -> None:
    changed = _applied(_set(units=800.0))
    assert changed[0].tolist() == pytest.approx([150.0] * 4)
    assert changed[1].tolist() == pytest.approx([50.0] * 4)


def test_a_range_counts_with_its_middle() -> None:
    assert _applied(_set(low=700.0, high=900.0)) == pytest.approx(_applied(_set(units=800.0)))


def test_half_a_week_is_half_overridden() -> None:
    changed = _applied(_set(location="LEEDS", factor=2.0, end_date=MONDAY + pd.Timedelta(days=2)))
    assert changed[0].tolist() == pytest.approx([30.0 * (1 + 3 / 7), 30.0, 30.0, 30.0])
    assert changed[1].tolist() == [10.0] * 4


def test_a_period_begun_before_today_counts_with_what_is_left_of_it() -> None:
    begun = MONDAY - pd.Timedelta(weeks=4)
    changed = _applied(_set(units=800.0, start_date=begun))
    assert changed[:2].sum() == pytest.approx(400.0)


def test_units_where_nothing_was_expected_are_shared_evenly() -> None:
    changed = apply_overrides(np.zeros((3, 4)), _set(units=80.0), SERIES, START, 7)
    assert changed.tolist() == [[10.0] * 4, [10.0] * 4, [0.0] * 4]


def test_the_later_override_is_applied_to_what_the_earlier_one_left() -> None:
    rows = [*_set(units=400.0).to_dict("records"), *_set(factor=0.5).to_dict("records")]
    both = pd.DataFrame(rows, columns=list(OVERRIDES))
    assert _applied(both)[:2].sum() == pytest.approx(200.0)


def test_an_item_that_is_not_planned_is_no_error() -> None:
    assert (_applied(_set(sku="GONE", factor=2.0)) == MEAN).all()


def test_the_order_of_the_series_does_not_matter() -> None:
    order = np.array([2, 0, 1])
    shuffled = apply_overrides(MEAN[order], _set(units=100.0), SERIES.iloc[order], START, 7)
    assert shuffled == pytest.approx(_applied(_set(units=100.0))[order])
