"""Money without floats."""

from decimal import Decimal

import pytest

from engine.errors import InvalidInput
from engine.model.money import Money, convert_minor, line_total_minor, to_micros, to_minor


def test_a_price_of_a_thousandth_is_exact() -> None:
    assert to_micros("0.001") == 1_000
    assert line_total_minor(5_000, to_micros("0.001"), "GBP") == 500


def test_a_line_is_rounded_half_even_once() -> None:
    assert line_total_minor(1, to_micros("0.125"), "GBP") == 12
    assert line_total_minor(3, to_micros("0.125"), "GBP") == 38  # .375, not three times .12


@pytest.mark.parametrize(("currency", "minor"), [("JPY", 1235), ("GBP", 123456), ("KWD", 1234560)])
def test_amounts_follow_the_exponent_of_the_currency(currency: str, minor: int) -> None:
    assert to_minor(Decimal("1234.56"), currency) == minor


def test_an_amount_is_converted_at_the_given_rate() -> None:
    assert convert_minor(10_000, "EUR", "GBP", Decimal("0.8567")) == 8_567
    assert Money(minor=8_567, currency="GBP").decimal() == Decimal("85.67")


@pytest.mark.parametrize("price", ["", "abc", "NaN", "Infinity"])
def test_what_is_no_price_is_refused(price: str) -> None:
    with pytest.raises(InvalidInput, match="no price"):
        to_micros(price)


@pytest.mark.parametrize("currency", ["gbp", "POUND", "£"])
def test_what_is_no_currency_is_refused(currency: str) -> None:
    with pytest.raises(InvalidInput, match="ISO 4217"):
        to_minor(Decimal(1), currency)
