"""The forecast benchmark runs, writes its figures, and its scores are what they say."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from engine.forecast.mixture import Excess
from evals.bench_series import carried_forward, draw, scales
from evals.calibration.pit import mixture_pit
from evals.commands import bench
from evals.demand_series import make_up
from evals.scores import central_shares, pinball

DATA = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.mark.slow  # a child process with peers
def test_the_benchmark_prints_and_writes_its_figures(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    command = ["forecast", "--series", "300", "--points", "104", "--peer-series", "20"]
    result = CliRunner().invoke(bench, [*command, "--json", str(out)])
    figures = json.loads(out.read_text())

    assert result.exit_code == 0
    assert "300 generated series x 104 weeks" in result.output
    assert {"seconds", "peak_mb", "stages", "pinball", "wape", "coverage"} <= set(figures)
    assert figures["coverage"]["80"] == pytest.approx(80, abs=6)
    assert figures["peers"]["autoets"]["series"] == 20
    assert figures["ratio_pinball"] < 1  # the peer sees neither seasons of others nor promotions


def test_series_are_drawn_from_every_source_with_their_last_weeks_held_out() -> None:
    if not DATA.is_dir():
        pytest.skip(f"no development data in {DATA}")
    one, two = (draw(DATA, 60, 104, seed=3) for _ in range(2))
    sources = set(one.snapshot["items"]["category"].str.split("/").str[0])

    assert one.units.shape == (60, 104)
    assert one.future.shape == (60, 13)
    assert np.array_equal(one.units, two.units, equal_nan=True)
    assert {"frat", "m5"} <= sources <= {"frat", "m5", "vn2"}
    assert np.isfinite(one.units).mean() > 0.8


def test_gaps_are_carried_forward_for_models_that_know_none() -> None:
    gaps = np.array([[3.0, np.nan, np.nan, 5.0, np.nan]])

    assert carried_forward(gaps).tolist() == [[3, 3, 3, 5, 5]]
    assert scales(np.array([[3.0, 5.0, np.nan, 5.0, 4.0]])).tolist() == [1.5]


def test_made_up_demand_is_the_same_for_the_same_seed() -> None:
    one, two = (make_up(20, 60, 4, seed=3) for _ in range(2))

    assert one.snapshot["sales"].equals(two.snapshot["sales"])
    assert (one.future == two.future).all()


def test_the_pinball_loss_weighs_misses_by_their_level() -> None:
    loss = pinball(np.array([[8.0, 12.0]]), np.array([10.0]), (0.1, 0.9))

    assert loss[0] == pytest.approx((0.1 * 2 + 0.1 * 2) / 2)


def test_the_pit_of_a_true_forecast_is_uniform() -> None:
    random = np.random.default_rng(1)
    mean = np.exp(random.normal(0, 1, 20_000))
    actual = random.poisson(mean * random.gamma(2.0, 0.5, 20_000)).astype(float)

    excess = np.full(20_000, 0.5)
    shares = central_shares(mixture_pit(mean, Excess(narrow=excess, wide=excess), actual, seed=2))

    assert shares["50"] == pytest.approx(50, abs=1.2)
    assert shares["95"] == pytest.approx(95, abs=0.6)
