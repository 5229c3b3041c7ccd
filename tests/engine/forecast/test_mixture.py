"""Quantiles of counts whose level is now and then far off, against their distribution function."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.stats import nbinom

from engine.forecast.counts import count_quantiles
from engine.forecast.mixture import WIDE_SHARE, Excess, chance_at_most, mixture_quantiles
from engine.model.config import QUANTILE_LEVELS

LEVELS = np.array(QUANTILE_LEVELS)
RANDOM = np.random.default_rng(3)
MEANS = np.exp(RANDOM.normal(1.0, 2.0, 3000))
# The table ends at a coefficient of variation of 4; wilder rates are held there.
NARROW = np.minimum(np.exp(RANDOM.normal(-1.5, 1.2, 3000)), 16.0)
WIDE = np.minimum(NARROW * np.exp(RANDOM.uniform(0.0, 4.0, 3000)), 16.0)
EXCESS = Excess(narrow=NARROW, wide=WIDE)


def test_the_chance_is_that_of_two_negative_binomials() -> None:
    excess = Excess(narrow=np.array([0.25]), wide=np.array([2.0]))
    counts = np.arange(-1.0, 40.0)
    parts = [nbinom.cdf(counts, 1 / e, 1 / (1 + 6.0 * e)) for e in (0.25, 2.0)]

    found = chance_at_most(counts, np.array([6.0]), excess)

    assert found == pytest.approx((1 - WIDE_SHARE) * parts[0] + WIDE_SHARE * parts[1], abs=1e-9)


def test_quantiles_are_the_smallest_counts_that_reach_the_level() -> None:
    found = mixture_quantiles(MEANS, EXCESS, QUANTILE_LEVELS)
    each = Excess(narrow=EXCESS.narrow[:, None], wide=EXCESS.wide[:, None])
    upto, below = (chance_at_most(found - gap, MEANS[:, None], each) for gap in (0.0, 1.0))
    late, early = np.maximum(LEVELS - upto, 0.0), np.maximum(below - LEVELS, 0.0)

    # Among thousands of units a count more or less is no miss; the chance tells.
    assert ((late == 0) & (early == 0)).mean() > 0.92
    assert np.maximum(late, early).max() < 0.012  # in probability
    assert np.quantile(np.maximum(late, early), 0.99) < 0.003


def test_without_a_wide_level_they_are_those_of_the_negative_binomial() -> None:
    same = mixture_quantiles(MEANS, Excess(narrow=NARROW, wide=NARROW), QUANTILE_LEVELS)
    plain = count_quantiles(MEANS, 1.0 / NARROW, QUANTILE_LEVELS)

    assert (same == plain).mean() > 0.999


@settings(max_examples=60, deadline=None)
@given(
    mean=st.floats(0.0, 1e6), narrow=st.floats(0.0, 60.0), ratio=st.floats(1.0, 1e4),
)  # fmt: skip
def test_quantiles_rise_with_the_level_and_are_whole_counts(
    mean: float, narrow: float, ratio: float
) -> None:
    excess = Excess(narrow=np.array([narrow]), wide=np.array([narrow * ratio]))
    found = mixture_quantiles(np.array([mean]), excess, QUANTILE_LEVELS)[0]

    assert np.isfinite(found).all()
    assert (np.diff(found) >= 0).all()
    assert (found == np.floor(found)).all()
    assert found.min() >= 0
