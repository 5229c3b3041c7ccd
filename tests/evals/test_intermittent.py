"""The spare-parts harness: gaps, scales and peers as the protocol says."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from engine.errors import InvalidInput
from evals.histories.carparts import ended_together, read_carparts
from evals.histories.history import History
from evals.intermittent.scoring import scales_of, score_all
from evals.peers.croston import conformal_quantiles, negative_binomial_quantiles, peers
from evals.scores import M5_LEVELS

DATA = Path(__file__).parents[2].parent / "shared" / "data"
GAPS = np.array([[np.nan, 2.0, np.nan, 5.0, np.nan, np.nan]])


def parts(count: int, months: int) -> History:
    random = np.random.default_rng(5)
    units = random.poisson(random.gamma(0.5, 1.0, (count, 1)), (count, months)).astype(float)
    return History(
        name="parts", skus=[f"N{k:03d}" for k in range(count)], locations=["MAIN"] * count,
        categories=["parts"] * count, units=units, first_day=date(1998, 1, 5), bucket_days=7,
    )  # fmt: skip


def test_trailing_gaps_are_cut_and_gaps_inside_stay_missing() -> None:
    ended = ended_together(GAPS)[0]

    assert ended[-3:].tolist()[0::2] == [2.0, 5.0]
    assert np.isnan(ended[:3]).all()
    assert np.isnan(ended[4])


def test_scales_are_means_of_differences_over_the_whole_history() -> None:
    absolute, squared = scales_of(np.array([[0.0, 0.0, 4.0, 1.0]]))

    assert absolute[0] == pytest.approx(7 / 3)
    assert squared[0] == pytest.approx(25 / 3)


def test_ours_and_every_peer_are_scored_on_the_same_parts() -> None:
    figures = score_all(parts(120, 51))

    assert set(figures["peers"]) == {
        "croston", "sba", "tsb", "adida", "imapa", "zero", "mean", "mean_12", "lightgbm",
    }  # fmt: skip
    assert figures["parts"] + figures["dropped"] == 120
    assert figures["ours"]["wspl"] < figures["peers"]["croston"]["wspl"]
    assert figures["ours"]["coverage"]["80"] == pytest.approx(80, abs=5)


@pytest.mark.parametrize("name", ["tsb", "mean_12"])
def test_quantiles_of_a_peer_rise_with_the_level_and_never_fall_below_zero(name: str) -> None:
    forecaster, units = peers()[name], parts(20, 39).units
    for made in (conformal_quantiles, negative_binomial_quantiles):
        quantiles = made(forecaster, units, 12, M5_LEVELS)

        assert quantiles.shape == (20, 12, 9)
        assert (np.diff(quantiles, axis=2) >= 0).all()
        assert quantiles.min() >= 0


def test_a_folder_without_the_file_is_named_with_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"No 'carparts\.csv' in .* Pass its folder with --data"):
        read_carparts(tmp_path)


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the development data in ../shared/data")
def test_all_parts_end_in_the_last_month() -> None:
    history = read_carparts(DATA)

    assert history.units.shape == (2674, 51)
    assert np.isfinite(history.units[:, -1]).all()
