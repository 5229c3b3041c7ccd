"""Money without floats: unit prices in millionths, amounts in the currency's minor unit.

A unit price or cost is an integer of 1e-6 of the currency ("micros"), because real exports have
prices of .001. An amount (line total, budget, cap) is an integer of the ISO 4217 minor unit
(cents, pence, whole yen), rounded half-even once per line.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from engine.errors import InvalidInput

MICROS = 1_000_000
# ISO 4217 exponents that are not two; the rest of the list has two.
_EXPONENTS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip


def exponent(currency: str) -> int:
    """Digits after the point in amounts of the currency (ISO 4217)."""
    if len(currency) != 3 or not (currency.isascii() and currency.isupper()):  # noqa: PLR2004  ISO 4217 codes
        raise InvalidInput(f"{currency!r} is no ISO 4217 currency; write three capitals, like GBP.")
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, kw_only=True, order=True)
class Money:
    """An amount in a currency's minor unit."""

    minor: int
    currency: str

    def decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-exponent(self.currency))


def to_micros(price: Decimal | str) -> int:
    """A unit price as an integer of 1e-6, half-even; raises InvalidInput for what is no number."""
    try:
        value = Decimal(price)
    except InvalidOperation:
        raise InvalidInput(f"{price!r} is no price; write digits with a decimal point.") from None
    if not value.is_finite():
        raise InvalidInput(f"{price!r} is no price; write digits with a decimal point.")
    return int((value * MICROS).to_integral_value(ROUND_HALF_EVEN))


def from_micros(micros: int) -> Decimal:
    return Decimal(micros) / MICROS


def to_minor(amount: Decimal, currency: str) -> int:
    """An amount in minor units, rounded half-even."""
    return int(amount.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_EVEN))


def line_total_minor(units: int, unit_price_micros: int, currency: str) -> int:
    """Units x unit price as an amount, rounded half-even once."""
    return to_minor(Decimal(units) * from_micros(unit_price_micros), currency)


def convert_minor(minor: int, currency: str, base: str, rate: Decimal) -> int:
    """An amount in another currency, at `rate` = base currency per one unit of `currency`."""
    return to_minor(Money(minor=minor, currency=currency).decimal() * rate, base)
