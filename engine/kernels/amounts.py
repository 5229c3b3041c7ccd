"""Amounts for whole arrays, rounded exactly as `engine.model.money` rounds one."""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from engine.model.money import exponent

Ints = NDArray[np.int64]
_SAFE = 1 << 62


def divided_half_even(amounts: Ints, divisor: int) -> Ints:
    """Whole quotients, ties to the even one."""
    quotient, rest = np.divmod(amounts, divisor)
    up = (2 * rest > divisor) | ((2 * rest == divisor) & (quotient % 2 == 1))
    return quotient + up


def micros_to_minor(micros: Ints, currency: str) -> Ints:
    """Amounts of 1e-6 of the currency in its minor unit."""
    return divided_half_even(micros, 10 ** (6 - exponent(currency)))


def converted_minor(minor: Ints, currency: str, base: str, rate: Decimal) -> Ints:
    """Amounts in base currency at `rate` = base per one unit of `currency`."""
    if currency == base:
        return minor
    numerator, denominator = rate.as_integer_ratio()
    shift = exponent(base) - exponent(currency)
    numerator *= 10 ** max(shift, 0)
    denominator *= 10 ** max(-shift, 0)
    largest = int(np.abs(minor).max(initial=0))
    if largest * numerator >= _SAFE or denominator >= _SAFE // 2:
        exact = [_half_even(int(each) * numerator, denominator) for each in minor]
        return np.asarray(exact, dtype=np.int64)
    return divided_half_even(minor * numerator, denominator)


def _half_even(amount: int, divisor: int) -> int:
    quotient, rest = divmod(amount, divisor)
    return quotient + (2 * rest > divisor or (2 * rest == divisor and quotient % 2 == 1))
