"""Equal content has one text."""

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from engine.model.canonical import canonical_json, digest, digest_of_plain, plain_rows


def test_order_of_keys_and_sets_and_numpy_types_do_not_matter() -> None:
    one = {"b": np.int64(2), "a": {"x", "y"}, "when": date(2026, 11, 2), "rate": Decimal("1.10")}
    two = {"when": date(2026, 11, 2), "rate": Decimal("1.10"), "a": {"y", "x"}, "b": 2}
    assert canonical_json(one) == canonical_json(two)
    assert digest(one) == digest(two)


def test_a_frame_is_its_rows_and_missing_values_are_null() -> None:
    frame = pd.DataFrame({"sku": ["A"], "day": [pd.NaT], "cost": [float("nan")]})
    assert canonical_json(frame) == '[{"cost":null,"day":null,"sku":"A"}]'


def test_what_has_no_one_text_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no canonical text"):
        canonical_json(object())


def test_rows_of_any_kind_of_column_are_as_each_cell_alone_would_be() -> None:
    frame = pd.DataFrame(
        {
            "whole": [1, 2], "real": [0.5, np.nan], "flag": [True, False], "text": ["a", None],
            "day": pd.to_datetime(["2026-01-05", None]), "pairs": [(("x", 1),), ()],
        }
    )  # fmt: skip
    rows = plain_rows(frame)
    assert rows[0] == {
        "whole": 1, "real": 0.5, "flag": True, "text": "a", "day": "2026-01-05T00:00:00",
        "pairs": [["x", 1]],
    }  # fmt: skip
    missing = ("real", "text", "day")
    assert [rows[1][name] for name in missing] == [None] * 3
    assert digest_of_plain({"rows": rows}) == digest({"rows": frame})
