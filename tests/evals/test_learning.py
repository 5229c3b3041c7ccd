"""The closed loop of learning: real imports and plans, a shop that leans, one that does not."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evals.histories.history import History
from evals.learning.loop import Lived, live
from evals.learning.outcome import told
from evals.learning.shop import drawn
from support.imported import DATABASE, QUICK


def history(series: int, weeks: int) -> History:
    units = np.random.default_rng(3).poisson(20.0, (series, weeks)).astype(float)
    return History(
        name="made", skus=[f"S{n:02d}" for n in range(series)], locations=["L"] * series,
        categories=["Tea/Black"] * series, units=units,
        first_day=date(2025, 1, 6), bucket_days=7,
    )  # fmt: skip


def test_two_companies_live_the_same_weeks_and_agree_until_something_is_learnt(
    tmp_path: Path, migrated_file: Path
) -> None:
    (tmp_path / "learner").mkdir()
    shutil.copy(migrated_file, tmp_path / "learner" / DATABASE)
    shop = history(6, 20)
    shop.units[3, -1] = np.nan  # out of stock: what was wanted is not known

    config = replace(QUICK, paths=16)
    lived = live(tmp_path, shop, config, weeks=1, watch=lambda _what, _week: None)
    result = told(lived, seed=1)

    assert lived.corrections == ()
    assert (result["weeks"], result["points"], result["bias"]) == (1, 5, None)
    rows = lived.rows
    assert (rows["with_"] == rows["without"]).all()
    assert rows["with_"].mean() == pytest.approx(20, rel=0.1)
    assert result["everything"]["wape"]["change"] == 0


def test_what_a_correction_was_worth_is_told_with_its_interval() -> None:
    rows = pd.DataFrame({
        "week": np.repeat(np.arange(10), 5), "sku": "S", "location": "L", "scope": "Tea",
        "actual": 10.0, "with_": 11.0, "with_low": 8.0, "with_high": 12.0, "without": 13.0,
        "without_low": 11.0, "without_high": 12.0, "bias": True, "band": False,
    })  # fmt: skip
    result = told(Lived(rows=rows, corrections=()), seed=1)

    assert result["bias"]["without"] == pytest.approx(0.3)
    assert result["bias"]["with"] == pytest.approx(0.1)
    assert result["bias"]["low"] <= result["bias"]["change"] == pytest.approx(-0.2)
    assert result["bias"]["weeks_better"] == 10
    assert result["band"] is None
    assert (result["everything"]["inside_with"], result["everything"]["inside_without"]) == (1, 0)
    # Without: 1 wide, 1 outside at 2 / .2 each unit; with: 4 wide and nothing outside; of 10.
    assert result["everything"]["interval"]["without"] == pytest.approx(1.1)
    assert result["everything"]["interval"]["with"] == pytest.approx(0.4)


def test_a_slice_is_drawn_by_its_seed_and_keeps_the_order() -> None:
    whole = history(30, 10)

    one, again, other = (drawn(whole, 7, seed) for seed in (1, 1, 2))

    assert one.skus == again.skus == sorted(one.skus)
    assert one.skus != other.skus
    assert len(drawn(whole, 99, 1).skus) == 30
