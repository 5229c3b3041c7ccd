"""Few young series: each speaks for itself, broadly at first, and says so."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from engine.forecast.alone import FEW_SERIES, REASON, SHORT
from engine.model.config import PlanConfig
from engine.model.forecast import Forecast
from support.demand import AS_OF, snapshot
from support.forecast import forecast_of

LOW, HIGH = 0.1, 0.9


def weeks(*series: Sequence[float]) -> Forecast:
    """The forecast after these weeks, the last of which has just ended."""
    parts = [
        pd.DataFrame({
            "date": pd.date_range(end=AS_OF - pd.Timedelta(days=7), periods=len(units), freq="7D"),
            "sku": f"S{k}", "location": "MAIN", "units": np.asarray(units, dtype=float),
        })
        for k, units in enumerate(series)
    ]  # fmt: skip
    sales = pd.concat(parts)
    stock = sales.drop(columns="units").assign(in_stock_fraction=1.0)
    made = snapshot(sales_bucket="week", sales=sales[sales["units"] > 0], stock=stock)
    return forecast_of(made, PlanConfig(horizon=8))


def band(forecast: Forecast) -> float:
    """Width of the middle 80 % of next week, over its mean."""
    low, high = (forecast.levels.index(level) for level in (LOW, HIGH))
    ends = forecast.quantiles[0, 0]
    return float((ends[high] - ends[low]) / forecast.mean[0, 0])


def poisson(rate: float, count: int, seed: int = 3) -> list[float]:
    return np.random.default_rng(seed).poisson(rate, count).astype(float).tolist()


@pytest.mark.parametrize("count", [1, 2, 3, 5, 10])
def test_from_the_first_week_on_nothing_is_missing_and_the_fallback_is_named(count: int) -> None:
    made = weeks(poisson(40, count))

    assert np.isfinite(made.mean).all()
    assert np.isfinite(made.quantiles).all()
    assert band(made) > 0.6
    assert 25 <= made.mean[0, 0] <= 55
    name = "single sale" if count == 1 else "short history"
    assert str(made.series["method"].iloc[0]).startswith(name)
    if count > 1:
        assert made.series["reason"].iloc[0] == SHORT


def test_the_band_is_wide_at_first_and_narrows_to_what_the_series_shows() -> None:
    whole = poisson(60, 48)
    widths = [band(weeks(whole[:count])) for count in (2, 5, 12, 48)]

    assert widths[0] > 0.9
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.55  # Poisson counts of 60 need .33


def test_a_new_level_is_taken_over_within_two_months() -> None:
    steady, halved = poisson(100, 30), poisson(50, 8, seed=5)
    made = weeks([*steady, *halved])

    assert made.mean[0, 0] == pytest.approx(50, rel=0.15)
    assert made.series["reason"].iloc[0].startswith(REASON)


def test_steady_growth_is_carried_on_and_chance_is_not() -> None:
    growing = weeks([50.0 + 3 * week for week in range(40)])
    flat = weeks(poisson(110, 40))

    assert growing.mean[0, 0] > 160
    assert growing.mean[0, -1] > growing.mean[0, 0]
    assert abs(flat.mean[0, -1] / flat.mean[0, 0] - 1) < 0.03


def test_the_middle_eighty_percent_holds_about_that_many() -> None:
    """Fourteen series of which each stands alone, one week ahead after 12 and after 32 weeks."""
    inside: list[bool] = []
    for seed in range(14):
        random = np.random.default_rng(seed)
        demand = random.negative_binomial(8, 8 / (8 + 60.0), 33).astype(float)
        for count in (12, 32):
            made = weeks(demand[:count].tolist())
            low, high = (made.quantiles[0, 0, made.levels.index(level)] for level in (LOW, HIGH))
            inside.append(bool(low <= demand[count] <= high))

    assert 0.68 <= np.mean(inside) <= 0.97


def test_what_one_of_a_few_sells_changes_nothing_for_the_others() -> None:
    own = poisson(40, 20)
    beside_small, beside_large = (weeks(own, poisson(rate, 20, seed=9)) for rate in (5, 500))

    assert beside_small.mean[0].tolist() == beside_large.mean[0].tolist()


def test_with_more_series_they_learn_from_each_other_again() -> None:
    few = weeks(*[poisson(40, 30, seed=k) for k in range(FEW_SERIES)])
    more = weeks(*[poisson(40, 30, seed=k) for k in range(FEW_SERIES + 1)])

    assert few.series["reason"].str.startswith(REASON).all()
    assert not more.series["reason"].str.startswith(REASON).any()
