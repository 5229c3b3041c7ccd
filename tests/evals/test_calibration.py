"""The calibration harness: PIT values are uniform where the forecast is true."""

from pathlib import Path

import numpy as np
import pytest

from engine.forecast.mixture import Excess
from engine.forecast.paths import demand_paths
from evals.calibration.cases import Case, vn2_cases
from evals.calibration.peers import LEVELS, PEERS, Quantiles
from evals.calibration.pit import mixture_pit
from evals.calibration.table import judge, quantiles_pit, shares
from evals.scores import central_shares
from support.forecast import made_up

DATA = Path(__file__).parents[2].parent / "shared" / "data"
RANDOM = np.random.default_rng(2)


def drawn_case() -> Case:
    """600 series whose future is one of the forecast's own paths."""
    forecast = made_up(np.exp(RANDOM.normal(0.5, 1.0, (600, 8))), level_cv=0.3, wide_cv=1.5)
    forecast.series["demand_class"] = "smooth"
    future = demand_paths(forecast, np.arange(600), 64, seed=5)[:, 7].astype(float)
    past = RANDOM.poisson(2.0, (600, 80)).astype(float)
    return Case(name="drawn", forecast=forecast, past=past, actual=future, season=52)


def test_every_horizon_of_a_true_forecast_holds_its_share() -> None:
    for part in judge(drawn_case()):
        found = shares([part])["all classes"]

        assert found["50"] == pytest.approx(50, abs=6), part.what
        assert found["80"] == pytest.approx(80, abs=5), part.what
        assert found["95"] == pytest.approx(95, abs=3), part.what


def test_a_forecast_that_is_too_sure_holds_less() -> None:
    mean, sure = np.full(4000, 5.0), np.full(4000, 0.01)
    actual = RANDOM.poisson(5.0 * RANDOM.gamma(2.0, 0.5, 4000)).astype(float)

    found = central_shares(mixture_pit(mean, Excess(narrow=sure, wide=sure), actual, seed=1))

    assert found["80"] < 65


def test_quantiles_of_a_true_distribution_give_uniform_values() -> None:
    actual = RANDOM.normal(100.0, 15.0, (500, 8)).round()
    values = np.quantile(RANDOM.normal(100.0, 15.0, 200_000), LEVELS)
    every = Quantiles(values=np.tile(values, (500, 8, 1)), levels=np.asarray(LEVELS))

    found = central_shares(quantiles_pit(every, actual))

    assert found["50"] == pytest.approx(50, abs=3)
    assert found["95"] == pytest.approx(95, abs=2)


@pytest.mark.parametrize("name", ["seasonal_naive", "moving_average_nb"])
def test_bands_of_a_peer_have_every_level_in_order(name: str) -> None:
    bands = PEERS[name](RANDOM.poisson(3.0, (30, 80)).astype(float), 8, 26)

    assert bands.values.shape == (30, 8, len(LEVELS))
    assert (np.diff(bands.values, axis=2) >= 0).all()


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the development data in ../shared/data")
def test_weeks_of_vn2_and_their_sums_fall_inside_their_bands() -> None:
    for part in judge(next(vn2_cases(DATA, 1))):
        found = shares([part])["all classes"]
        slack = 4 if part.what == "one bucket" else 6  # 600 sums have an error of two points

        assert found["50"] == pytest.approx(50, abs=slack), part.what
        assert found["80"] == pytest.approx(80, abs=slack), part.what
        assert found["95"] == pytest.approx(95, abs=slack), part.what
