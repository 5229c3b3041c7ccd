"""Units that come ten at a time: what backtests say of their band, and what service comes of it."""

import numpy as np
import pytest

from engine.forecast.noise import Errors, estimate_noise
from engine.forecast.paths import demand_paths
from engine.model.config import PlanConfig
from engine.model.forecast import Forecast
from support.forecast import made_up
from support.orders import PLACES, lumps, served_share

SERIES, ORIGINS, STEPS = 60, 10, 8
WEEKLY = 7.0  # ten units on one day in ten


def _forecast(places: int) -> Forecast:
    """Its noise is learned from backtests that knew the level; the history has the true spread."""
    shape = (ORIGINS, SERIES, STEPS)
    errors = Errors(
        predicted=np.full(shape, WEEKLY),
        actual=lumps(np.random.default_rng(4), shape),
        seen=np.ones(shape, dtype=bool),
    )
    spread = (10 * 0.9 - 1.0) / WEEKLY  # (10 mean (1 - .1) - mean) / mean^2
    lumpy = np.full(SERIES, 3, dtype=np.int64)
    noise = estimate_noise(errors, np.full(SERIES, spread), lumpy, np.full(SERIES, WEEKLY))
    return made_up(
        [[WEEKLY] * STEPS] * places, level_cv=float(noise.level_cv[0]),
        size=float(noise.size[0]), wide_cv=float(noise.wide[0]),
    )  # fmt: skip


def test_the_band_expects_no_larger_errors_than_there_were() -> None:
    month = demand_paths(_forecast(1), np.arange(1), 2048, 1)[0, :, :4].sum(axis=1)

    # Truth: 28 days of 10 with a chance of .1, so 28 x 9 = 252; a likelihood alone says thousands.
    assert month.mean() == pytest.approx(28.0, rel=0.05)
    assert month.var() == pytest.approx(252.0, rel=0.25)


@pytest.mark.parametrize("target", [0.9, 0.97])
def test_orders_by_what_was_learned_serve_about_what_was_asked(target: float) -> None:
    """In closed loop against the true demand; with the likelihood alone both end above .99.

    Three points are what chance does in 30 weeks of forty places.
    """
    paths = demand_paths(_forecast(PLACES), np.arange(PLACES), 256, 1).astype(np.float64)

    served = served_share(PlanConfig(objective="fill_rate", service_target=target), paths, lead=1)

    assert served == pytest.approx(target, abs=0.03)
