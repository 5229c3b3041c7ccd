"""Weeks taken out of series and recovered: made-up ones always, real ones where at hand."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from engine.errors import InvalidInput
from evals.commands import evaluate
from evals.histories.history import History
from evals.stockouts.command import LIMITS, figures
from evals.stockouts.masks import draw_masks, is_smooth, over_seeds, read_sales

DATA = Path(__file__).parents[2].parent / "shared" / "data"
SERIES, WEEKS = 120, 104


def _made_up() -> History:
    """Half smooth, half intermittent; levels drift around a common season; stockouts of its own."""
    random = np.random.default_rng(8)
    level = np.where(np.arange(SERIES) < SERIES // 2, 12.0, 0.6)[:, None]
    season = 1.0 + 0.3 * np.sin(2 * np.pi * np.arange(WEEKS) / 52)
    drift = np.exp(np.cumsum(random.normal(0, 0.08, (SERIES, WEEKS)), axis=1))
    noise = random.gamma(5.0, 1 / 5.0, (SERIES, WEEKS))
    units = random.poisson(level * season * drift * noise).astype(float)
    units[random.random(units.shape) < 0.05] = np.nan
    return History(
        name="made up",
        skus=[f"S{k:03d}" for k in range(SERIES)],
        locations=["MAIN"] * SERIES,
        categories=["goods"] * SERIES,
        units=units,
        first_day=date(2024, 11, 25),
        bucket_days=7,
    )


def _within_goals(history: History, seeds: int) -> dict[str, dict]:
    found = figures(list(over_seeds(history, seeds, lambda _seed: None)))
    for kind, limit in LIMITS.items():
        assert abs(found[kind]["worst_level"]) <= limit
        assert abs(found[kind]["ours"]["level"]) < abs(found[kind]["zeros"]["level"])
        assert found[kind]["ours"]["error"] < 1.05 * found[kind]["drop"]["error"]
    return found


def test_masked_weeks_leave_the_level_where_it_was() -> None:
    found = _within_goals(_made_up(), 4)

    assert abs(found["smooth"]["ours"]["masked"]) < 0.08  # what the correction itself is off by


@pytest.mark.parametrize("name", ["vn2", "m5_tx3_foods3"])
def test_masked_weeks_of_real_series_leave_the_level_where_it_was(name: str) -> None:
    if not (DATA / name).is_dir():
        pytest.skip(f"needs {name} in ../shared/data")
    history = read_sales(DATA / name)
    _within_goals(history.between(max(history.buckets - 371, 0), history.buckets), 2)


def test_masks_are_whole_weeks_in_stock_of_about_a_fifth_of_the_series() -> None:
    history = _made_up()
    masks = draw_masks(history, seed=3)
    weeks = masks.sum(axis=1)[masks.any(axis=1)]

    assert np.isfinite(history.units[masks]).all()
    assert (weeks >= 2).all()
    assert (weeks <= 8).all()
    assert masks.any(axis=1).mean() == pytest.approx(0.2, abs=0.08)
    assert not (masks == draw_masks(history, seed=4)).all()


def test_a_series_is_smooth_that_sells_in_most_weeks_in_which_it_can() -> None:
    smooth = is_smooth(_made_up())

    assert smooth[:60].all()
    assert smooth[60:].mean() < 0.1  # one or the other has drifted up


def test_the_command_prints_the_beaten_baselines_and_writes_its_figures(tmp_path: Path) -> None:
    if not (DATA / "vn2").is_dir():
        pytest.skip("needs vn2 in ../shared/data")
    out = tmp_path / "figures.json"
    command = ["stockouts", "--data", str(DATA), "--seeds", "1", "--json", str(out)]
    result = CliRunner().invoke(evaluate, command)

    assert result.exit_code == 0
    assert "stockouts read as zeros" in result.output
    assert "mean of the weeks left" in result.output
    assert set(json.loads(out.read_text())["kinds"]) == {"smooth", "intermittent"}


def test_a_folder_without_sales_names_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="neither VN2"):
        read_sales(tmp_path)
