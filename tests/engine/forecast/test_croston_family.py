"""Published figures of the Croston family, through our adapter."""

import numpy as np
import pytest

from engine.errors import InvalidInput
from engine.forecast.statsforecast_adapter import forecast_rows

SERIES = np.array([[0, 0, 3, 0, 0, 0, 5, 0, 2, 0, 0, 4, 0, 0, 0, 0, 6, 0, 0, 2.0]])
SEEN = np.ones((1, 20), dtype=bool)


@pytest.mark.parametrize(
    ("model", "figure"),
    [
        ("Croston", 1.043058),
        ("Croston-SBA", 0.990905),
        ("TSB", 1.004138),
        ("ADIDA", 1.103107),
        ("IMAPA", 1.101633),
    ],
)
def test_the_croston_family_gives_the_published_figures(model: str, figure: float) -> None:
    assert forecast_rows(model, SERIES, SEEN, 3) == pytest.approx(np.full((1, 3), figure), abs=1e-6)


def test_a_bucket_out_of_stock_is_missing_to_the_models_not_zero() -> None:
    gaps = np.insert(SERIES, [5, 9, 9, 16], 0.0, axis=1)
    seen = np.insert(SEEN, [5, 9, 9, 16], False, axis=1)

    assert forecast_rows("Croston", gaps, seen, 1)[0, 0] == pytest.approx(1.043058, abs=1e-6)


def test_a_series_too_short_for_a_model_is_left_to_the_others() -> None:
    assert np.isnan(forecast_rows("TSB", SERIES, SEEN & (np.arange(20) < 5), 2)).all()


@pytest.mark.parametrize("model", ["optimised SES", "AutoCES", "dynamic optimised theta"])
def test_a_constant_series_stays_what_it_is(model: str) -> None:
    path = forecast_rows(model, np.full((1, 60), 7.0), np.ones((1, 60), dtype=bool), 4)

    assert path == pytest.approx(np.full((1, 4), 7.0), rel=1e-3)


def test_an_unknown_model_is_named_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match=r"'Prophet' here\. Known: Croston, Croston-SBA"):
        forecast_rows("Prophet", SERIES, SEEN, 1)
