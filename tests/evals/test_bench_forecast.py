"""The forecast benchmark runs, writes its figures, and its scores are what they say."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from evals.commands import bench
from evals.demand_series import make_up
from evals.scores import central_shares, pinball, randomised_pit


def test_the_benchmark_prints_and_writes_its_figures(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    command = ["forecast", "--series", "300", "--points", "104", "--json", str(out)]
    result = CliRunner().invoke(bench, command)
    figures = json.loads(out.read_text())

    assert result.exit_code == 0
    assert "300 generated series x 104 weeks" in result.output
    assert {"seconds", "peak_mb", "stages", "pinball", "wape", "coverage"} <= set(figures)
    assert figures["coverage"]["80"] == pytest.approx(80, abs=6)


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

    shares = central_shares(randomised_pit(mean, np.full(20_000, 2.0), actual, seed=2))

    assert shares["50"] == pytest.approx(50, abs=1.2)
    assert shares["95"] == pytest.approx(95, abs=0.6)
