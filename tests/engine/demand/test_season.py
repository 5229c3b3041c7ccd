"""Pooled profiles: as strong as their evidence, and none where there is no season."""

import numpy as np
import pandas as pd
import pytest

from engine.demand.cycles import week_cycle, year_cycle
from engine.demand.groups import category_groups
from engine.demand.season import fit_profile

STARTS = pd.date_range("2024-11-25", periods=104, freq="7D")
CYCLE = year_cycle(STARTS, 7)
WAVE = 1.0 + 0.4 * np.sin(2 * np.pi * np.arange(52) / 52)


def _sales(categories: list[str], shape: np.ndarray, mean: float, seed: int = 1) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.poisson(mean * shape[CYCLE.phase], (len(categories), len(STARTS))).astype(float)


def test_the_season_of_a_category_is_found() -> None:
    categories = ["garden"] * 40
    sold = _sales(categories, WAVE, 10.0)
    profile = fit_profile(sold, np.ones_like(sold), CYCLE, category_groups(categories), 26)

    assert np.abs(profile.at(np.arange(52))[0] - WAVE).max() < 0.1


def test_noise_is_not_taken_for_a_season() -> None:
    categories = ["goods"] * 5
    sold = _sales(categories, np.ones(52), 1.0)
    profile = fit_profile(sold, np.ones_like(sold), CYCLE, category_groups(categories), 26)

    assert profile.factors.std() < 0.1


def test_a_small_category_borrows_from_its_parent() -> None:
    categories = ["home/lamps"] * 40 + ["home/clocks"]
    sold = _sales(categories, WAVE, 10.0)
    sold[-1] = np.random.default_rng(2).poisson(0.3 * WAVE[CYCLE.phase])
    profile = fit_profile(sold, np.ones_like(sold), CYCLE, category_groups(categories), 26)

    assert np.abs(profile.at(np.arange(52))[-1] - WAVE).max() < 0.2


def test_two_categories_keep_their_own_seasons() -> None:
    categories = ["summer"] * 40 + ["winter"] * 40
    sold = np.vstack([_sales(categories[:40], WAVE, 8.0), _sales(categories[40:], 2 - WAVE, 8.0)])
    profile = fit_profile(sold, np.ones_like(sold), CYCLE, category_groups(categories), 26)

    assert np.corrcoef(profile.at(np.arange(52))[0], WAVE)[0, 1] > 0.95
    assert np.corrcoef(profile.at(np.arange(52))[-1], 2 - WAVE)[0, 1] > 0.95


def test_one_giant_does_not_set_the_season_of_its_category() -> None:
    categories = ["goods"] * 41
    sold = _sales(categories, np.ones(52), 5.0)
    sold[-1] = 5000 * WAVE[CYCLE.phase]
    profile = fit_profile(sold, np.ones_like(sold), CYCLE, category_groups(categories), 26)

    assert np.abs(profile.at(np.arange(52))[0] - 1).max() < 0.15


def test_buckets_out_of_stock_do_not_dent_the_season() -> None:
    categories = ["garden"] * 40
    sold = _sales(categories, WAVE, 10.0)
    exposure = (np.random.default_rng(4).random(sold.shape) > 0.4).astype(float)
    profile = fit_profile(sold * exposure, exposure, CYCLE, category_groups(categories), 26)

    assert np.abs(profile.at(np.arange(52))[0] - WAVE).max() < 0.12


def test_scaling_all_demand_leaves_the_season_nearly_as_it_is() -> None:
    categories = ["garden"] * 40
    sold = _sales(categories, WAVE, 50.0)
    groups = category_groups(categories)
    one = fit_profile(sold, np.ones_like(sold), CYCLE, groups, 26).at(np.arange(52))
    three = fit_profile(3 * sold, np.ones_like(sold), CYCLE, groups, 26).at(np.arange(52))

    assert three == pytest.approx(one, abs=0.01)


def test_weeks_are_iso_weeks_of_the_middle_and_years_end_at_the_last_bucket() -> None:
    assert CYCLE.phase[5] == 0  # the week of 2024-12-30 holds the first Thursday of 2025
    assert CYCLE.repetition.tolist() == [1] * 52 + [0] * 52


def test_weekdays_are_found_in_daily_buckets() -> None:
    days = pd.date_range("2026-01-05", periods=280)
    cycle = week_cycle(days)
    week = np.array([0.7, 0.8, 0.9, 1.0, 1.2, 1.4, 1.0])
    sold = np.random.default_rng(1).poisson(4 * week[cycle.phase], (60, 280)).astype(float)
    profile = fit_profile(sold, np.ones_like(sold), cycle, category_groups(["x"] * 60), 91)

    assert profile.at(np.arange(7))[0] == pytest.approx(week, abs=0.04)


def test_a_large_group_whose_years_contradict_each_other_has_no_season_of_its_own() -> None:
    """Two years that moved the other way each: a fashion, not a season, however much it sells."""
    categories = ["steady"] * 40 + ["fashion"] * 40
    phase, repetition = CYCLE.phase, CYCLE.repetition
    steady = np.broadcast_to(WAVE[phase], (40, 104))
    fashion = np.broadcast_to(np.where(repetition == 0, WAVE[phase], 2 - WAVE[phase]), (40, 104))
    random = np.random.default_rng(3)
    sold = random.poisson(20.0 * np.vstack([steady, fashion])).astype(float)
    profile = fit_profile(sold, np.ones_like(sold), CYCLE, category_groups(categories), 26)

    own = profile.at(np.arange(52))
    assert np.corrcoef(own[0], WAVE)[0, 1] > 0.98
    assert own[0].std() > 0.2
    assert own[-1].std() < 0.1


def test_a_feast_survives_where_everything_else_differs_between_years() -> None:
    categories = ["gifts"] * 40
    drift = 1.0 + 0.4 * np.sin(2 * np.pi * np.arange(104) / 104 * 1.5)
    feast = np.where(CYCLE.phase == 46, 3.0, 1.0)
    sold = np.random.default_rng(5).poisson(12.0 * drift * feast, (40, 104)).astype(float)
    profile = fit_profile(sold, np.ones_like(sold), CYCLE, category_groups(categories), 26)

    own = profile.at(np.arange(52))[0]
    assert own[46] / np.median(own) > 1.7
    assert np.delete(own, [45, 46, 47]).std() < 0.1
