"""The promotions harness: what it reads, what each origin may know, and which rows are scored."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput
from evals.promotions.adapter import snapshot_at
from evals.promotions.frat import Frat, load_frat
from evals.promotions.rolling import origins, score

WEEKS = 60


@pytest.fixture
def frat(tmp_path: Path) -> Frat:
    """One product in two stores; store 2 has no row in week 50, and features in 57 and 58."""
    home = tmp_path / "breakfast_at_the_frat"
    home.mkdir()
    ends = pd.date_range("2010-01-06", periods=WEEKS, freq="7D")
    rows = pd.concat(
        pd.DataFrame({
            "week_end_date": ends.strftime("%Y-%m-%d"), "store_id": store, "upc_id": "0011",
            "units": 10.0, "price": 2.0, "base_price": 2.5, "display": 0, "tpr_only": 0,
            "feature": np.where(np.isin(np.arange(WEEKS), (57, 58)) & (store == 2), 1, 0),
        })
        for store in (1, 2)
    )  # fmt: skip
    rows = rows[~((rows["store_id"] == 2) & (rows["week_end_date"] == str(ends[50].date())))]
    rows.to_csv(home / "transaction.csv.gz", index=False)
    product = {"upc_id": ["0011"], "description": ["OATS"], "category": ["CEREAL"]}
    pd.DataFrame(product | {"sub_category": ["HOT"]}).to_csv(home / "product.csv", index=False)
    return load_frat(tmp_path)


def test_a_row_that_is_absent_is_missing_and_never_zero(frat: Frat) -> None:
    snapshot = snapshot_at(frat, 56, 4)
    out = snapshot["stock"].query("in_stock_fraction == 0")

    assert np.isnan(frat.units[1, 50])
    assert out["location"].astype(str).tolist() == ["2"]
    assert len(snapshot["sales"]) == 2 * 56 - 1


def test_plans_of_the_scored_weeks_are_known_and_their_sales_are_not(frat: Frat) -> None:
    snapshot = snapshot_at(frat, 56, 2)
    features = snapshot["promotions"].query("kind == 'feature'")

    assert snapshot["sales"]["date"].max() < pd.Timestamp(snapshot.as_of)
    assert features["start_date"].tolist() == [frat.starts[57]]
    assert snapshot["promotions"].query("kind == 'discount'")["depth"].unique() == [
        pytest.approx(0.2)
    ]
    assert snapshot["prices"]["price_micros"].tolist() == [2.5e6, 2.5e6]


def test_origins_are_four_weeks_apart_and_leave_a_year() -> None:
    assert origins(130, 26) == (104, 108, 112, 116, 120, 124, 128)
    with pytest.raises(InvalidInput, match="must leave a year of the 60 weeks"):
        origins(60, 20)


def test_every_method_is_scored_on_the_same_rows(frat: Frat) -> None:
    perfect = score(
        frat, 6, {"right": lambda f, o, n: np.nan_to_num(f.units[:, o : o + n])}, lambda _: None
    )

    assert len(perfect.actual) == 12
    assert perfect.promoted.sum() == 2
    assert perfect.figures("right") == {"wape": 0, "wape_promoted": 0, "bias": 0}


def test_a_folder_without_the_data_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"neither transaction\.csv\.gz nor a folder"):
        load_frat(tmp_path)
