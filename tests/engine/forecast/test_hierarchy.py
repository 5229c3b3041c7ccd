"""Totals: what a location, a category and the company are expected to sell."""

import numpy as np
import pytest

from engine.forecast.hierarchy import totals
from engine.forecast.paths import demand_paths
from engine.model.forecast import Forecast
from support.forecast import made_up


def _forecast() -> Forecast:
    forecast = made_up(np.random.default_rng(3).uniform(0.2, 9.0, (40, 5)).tolist())
    series = forecast.series.assign(
        location=[f"L{k % 2}" for k in range(40)],
        category=[("", "food", "food/dry", "food/fresh", "toys")[k % 5] for k in range(40)],
    )
    object.__setattr__(forecast, "series", series)
    return forecast


def _row(forecast: Forecast, level: str, name: str) -> int:
    names = totals(forecast).names
    return int(np.flatnonzero((names["level"] == level) & (names["name"] == name))[0])


def test_every_total_is_the_sum_of_its_series() -> None:
    forecast = _forecast()
    found = totals(forecast)
    food = forecast.series["category"].str.startswith("food").to_numpy()
    here = (forecast.series["location"] == "L1").to_numpy()

    assert found.mean[_row(forecast, "company", "")] == pytest.approx(forecast.mean.sum(axis=0))
    assert found.mean[_row(forecast, "category", "food")] == pytest.approx(
        forecast.mean[food].sum(axis=0)
    )
    assert found.mean[_row(forecast, "location", "L1")] == pytest.approx(
        forecast.mean[here].sum(axis=0)
    )
    assert list(found.names["name"][found.names["level"] == "category"]) == [
        "food", "toys", "food/dry", "food/fresh",
    ]  # fmt: skip


def test_bands_of_totals_are_those_of_summed_paths() -> None:
    forecast = _forecast()
    found = totals(forecast)
    low, high = forecast.levels.index(0.1), forecast.levels.index(0.9)
    for level, name, rows in (
        ("company", "", np.arange(40)),
        ("location", "L1", np.arange(1, 40, 2)),
        ("category", "toys", np.arange(4, 40, 5)),
    ):
        paths = demand_paths(forecast, rows, 4096, 1).sum(axis=0)
        counted = np.quantile(paths, [0.1, 0.9], axis=0)
        row = _row(forecast, level, name)

        assert found.quantiles[row, :, low] == pytest.approx(counted[0], rel=0.08, abs=1)
        assert found.quantiles[row, :, high] == pytest.approx(counted[1], rel=0.08, abs=1)
    assert (np.diff(found.quantiles, axis=2) >= 0).all()


def test_a_total_is_relatively_surer_than_its_series() -> None:
    forecast = _forecast()
    found = totals(forecast)
    low, high = forecast.levels.index(0.1), forecast.levels.index(0.9)
    company = (found.quantiles[0, :, high] - found.quantiles[0, :, low]) / found.mean[0]
    single = (forecast.quantiles[..., high] - forecast.quantiles[..., low]) / forecast.mean

    assert (company < np.median(single, axis=0)).all()
