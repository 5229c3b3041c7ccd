"""Equal content has one text."""

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from engine.model.canonical import canonical_json, digest


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
