"""A level moved by what its company, category, item and the series itself did lately."""

import numpy as np
import pandas as pd
import pytest

from engine.demand.groups import Groups, series_groups
from engine.forecast.kin import moved_level


def _groups(items: int, places: int) -> Groups:
    return series_groups(pd.DataFrame({
        "sku": np.repeat([f"I{i}" for i in range(items)], places),
        "location": np.tile([f"S{i}" for i in range(places)], items),
        "category": "goods",
    }))  # fmt: skip


def test_an_item_that_rises_everywhere_lifts_a_place_that_sold_by_chance_as_before() -> None:
    groups = _groups(20, 30)
    year = np.full(600, 2.0)
    offered = np.full(600, 6.0)
    units = np.full(600, 12.0)
    units[:30] = 24.0
    units[3] = 12.0
    level = moved_level(year, units, offered, groups)

    assert level[3] > 3.0
    assert level[100] == pytest.approx(2.0, rel=0.05)


def test_one_series_alone_is_hardly_believed() -> None:
    groups = _groups(20, 30)
    units = np.full(600, 12.0)
    units[0] = 24.0
    level = moved_level(np.full(600, 2.0), units, np.full(600, 6.0), groups)

    assert 2.0 < level[0] < 2.8


def test_who_was_not_for_sale_moves_no_group() -> None:
    groups = _groups(4, 30)
    offered = np.full(120, 6.0)
    units = np.full(120, 12.0)
    offered[:25] = units[:25] = 0.0
    level = moved_level(np.full(120, 2.0), units, offered, groups)

    assert level == pytest.approx(np.full(120, 2.0), rel=1e-9)


def test_an_empty_panel_has_no_levels() -> None:
    none = np.zeros(0)
    assert moved_level(none, none, none, _groups(0, 0)).shape == (0,)
