"""The LightGBM peer of the harnesses."""

import numpy as np
import pytest

from evals.peers.boosted import boosted

pytest.importorskip("mlforecast")


def test_it_follows_levels_and_leaves_what_never_began_at_nothing() -> None:
    levels = np.repeat([2.0, 8.0, 30.0], 40)
    history = np.random.default_rng(1).poisson(levels[:, None], (120, 120)).astype(float)
    mean = boosted(np.vstack([history, np.full((1, 120), np.nan)]), 7, 4)

    assert mean.shape == (121, 4)
    assert mean[:120].reshape(3, -1).mean(axis=1) == pytest.approx([2.0, 8.0, 30.0], rel=0.1)
    assert (mean[120] == 0).all()


def test_it_knows_the_weekday_of_daily_sales() -> None:
    means = np.where(np.arange(210) % 7 == 5, 20.0, 4.0)
    history = np.random.default_rng(2).poisson(means, (30, 210)).astype(float)
    mean = boosted(history[:, :203], 1, 7)

    assert mean[:, 5 - 203 % 7].mean() > 3 * mean[:, 0].mean()


def test_the_same_history_gives_the_same_forecast() -> None:
    history = np.random.default_rng(3).poisson(3.0, (30, 120)).astype(float)

    assert (boosted(history, 7, 6) == boosted(history, 7, 6)).all()
