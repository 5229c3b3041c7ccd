"""What a supplier's program reads: exact money as text, quantities as numbers."""

from decimal import Decimal

import pytest

from engine.connect.order_documents import _packs, _unit_price


@pytest.mark.parametrize(
    ("micros", "currency", "written"),
    [
        (4_900_000, "GBP", "4.90"),
        (4_905_000, "GBP", "4.905"),
        (1, "GBP", "0.000001"),
        (0, "GBP", "0.00"),
        (100_000_000, "EUR", "100.00"),
        (12_000_000, "JPY", "12"),
        (12_500_000, "JPY", "12.5"),
        (4_900_000, "KWD", "4.900"),
    ],
)
def test_a_unit_price_is_exact_and_has_the_decimals_of_its_currency(
    micros: int, currency: str, written: str
) -> None:
    assert _unit_price(micros, currency) == written
    assert Decimal(written) * 1_000_000 == micros


def test_packs_are_a_number_and_whole_unless_the_last_is_not_full() -> None:
    counts = [_packs(packs) for packs in (Decimal("10.000"), Decimal("2.5"), Decimal(1) / 3)]
    assert counts == [10, 2.5, 0.333333]
    assert isinstance(counts[0], int)
