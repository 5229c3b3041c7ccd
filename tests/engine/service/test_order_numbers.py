"""Numbers without gaps that no other system's orders can ever bear."""

from pathlib import Path

import pytest

from engine.purchase.numbering import series_beside
from engine.service import purchase
from engine.service.stores import Stores
from engine.store.database import Database
from support.purchasing import Run, buy, draft, purchasing_stores


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


@pytest.mark.parametrize(
    ("foreign", "series"),
    [
        ([], "PO-"),
        (["4711", "PO-2026-00017", "BE-12"], "PO-"),
        (["PO-17"], "QM-"),
        (["po-17 "], "QM-"),
        (["PO-1", "QM-2"], "QMPO-"),
    ],
)
def test_a_series_that_others_use_is_left_to_them(foreign: list[str], series: str) -> None:
    assert series_beside(foreign) == series


def test_each_series_counts_without_gaps_and_numbers_of_ours_are_not_foreign(
    stores: Stores,
) -> None:
    def drafted(number: int, *known: tuple[str, str]) -> str:
        (view,) = draft(
            stores, buy(f"VASE-{number}", 12), run=Run(id=f"run-{number}"),
            known_orders=frozenset(known),
        )  # fmt: skip
        return view.number

    assert drafted(1) == "PO-1001"
    assert drafted(2, ("PO-1001", "NORDLICHT")) == "PO-1002"  # ours, come back with the data
    theirs = ("PO-1003", "OAKHURST")
    assert [drafted(3, theirs), drafted(4, theirs)] == ["QM-1001", "QM-1002"]
    assert drafted(5) == "PO-1003"
    assert purchase.order_view(stores, "1001").number == "PO-1001"
    assert purchase.order_view(stores, "qm-1002").number == "QM-1002"
