"""Promotions on the panel's axes: who, when, how deep, and what is said of unusable ones."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.demand.catalogue import build_catalogue
from engine.demand.findings import Finding
from engine.demand.ledger import day_number
from engine.demand.levers import PARTS, Levers
from engine.demand.promotions import promoted_series, promotion_levers
from support.demand import AS_OF, snapshot, table

MONDAY = pd.Timestamp(AS_OF)
WEEKS = 8
SERIES = pd.DataFrame({
    "sku": ["LAMP", "LAMP", "VASE"], "location": ["LEEDS", "YORK", "LEEDS"],
    "category": ["home/light", "home/light", "home/decor"],
})  # fmt: skip


def _read(*promotions: dict[str, Any], days: int = 7) -> tuple[Levers, tuple[Finding, ...]]:
    """Eight weeks (or days) from the as-of date on."""
    rows = [{"promotion": f"P{k}", **row} for k, row in enumerate(promotions)]
    items = [{"sku": sku, "category": "home"} for sku in ("LAMP", "VASE")]
    whole = snapshot(promotions=rows, items=items, sales=table("sales"))
    promoted, findings = promoted_series(whole, SERIES, build_catalogue(whole))
    shape = (len(SERIES), WEEKS)
    edges = day_number(AS_OF) + days * np.arange(WEEKS + 1)
    return promotion_levers(promoted, shape, edges), findings


def _on(first: int, last: int, **more: Any) -> dict[str, Any]:
    """From day `first` to day `last`, counted from the as-of date."""
    start, end = MONDAY + pd.Timedelta(days=first), MONDAY + pd.Timedelta(days=last)
    return {"sku": "LAMP", "depth": 0.25, "start_date": start, "end_date": end, **more}


def test_a_promotion_covers_an_item_everywhere_or_at_one_location() -> None:
    levers, _ = _read(_on(0, 6), _on(7, 13, location="YORK"), _on(14, 20, location=""))

    assert (levers.promoted[:, :3] > 0).tolist() == [
        [True, False, True], [True, True, True], [False, False, False],
    ]  # fmt: skip


def test_a_category_promotion_covers_everything_below_it() -> None:
    levers, _ = _read(
        _on(0, 6, sku=None, category="home"), _on(7, 13, sku=None, category="home/decor")
    )

    assert levers.promoted[:, :2].tolist() == [[1, 0], [1, 0], [1, 1]]


def test_part_of_a_week_is_a_share_of_its_days() -> None:
    levers, _ = _read(_on(4, 8))

    assert levers.promoted[0, :2] == pytest.approx([3 / 7, 2 / 7])
    assert levers.depth[0, :2] == pytest.approx([0.25 * 3 / 7, 0.25 * 2 / 7])


def test_only_a_discount_without_a_depth_has_the_usual_one() -> None:
    levers, _ = _read(
        _on(0, 6), _on(7, 13, depth=None), _on(14, 20, depth=None, kind="feature"),
        _on(21, 27, depth=0.0),
    )  # fmt: skip

    assert levers.depth[0, :4] == pytest.approx([0.25, 0.25, 0, 0])
    assert levers.grid("feature")[0, :4].tolist() == [0, 0, 1, 0]
    assert levers.promoted[0, :4].tolist() == [1, 1, 1, 0]


def test_overlapping_discounts_do_not_add_up() -> None:
    levers, _ = _read(_on(0, 6), _on(0, 6, depth=0.4), _on(0, 6, depth=0.1))

    assert levers.depth[0, 0] == pytest.approx(0.4)


def test_a_feature_with_a_cut_is_both_and_their_combination() -> None:
    levers, _ = _read(_on(0, 6, kind="feature"))
    running = dict(zip(PARTS, levers.share[0] * levers.value[0], strict=True))

    assert running["feature"] == 1
    assert running["discount"] == running["discount with feature"] == pytest.approx(-np.log(0.75))
    assert running["discount with display"] == 0


@pytest.mark.parametrize(("days", "worn_from"), [(7, 1), (1, 7)])
def test_a_run_is_worn_after_its_first_week(days: int, worn_from: int) -> None:
    levers, _ = _read(_on(0, 8 * days - 1), days=days)

    assert levers.grid("worn discount")[0].tolist() == [0] * worn_from + [1] * (8 - worn_from)


def test_a_run_ends_with_its_series() -> None:
    levers, _ = _read(_on(49, 55), _on(0, 6, sku="VASE"))

    assert not levers.grid("worn discount").any()


def test_weeks_since_and_until_a_promotion() -> None:
    levers, _ = _read(_on(14, 20))

    assert levers.since[0].tolist() == [np.inf, np.inf, 0, 1, 2, 3, 4, 5]
    assert levers.until[0].tolist() == [2, 1, 0, *[np.inf] * 5]
    assert levers.between(1, 4).promoted[0].tolist() == [0, 1, 0]


def test_promotions_that_say_too_little_are_findings_and_nothing_else() -> None:
    levers, findings = _read(
        _on(0, 6, start_date=None), _on(0, 6, end_date=None), _on(6, 0), _on(0, 6, sku=None),
        _on(0, 6, sku="NOBODY"), _on(0, 6, location="NOWHERE"), _on(7, 13, depth=25.0),
    )  # fmt: skip

    assert [finding.code for finding in findings] == [
        *["promotion-ignored"] * 4, "promotion-depth-percent",
    ]  # fmt: skip
    assert levers.depth[0].tolist() == pytest.approx([0, 0.25, *[0] * 6])
