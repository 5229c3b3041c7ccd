"""Simulated demand: the right distribution, and random numbers that belong to the series."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.stats import nbinom

from engine.errors import InvalidInput
from engine.forecast.noise import effective_size
from engine.forecast.paths import demand_paths
from engine.forecast.sums import (
    cumulative_moments,
    cumulative_quantiles,
    quantiles_over_random_days,
    running_quantiles,
    summed_mean,
)
from support.forecast import made_up

RANDOM = np.random.default_rng(1)
MEANS = np.exp(RANDOM.normal(1, 1.3, (60, 13)))
FORECAST = made_up(MEANS)
ALL = np.arange(60)


def test_paths_have_the_mean_and_variance_of_the_noise() -> None:
    drawn = demand_paths(FORECAST, ALL, 256, seed=1)
    variance = MEANS + MEANS**2 / effective_size(FORECAST.noise)[:, None]

    assert drawn.shape == (60, 256, 13)
    assert drawn.dtype == np.int32
    assert drawn.mean(axis=1).sum() == pytest.approx(MEANS.sum(), rel=2e-3)
    assert np.mean(drawn.var(axis=1) / variance) == pytest.approx(1.0, abs=0.03)


def test_sums_over_the_horizon_spread_as_the_cumulative_moments_say() -> None:
    drawn = demand_paths(FORECAST, ALL, 512, seed=2).sum(axis=2)
    mean, excess = cumulative_moments(FORECAST, ALL, 91)

    assert drawn.mean(axis=1) == pytest.approx(mean, rel=0.05)
    assert np.mean(drawn.var(axis=1) / (mean + mean**2 * excess.whole)) == pytest.approx(
        1.0, abs=0.05
    )


def test_a_single_bucket_follows_the_negative_binomial() -> None:
    forecast = made_up([[0.8], [6.0], [150.0]], level_cv=0.4, size=2.0)
    drawn = demand_paths(forecast, np.arange(3), 4096, seed=3)[:, :, 0]
    size = effective_size(forecast.noise)[0]
    for row, mean in enumerate((0.8, 6.0, 150.0)):
        counts = np.arange(0, int(6 * mean) + 3)
        below = (drawn[row][:, None] <= counts).mean(axis=0)
        off = np.abs(below - nbinom.cdf(counts, size, size / (size + mean)))
        assert off.max() < 0.04  # a product of two gammas is nearly a gamma


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(st.integers(0, 59), min_size=1, max_size=8), seed=st.integers(0, 2**40))
def test_draws_depend_on_the_series_and_never_on_what_else_is_asked(
    rows: list[int], seed: int
) -> None:
    picked = np.array(rows)

    together = demand_paths(FORECAST, ALL, 64, seed)

    assert (demand_paths(FORECAST, picked, 64, seed) == together[picked]).all()


def test_a_series_keeps_its_draws_when_others_join_the_forecast() -> None:
    alone = made_up(MEANS[:1])
    renamed = replace(alone, series=FORECAST.series.iloc[[7]].reset_index(drop=True))
    moved = replace(renamed, mean=MEANS[7:8])

    assert (
        demand_paths(moved, np.array([0]), 64, 9) == demand_paths(FORECAST, np.array([7]), 64, 9)
    ).all()


def test_another_seed_or_series_draws_differently_and_uncorrelated() -> None:
    flat = made_up(np.full((40, 4), 5.0))
    one, two = (demand_paths(flat, np.arange(40), 256, seed)[:, :, 0] for seed in (1, 2))
    between = np.corrcoef(one)[np.triu_indices(40, 1)]

    assert (one != two).any()
    assert abs(between.mean()) < 0.01
    assert between.std() == pytest.approx(1 / 16, rel=0.2)  # as independent draws would


def test_a_higher_mean_never_lowers_a_path() -> None:
    more = made_up(MEANS * 1.07)

    lower, higher = (demand_paths(f, ALL, 128, 5) for f in (FORECAST, more))

    assert (higher >= lower).mean() > 0.999  # the seam between table and expansion may round


def test_buckets_of_a_path_share_the_error_of_the_level() -> None:
    drawn = demand_paths(made_up([[50.0] * 8], level_cv=0.5, size=50.0), np.array([0]), 512, 4)
    between = np.corrcoef(drawn[0].T)[np.triu_indices(8, 1)]

    assert between.mean() == pytest.approx(0.25 / (0.25 + 1.25 / 50 + 1 / 50), abs=0.05)


def test_any_number_of_paths_is_served_and_none_is_an_error() -> None:
    assert demand_paths(FORECAST, ALL[:2], 100, 1).shape == (2, 100, 13)
    assert demand_paths(FORECAST, ALL[:0], 64, 1).shape == (0, 64, 13)
    with pytest.raises(InvalidInput, match="paths must be at least 1, got 0"):
        demand_paths(FORECAST, ALL, 0, 1)


def test_a_period_may_end_inside_a_bucket_and_beyond_the_horizon() -> None:
    forecast = made_up([[7.0, 14.0]])
    rows = np.array([0])

    assert summed_mean(forecast, rows, 3.5)[0] == pytest.approx(3.5)
    assert summed_mean(forecast, rows, 10.5)[0] == pytest.approx(14.0)
    assert summed_mean(forecast, rows, 28)[0] == pytest.approx(21 + 2 * 10.5)
    assert (cumulative_quantiles(forecast, rows, 0) == 0).all()


def test_the_band_of_a_sum_is_wider_than_independent_weeks_would_be() -> None:
    forecast = made_up([[20.0] * 13], level_cv=0.3, size=10.0)
    mean, excess = cumulative_moments(forecast, np.array([0]), 91)
    week = 20.0 + 400.0 / effective_size(forecast.noise)[0]

    assert mean[0] + mean[0] ** 2 * excess.whole[0] > 3 * 13 * week


@pytest.mark.parametrize("wide_cv", [0.3, 0.9, 2.5])
@pytest.mark.parametrize("days", [7, 28, 63])
def test_paths_fall_inside_the_bands_of_their_sums_as_often_as_stated(
    wide_cv: float, days: int
) -> None:
    forecast = made_up(MEANS, level_cv=0.3, wide_cv=wide_cv)
    summed = demand_paths(forecast, ALL, 1024, seed=6)[:, :, : days // 7].sum(axis=2)
    quantiles = cumulative_quantiles(forecast, ALL, days)

    below, upto = (
        (summed[:, :, None] <= (quantiles - shift)[:, None, :]).mean(axis=(0, 1))
        for shift in (1.0, 0.0)
    )
    levels = np.asarray(forecast.levels)
    assert (upto >= levels - 0.012).all()
    assert (below <= levels + 0.012).all()


def test_a_wide_level_thickens_the_tails_and_keeps_the_mean() -> None:
    plain, wide = (made_up(MEANS, level_cv=0.3, wide_cv=cv) for cv in (0.3, 2.0))
    low, high = (demand_paths(forecast, ALL, 1024, 8) for forecast in (plain, wide))
    outer = [plain.levels.index(level) for level in (0.01, 0.99)]

    assert high.mean() == pytest.approx(low.mean(), rel=0.02)
    assert (wide.quantiles[:, :, outer[0]] <= plain.quantiles[:, :, outer[0]]).all()
    assert wide.quantiles[:, :, outer[1]].mean() > 1.3 * plain.quantiles[:, :, outer[1]].mean()


def test_a_step_with_a_share_of_the_level_error_is_that_much_surer() -> None:
    base = made_up(np.full((1, 8), 400.0), level_cv=0.4, size=1e6)
    share = np.linspace(0.0, 1.0, 8)[None, :]
    shared = replace(base, noise=replace(base.noise, level_share=share))
    drawn = demand_paths(shared, np.array([0]), 2048, 3)[0]
    mean, excess = cumulative_moments(shared, np.array([0]), 56)

    assert drawn.var(axis=0) == pytest.approx(400 + (0.4 * share[0] * 400) ** 2, rel=0.1)
    assert drawn.sum(axis=1).var() == pytest.approx(
        mean[0] + mean[0] ** 2 * excess.whole[0], rel=0.1
    )


def test_paths_over_a_random_period_fall_inside_its_bands_as_often_as_stated() -> None:
    forecast = made_up(MEANS, level_cv=0.3, wide_cv=1.0)
    weeks = np.random.default_rng(4).integers(2, 9, (60, 1024))
    running = np.cumsum(demand_paths(forecast, ALL, 1024, seed=7), axis=2)
    summed = np.take_along_axis(running, weeks[:, :, None] - 1, axis=2)[:, :, 0]
    pmf = np.zeros((60, 57))
    pmf[:, 14::7] = 1 / 7
    quantiles = quantiles_over_random_days(forecast, ALL, pmf)

    levels = np.asarray(forecast.levels)
    upto = (summed[:, :, None] <= quantiles[:, None, :]).mean(axis=(0, 1))
    below = (summed[:, :, None] <= quantiles[:, None, :] - 1).mean(axis=(0, 1))
    assert (upto >= levels - 0.02).all()
    assert (below <= levels + 0.02).all()


def test_sums_grow_with_every_bucket_and_their_bands_are_in_order() -> None:
    running = running_quantiles(FORECAST, (0.1, 0.5, 0.9))

    assert running.shape == (60, 13, 3)
    assert (np.diff(running, axis=2) >= 0).all()
    assert (running[:, 6] == cumulative_quantiles(FORECAST, ALL, 49)[:, [4, 10, 16]]).all()


def test_a_random_period_without_spread_is_a_fixed_one() -> None:
    certain = np.zeros((60, 31))
    certain[:, 17] = 1.0

    found = quantiles_over_random_days(FORECAST, ALL, certain)

    assert (found == cumulative_quantiles(FORECAST, ALL, 17)).all()


def test_the_spread_of_a_lead_time_widens_demand_as_the_textbook_says() -> None:
    """Demand 10 a day with sd 3 and 14 +/- 4 days: sd 41.5 over the lead time (design, 03)."""
    days = np.arange(41)
    pmf = np.exp(-0.5 * ((days - 14) / 4.0) ** 2)
    pmf /= pmf.sum()
    base = made_up([[10.0] * 41], level_cv=1e-6, size=1e9)
    daily = replace(base, bucket="day")
    upper = quantiles_over_random_days(daily, np.array([0]), pmf[None, :])[0, 17]

    # Poisson demand: variance 14 x 10 + 10^2 x 4^2; counts are skewed, so a little above normal.
    normal = 140 + 1.645 * np.sqrt(140 + 1600)
    assert normal < upper < 1.05 * normal
