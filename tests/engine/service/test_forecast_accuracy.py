"""How good forecasts were: hand-computed errors, signals, and which plan's word counts."""

import numpy as np
import pandas as pd
import pytest

from engine.service.forecast_accuracy import per_series, wape


def test_the_error_is_absolute_error_over_demand() -> None:
    assert wape(np.array([8.0, 12.0]), np.array([10.0, 10.0])) == pytest.approx(0.2)
    assert np.isnan(wape(np.array([1.0]), np.array([0.0])))


def test_bias_signal_and_the_largest_error_first() -> None:
    points = pd.DataFrame(
        {
            "sku": ["A"] * 4 + ["B"] * 4,
            "location": "MAIN",
            "actual": [12.0, 12.0, 12.0, 12.0, 100.0, 100.0, 100.0, 100.0],
            "final": [10.0, 10.0, 10.0, 10.0, 90.0, 110.0, 90.0, 110.0],
        }
    )
    table = per_series(points)
    assert table["sku"].tolist() == ["B", "A"]
    assert table["error_units"].tolist() == [40.0, 8.0]
    # Four misses of two on the same side: the sum is four times the mean miss.
    assert table["signal"].tolist() == [0.0, 4.0]
    assert table["bias"].tolist() == pytest.approx([0.0, -8 / 48])


def test_two_buckets_say_nothing_of_a_signal() -> None:
    points = pd.DataFrame(
        {"sku": ["A", "A"], "location": "MAIN", "actual": [5.0, 5.0], "final": [1.0, 1.0]}
    )
    assert np.isnan(per_series(points)["signal"].iloc[0])
