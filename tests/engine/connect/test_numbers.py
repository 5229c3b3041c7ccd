"""Numbers as people and systems write them."""

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given, strategies as st

from engine.connect.parse_numbers import decimal_sign, micros, plain_number, whole
from engine.model.money import to_micros


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("12", "12"),
        ("-3", "-3"),
        ("2.55", "2.55"),
        (".5", ".5"),
        ("1,234.50", "1234.50"),
        ("1,234,567", "1234567"),
        ("£12.99", "12.99"),
        ("GBP 1,234.50", "1234.50"),
        ("12.50 EUR", "12.50"),
        ("(12.50)", "-12.50"),
        ("12.50-", "-12.50"),
        ("1 234.5", "1234.5"),
        ("1'234.5", "1234.5"),
        ("1.2E+3", "1200"),
        ("1e-05", "0.00001"),
        ("20%", "0.2"),
        ("12.5 %", "0.125"),
        ("x%", None),
        ("12,5", None),
        ("1,23,4", None),
        ("abc", None),
        ("", None),
        ("1.2.3", None),
        ("--5", None),
    ],
)
def test_a_number_with_a_decimal_point_is_read_or_refused(text: str, plain: str | None) -> None:
    assert plain_number(text, ".") == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [("12,5", "12.5"), ("1.234,56", "1234.56"), ("€ 1.234,56", "1234.56"), ("7", "7")],
)
def test_a_number_with_a_decimal_comma_is_read_when_that_is_known(text: str, plain: str) -> None:
    assert plain_number(text, ",") == plain


def test_a_decimal_comma_is_believed_only_when_nothing_speaks_against_it() -> None:
    assert decimal_sign(["12,50", "3,00", "1.234,56"]) == ","
    assert decimal_sign(["12,50", "12.50"]) is None
    assert decimal_sign(["1,234", "5,678"]) is None  # thousands, or three decimals: no proof


@pytest.mark.parametrize(
    ("text", "count"), [("12", 12), ("12.0", 12), ("-3.000", -3), ("12.5", None), (".0", 0)]
)
def test_a_count_is_a_whole_number_however_it_is_written(text: str, count: int | None) -> None:
    assert whole(text) == count


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=9
    )
)
def test_prices_become_millionths_without_a_float(price: Decimal) -> None:
    expected = int((price * 1_000_000).to_integral_value(ROUND_HALF_EVEN))
    assert micros(f"{price:f}") == expected == to_micros(price)
