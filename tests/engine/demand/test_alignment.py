"""Years repeat by calendar week or by the nth weekday of the month; the company's totals decide."""

import numpy as np
import pandas as pd

from engine.demand.alignment import YearBy, cycle_of, year_by

STARTS = pd.date_range("2021-04-12", periods=150, freq="7D")  # Mondays
LEVEL, HALF_YEAR = 8.0, 26


def _sales(peaks: list[str], seed: int = 1) -> np.ndarray:
    mean = np.where(STARTS.isin(pd.to_datetime(peaks)), 3.0 * LEVEL, LEVEL)
    return np.random.default_rng(seed).poisson(mean, (60, len(STARTS))).astype(float)


def _by(sold: np.ndarray, offset: np.ndarray | None = None) -> YearBy:
    offset = np.ones_like(sold) if offset is None else offset
    return year_by(sold, offset, STARTS, 7, HALF_YEAR)


def test_a_peak_before_the_third_monday_of_a_month_is_followed_as_it_moves() -> None:
    # Calendar weeks 45, 46 and 46.
    sold = _sales(["2021-11-08", "2022-11-14", "2023-11-13"])

    assert _by(sold) == "weekday of the month"
    phase = cycle_of(_by(sold), STARTS, 7).phase
    november = STARTS.isin(pd.to_datetime(["2021-11-08", "2022-11-14", "2023-11-13"]))
    assert len(set(phase[november])) == 1


def test_peaks_of_the_same_calendar_week_stay_by_calendar_week() -> None:
    # Weeks 48 and 5: the fifth and fourth Mondays of November, the fifth of January.
    assert _by(_sales(["2021-11-29", "2022-11-28", "2023-11-27", "2022-01-31", "2023-01-30"])) == (
        "week"
    )


def test_without_peaks_the_calendar_week_counts() -> None:
    assert all(_by(_sales([], seed)) == "week" for seed in range(8))


def test_one_year_says_nothing_of_how_years_repeat() -> None:
    sold = _sales(["2021-11-08"])[:, :52]

    assert year_by(sold, np.ones_like(sold), STARTS[:52], 7, HALF_YEAR) == "week"


def test_weeks_out_of_stock_do_not_move_the_reckoning() -> None:
    sold = _sales(["2021-11-08", "2022-11-14", "2023-11-13"])
    seen = (np.random.default_rng(5).random(sold.shape) > 0.4).astype(float)

    assert _by(sold * seen, seen) == "weekday of the month"


def test_every_bucket_has_a_phase_by_either_reckoning() -> None:
    for days in (1, 7):
        starts = pd.date_range("2024-01-01", periods=800, freq=f"{days}D")
        reckonings: tuple[YearBy, YearBy] = ("week", "weekday of the month")
        for by in reckonings:
            cycle = cycle_of(by, starts, days)
            assert cycle.phase.min() >= 0
            assert cycle.phase.max() < cycle.phases
