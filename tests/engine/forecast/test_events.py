"""Holidays: how much of a bucket they cover, and what they do to demand."""

import numpy as np
import pandas as pd
import pytest

from engine.forecast.calendar import HolidayGrid, holiday_grid
from engine.forecast.events import Events
from engine.model.config import PlanConfig
from engine.model.contract import BY_NAME
from engine.model.forecast import DRIVERS
from support.demand import AS_OF, daily_sales, days_before, snapshot
from support.forecast import forecast_of

MONDAY = int(np.datetime64(AS_OF, "D").astype(np.int64))


def _grid(days: list[int], bucket_days: int, buckets: int = 6):  # noqa: ANN202  a test's helper
    dates = [pd.Timestamp(AS_OF) + pd.Timedelta(days=day) for day in days]
    whole = snapshot(holidays=[{"date": date, "name": "Pay day"} for date in dates])
    edges = MONDAY + bucket_days * np.arange(buckets + 1)
    return holiday_grid(whole, pd.DataFrame({"location": ["MAIN"] * 2, "category": "goods"}), edges)


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


def _concerned(**scope: str) -> np.ndarray:
    """[series] is a fair in the first week on, for lamps in two towns and for mugs in one?"""
    fair = {"date": pd.Timestamp(AS_OF), "name": "Fair"} | scope
    series = pd.DataFrame({
        "location": ["LEEDS", "YORK", "LEEDS"],
        "category": ["home/lamps", "home/lamps", "homeware"],
    })  # fmt: skip
    towns = [{"location": "LEEDS", "country": "GB"}, {"location": "YORK", "country": "FR"}]
    edges = MONDAY + 7 * np.arange(5)
    grid = holiday_grid(snapshot(holidays=[fair], locations=towns), series, edges)
    return grid.share[:, 0, grid.names.index("Fair")][grid.zone]


@pytest.mark.parametrize(
    ("scope", "on"),
    [
        ({}, [1, 1, 1]),
        ({"location": "LEEDS"}, [1, 0, 1]),
        ({"country": "FR"}, [0, 1, 0]),
        ({"category": "home"}, [1, 1, 0]),
        ({"category": "home/lamps", "location": "LEEDS"}, [1, 0, 0]),
        ({"category": "toys"}, [0, 0, 0]),
    ],
)
def test_an_event_concerns_only_its_country_category_and_location(
    scope: dict[str, str], on: list[int]
) -> None:
    if any(on):
        assert _concerned(**scope).tolist() == on
    else:
        with pytest.raises(ValueError, match="not in tuple"):
            _concerned(**scope)


def test_a_local_fair_is_learned_and_forecast_only_where_it_is_held() -> None:
    days, random = 420, np.random.default_rng(4)
    every = days_before(days)
    fairs = [*every[30::28], *pd.date_range(AS_OF, periods=4, freq="7D")[1:2]]
    on = every.isin(fairs)
    sales = pd.concat([
        daily_sales(f"I{k}", random.poisson(np.where(on & (town == "LEEDS"), 96.0, 12.0)),
                    location=town)
        for k in range(6) for town in ("LEEDS", "YORK")
    ])  # fmt: skip
    held = [{"date": day, "name": "Fair", "location": "LEEDS"} for day in fairs]
    forecast = forecast_of(snapshot(sales=sales, holidays=held), PlanConfig(horizon=4))
    event = forecast.drivers[:, 1, DRIVERS.index("event")]
    leeds = (forecast.series["location"] == "LEEDS").to_numpy()

    assert event[leeds].sum() == pytest.approx(6 * 84.0, rel=0.4)  # 14 weeks tell of it
    assert event[~leeds] == pytest.approx(np.zeros(6), abs=1e-9)


def test_two_events_on_one_date_are_two_rows_of_the_contract() -> None:
    assert {"date", "country", "name", "category", "location"} == set(BY_NAME["holidays"].key)
    grid = _two_on_a_day()
    assert {"Fair", "Feast"} <= set(grid.names)


def _two_on_a_day() -> HolidayGrid:
    both = [{"date": pd.Timestamp(AS_OF), "name": name} for name in ("Fair", "Feast")]
    series = pd.DataFrame({"location": ["MAIN"], "category": ["goods"]})
    return holiday_grid(snapshot(holidays=both), series, MONDAY + 7 * np.arange(5))
