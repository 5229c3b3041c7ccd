from decimal import Decimal

import numpy as np
from hypothesis import given, strategies as st

from engine.kernels.amounts import converted_minor, micros_to_minor
from engine.model.money import convert_minor, line_total_minor

CURRENCIES = st.sampled_from(["GBP", "EUR", "JPY", "BHD"])


@given(units=st.integers(0, 100_000), price=st.integers(0, 10_000_000_000), currency=CURRENCIES)
def test_line_totals_of_an_array_round_as_one_does(units: int, price: int, currency: str) -> None:
    micros = np.asarray([units * price], dtype=np.int64)

    assert micros_to_minor(micros, currency)[0] == line_total_minor(units, price, currency)


@given(
    minor=st.integers(0, 10**12),
    currency=CURRENCIES,
    base=CURRENCIES,
    rate=st.decimals("0.0001", "9999", places=8),
)
def test_conversion_of_an_array_rounds_as_one_does(
    minor: int, currency: str, base: str, rate: Decimal
) -> None:
    rate = Decimal(1) if currency == base else rate

    converted = converted_minor(np.asarray([minor], dtype=np.int64), currency, base, rate)

    assert converted[0] == convert_minor(minor, currency, base, rate)
