"""A range that a person states: its middle is the mean, its width the band, on its days only."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.demand.arrays import Floats
from engine.forecast.overrides import apply_overrides
from engine.forecast.paths import demand_paths
from engine.forecast.ranges import ranged_noise
from engine.forecast.sums import cumulative_quantiles
from engine.model.decisions import OVERRIDES
from engine.model.forecast import Forecast
from support.forecast import made_up

MONDAY = pd.Timestamp("2026-11-23")
START = int(MONDAY.to_datetime64().astype("datetime64[D]").astype(int))


def _ranged(low: float, high: float, weeks: int = 4) -> Forecast:
    """S0 and S1 at 100 a week; S0 is to be within a range over the first weeks."""
    plain = made_up([[100.0] * 8, [100.0] * 8], level_cv=0.3, size=50.0)
    row = dict.fromkeys(OVERRIDES) | {
        "sku": "S0", "location": "", "start_date": MONDAY, "low": low, "high": high,
        "end_date": MONDAY + pd.Timedelta(days=7 * weeks - 1),
    }  # fmt: skip
    overrides = pd.DataFrame([row], columns=list(OVERRIDES))
    mean = apply_overrides(plain.mean, overrides, plain.series, START, 7)
    noise = ranged_noise(plain.noise, mean, overrides, plain.series, START, 7)
    return replace(plain, mean=mean, noise=noise)


def _band(forecast: Forecast, row: int, days: float) -> Floats:
    quantiles = cumulative_quantiles(forecast, np.array([row]), days)[0]
    return quantiles[[forecast.levels.index(0.1), forecast.levels.index(0.9)]]


@pytest.mark.parametrize(("low", "high"), [(300.0, 500.0), (380.0, 520.0), (250.0, 550.0)])
def test_the_sum_lies_in_the_range_four_times_in_five(low: float, high: float) -> None:
    band = _band(_ranged(low, high), 0, 28)
    assert band == pytest.approx([low, high], rel=0.12)


def test_paths_keep_to_the_range() -> None:
    sums = demand_paths(_ranged(300.0, 500.0), np.array([0]), 512, 7)[0, :, :4].sum(axis=1)
    assert np.mean((sums >= 300) & (sums <= 500)) == pytest.approx(0.8, abs=0.07)
    assert sums.mean() == pytest.approx(400, rel=0.02)


def test_other_items_and_later_weeks_keep_their_band() -> None:
    plain, ranged = made_up([[100.0] * 8], level_cv=0.3, size=50.0), _ranged(390.0, 410.0)
    assert _band(ranged, 1, 56) == pytest.approx(_band(plain, 0, 56))
    later = demand_paths(ranged, np.array([0]), 512, 7)[0, :, 4:].sum(axis=1)
    usual = demand_paths(plain, np.array([0]), 512, 7)[0, :, 4:].sum(axis=1)
    assert later.std() == pytest.approx(usual.std(), rel=0.05)


def test_a_range_narrower_than_chance_leaves_chance() -> None:
    """100 customers a week scatter by themselves, however sure a person is."""
    band = _band(_ranged(399.0, 401.0), 0, 28)
    assert 20 < band[1] - band[0] < 120


def test_without_a_range_the_noise_is_untouched() -> None:
    plain = made_up([[100.0] * 8])
    nothing = pd.DataFrame([], columns=list(OVERRIDES))
    assert ranged_noise(plain.noise, plain.mean, nothing, plain.series, START, 7) is plain.noise
