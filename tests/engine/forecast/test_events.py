"""Holidays: how much of a bucket they cover, and what they do to demand."""

import numpy as np
import pandas as pd
import pytest

from engine.forecast.calendar import holiday_grid
from engine.forecast.events import Events
from support.demand import AS_OF, snapshot

MONDAY = int(np.datetime64(AS_OF, "D").astype(np.int64))


def _grid(days: list[int], bucket_days: int, buckets: int = 6):  # noqa: ANN202  a test's helper
    dates = [pd.Timestamp(AS_OF) + pd.Timedelta(days=day) for day in days]
    whole = snapshot(holidays=[{"date": date, "name": "Pay day"} for date in dates])
    edges = MONDAY + bucket_days * np.arange(buckets + 1)
    return holiday_grid(whole, pd.Series(["MAIN", "MAIN"]), edges)


def test_a_week_counts_by_its_days_and_the_fullest_is_whole() -> None:
    """Four days in the first week, one in the third."""
    grid = _grid([0, 1, 2, 3, 14], bucket_days=7)

    assert grid.share[0, :, grid.names.index("Pay day")].tolist() == [1.0, 0, 0.25, 0, 0, 0]


def test_the_days_before_have_a_column_of_their_own() -> None:
    grid = _grid([28], bucket_days=7)
    eve = grid.names.index("Pay day, day -3 to -1")

    assert grid.share[0, :, eve].tolist() == [0, 0, 0, 1.0, 0, 0]


def test_a_daily_holiday_reaches_three_days_back_and_one_on() -> None:
    grid = _grid([20], bucket_days=1, buckets=30)
    covered = {
        name: np.flatnonzero(grid.share[0, :, k]).tolist() for k, name in enumerate(grid.names)
    }

    assert covered["Pay day"] == [20]
    assert sorted(day for days in covered.values() for day in days) == [17, 18, 19, 20, 21]


def test_effects_add_on_the_logarithm_and_a_series_may_differ() -> None:
    grid = _grid([0], bucket_days=7)
    common = np.where(np.array(grid.names) == "Pay day", np.log(2.0), 0.0)
    own = np.zeros((2, len(grid.names)))
    own[1, grid.names.index("Pay day")] = np.log(1.5)
    factor = Events(common=common, own=own).factor(grid)

    assert factor[:, 0] == pytest.approx([2.0, 3.0])
    assert factor[:, 1:] == pytest.approx(np.ones((2, 5)))
