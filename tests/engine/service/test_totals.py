"""Totals as a plan stores them."""

import json

import pytest

from engine.service.totals import totals_table
from support.forecast import made_up


def test_a_stored_total_is_the_sum_of_its_series_with_a_band_around_it() -> None:
    forecast = made_up([[4.0, 6.0], [1.0, 2.0], [10.0, 0.0]])
    forecast.series["category"] = ["a/x", "a/y", "b"]
    table = totals_table(forecast)
    rows = {(row["level"], row["name"]): row for row in table.to_pylist()}

    assert set(rows) == {
        ("company", ""), ("location", "MAIN"), ("category", "a"), ("category", "b"),
        ("category", "a/x"), ("category", "a/y"),
    }  # fmt: skip
    assert rows["company", ""]["mean"] == pytest.approx([15.0, 8.0])
    assert rows["category", "a"]["mean"] == pytest.approx([5.0, 8.0])
    assert rows["company", ""]["low"][0] < 15.0 < rows["company", ""]["high"][0]
    shape = json.loads((table.schema.metadata or {})[b"quartermaster"])
    assert len(shape["starts"]) == 2
    assert shape["channels"] == []
