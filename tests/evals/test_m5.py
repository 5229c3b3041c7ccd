"""The M5 harness: its files, its scores, and what it may see."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput
from evals.m5.adapter import snapshot_at
from evals.m5.files import M5Data, load
from evals.m5.protocol import point_scores, window_at, wspl
from evals.peers.simple import seasonal_naive, window_mean
from evals.scores import M5_LEVELS

DAYS, ITEMS = 84, 3


def _write(folder: Path, *, split: int = DAYS, suffix: str = "validation") -> Path:
    """A folder in M5's format: item k sells k + 1 a day, alternately nothing."""
    days = pd.date_range("2015-01-01", periods=DAYS + 28)
    calendar = pd.DataFrame({"date": days, "wm_yr_wk": 11500 + np.arange(len(days)) // 7})
    calendar["event_name_1"] = np.where(np.arange(len(days)) == 40, "Fair", None)
    calendar["event_name_2"] = None
    calendar["snap_TX"] = (np.arange(len(days)) % 10 < 2).astype(int)
    calendar.to_csv(folder / "calendar.csv", index=False)
    weeks = calendar["wm_yr_wk"].unique()
    prices = [
        {"store_id": "TX_3", "item_id": f"FOODS_3_00{k}", "wm_yr_wk": week,
         "sell_price": 2.0 + (week > 11505)}
        for k in range(ITEMS) for week in weeks
    ]  # fmt: skip
    pd.DataFrame(prices).to_csv(folder / "sell_prices_tx3.csv.gz", index=False)
    units = np.outer(np.arange(ITEMS) + 1, np.arange(DAYS) % 2)
    for first, last, name in [(0, split, "validation"), (split, DAYS, suffix)]:
        if first < last:
            frame = pd.DataFrame(
                units[:, first:last], columns=[f"d_{d + 1}" for d in range(first, last)]
            )
            frame.insert(0, "id", [f"FOODS_3_00{k}_TX_3_{name}" for k in range(ITEMS)])
            frame.sample(frac=1, random_state=1).to_csv(
                folder / f"sales_d{first + 1}_d{last}.csv", index=False
            )
    return folder


def test_later_days_join_the_earlier_ones_item_by_item(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "m5_parts").mkdir()
    whole = load(_write(tmp_path / "whole"))
    _write(tmp_path / "m5_parts", split=56, suffix="evaluation")
    parts = load(tmp_path)

    assert (whole.units == parts.units).all()
    assert whole.items == parts.items == ("FOODS_3_000", "FOODS_3_001", "FOODS_3_002")


def test_a_gap_between_the_files_is_named(tmp_path: Path) -> None:
    _write(tmp_path, split=56)
    (tmp_path / "sales_d57_d84.csv").rename(tmp_path / "sales_d58_d84.csv")

    with pytest.raises(InvalidInput, match="d_57 comes next"):
        load(tmp_path)


def test_a_folder_without_sales_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"sales_d1_d1913\.csv"):
        load(tmp_path)


def test_the_snapshot_knows_no_sale_from_the_cut_on(tmp_path: Path) -> None:
    data = load(_write(tmp_path))
    snapshot = snapshot_at(data, 56)

    assert snapshot.as_of == date(2015, 2, 26)
    assert snapshot["sales"]["date"].max() < pd.Timestamp(snapshot.as_of)
    assert snapshot["sales"]["units"].sum() == data.units[:, :56].sum()
    assert set(snapshot["holidays"]["name"]) == {"Fair", "SNAP"}
    assert len(snapshot["prices"]) == 2 * ITEMS  # a first price, and one change


def _window_data() -> M5Data:
    units = np.array([[0.0, 2, 0, 2] * 21, [1.0, 3, 1, 3] * 21, [0.0] * 84])
    days = pd.date_range("2015-01-01", periods=84)
    price = np.repeat([[1.0], [3.0], [1.0]], 84, axis=1)
    events = pd.DataFrame({"date": [], "name": []})
    return M5Data(
        items=("A", "B", "C"), store="TX_3", days=days, units=units, price=price, events=events
    )


def test_scores_follow_the_definition_by_hand() -> None:
    window = window_at(_window_data(), 56)
    scores = point_scores(window, np.ones((3, 28)))

    # Every step is two units, after the first sale; off by one each day in A, by 0 or 2 in B.
    assert window.square_scale[:2].tolist() == [4.0, 4.0]
    assert window.weight.tolist() == [28 / 196, 168 / 196, 0.0]
    assert scores["weighted_rmsse"] == pytest.approx(28 / 196 * 0.5 + 168 / 196 * 2**-0.5, abs=1e-5)
    assert scores["mean_rmsse"] == pytest.approx((0.5 + 2**-0.5) / 2, abs=1e-5)
    assert scores["wape"] == pytest.approx(56 / 84, abs=1e-5)
    assert scores["rows"] == 56  # the item that never sold has no scale


def test_scaled_pinball_loss_by_hand() -> None:
    window = window_at(_window_data(), 56)
    quantiles = np.ones((3, 28, len(M5_LEVELS)))

    mean_level = float(np.mean(M5_LEVELS))
    one = 0.5 * mean_level + 0.5 * (1 - mean_level)  # A: half a unit over, half under, each by one
    two = 0.5 * 2 * mean_level  # B: exact, or two under
    expected = (28 / 196 * one + 168 / 196 * two) / 2
    assert wspl(window, quantiles, M5_LEVELS) == pytest.approx(expected, abs=1e-5)


def test_simple_peers_say_what_their_names_say() -> None:
    history = np.array([[np.nan, np.nan, 2.0, 4.0, 6.0, 8.0]])

    assert seasonal_naive(history, 2, 3).tolist() == [[6.0, 8.0, 6.0]]
    assert window_mean(history, 5, 2).tolist() == [[5.0, 5.0]]
