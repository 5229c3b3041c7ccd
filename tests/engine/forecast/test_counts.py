"""Count quantiles by table against the exact ones."""

import numpy as np
from hypothesis import given, strategies as st
from scipy.stats import nbinom, poisson

from engine.forecast.counts import count_quantiles
from engine.model.config import QUANTILE_LEVELS

LEVELS = np.array(QUANTILE_LEVELS)


def test_quantiles_are_the_exact_ones_but_for_a_count_here_and_there() -> None:
    random = np.random.default_rng(0)
    mean, size = np.exp(random.uniform(-5, 7, 4000)), np.exp(random.uniform(-2, 6, 4000))
    exact = nbinom.ppf(LEVELS, size[:, None], (size / (size + mean))[:, None])

    off = np.abs(count_quantiles(mean, size, QUANTILE_LEVELS) - exact)

    assert (off > 0).mean() < 0.03
    assert (off <= np.maximum(1, 0.01 * exact)).all()


def test_an_infinite_size_is_poisson() -> None:
    mean = np.array([0.02, 0.7, 3.0, 40.0])

    off = count_quantiles(mean, np.full(4, np.inf), QUANTILE_LEVELS) - poisson.ppf(
        LEVELS, mean[:, None]
    )

    assert np.abs(off).max() <= 1


@given(mean=st.floats(0, 1e7), size=st.floats(1e-2, 1e9))
def test_quantiles_are_monotone_whole_and_finite(mean: float, size: float) -> None:
    found = count_quantiles(np.array([mean]), np.array([size]), QUANTILE_LEVELS)[0]

    assert np.isfinite(found).all()
    assert (np.diff(found) >= 0).all()
    assert (found == np.floor(found)).all()
    assert found[0] >= 0


def test_no_demand_is_zero_at_every_level() -> None:
    assert (count_quantiles(np.zeros(1), np.ones(1), QUANTILE_LEVELS) == 0).all()
