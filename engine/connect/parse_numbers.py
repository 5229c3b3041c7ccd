"""Numbers as people and systems write them, exactly: text to plain decimal text to integers."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from engine.model.money import MICROS

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d{1,2}")
# Three capitals before or after the digits, or one of the signs that prices carry.
_CURRENCY = re.compile(
    r"^[A-Z]{3}\s*(?=[\d.,(+-])|(?<=[\d.,)-])\s*[A-Z]{3}$|[£$€¥₹₽₩₺₴₫฿]|zł|kr\.?"
)
_SPACES = re.compile(r"[\s'’]")
_GROUPED = {
    ".": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?"),
    ",": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?"),
}
_COMMA_ONLY = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+,\d+|\d+,(\d{1,2}|\d{4,}))")
_POINT_ONLY = re.compile(r"[+-]?(\d{1,3}(,\d{3})+\.\d+|\d+\.(\d{1,2}|\d{4,}))")
NO_VALUE = frozenset({"na", "n/a", "nan", "null", "none", "-", "--", "#n/a", "nil", "<na>"})
LARGEST = 2**63 - 1


def plain_number(text: str, decimal: str) -> str | None:
    """Digits with a decimal point, or None for what is no number.

    Understands thousands separators, currency signs and codes, (12.50) and 12.50- for negative
    amounts, 20 % for 0.2, and 1.2E+3. A comma in a number whose decimal sign is the point must
    separate thousands: 1,234.50 is a number, 12,5 is none.
    """
    if decimal == "." and _PLAIN.fullmatch(text):
        return text
    bare = _SPACES.sub("", _CURRENCY.sub("", text.strip()))
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1]
    if bare.endswith("-"):
        bare = "-" + bare[:-1]
    if bare.endswith("%"):
        share = plain_number(bare[:-1], decimal)
        return None if share is None else f"{Decimal(share) / 100:f}"
    if _GROUPED[decimal].fullmatch(bare):
        bare = bare.replace("," if decimal == "." else ".", "")
    bare = bare.replace(",", ".") if decimal == "," and bare.count(",") == 1 else bare
    if _PLAIN.fullmatch(bare):
        return bare
    return f"{Decimal(bare):f}" if _SCIENTIFIC.fullmatch(bare) else None


def decimal_sign(values: Sequence[str]) -> str | None:
    """The decimal sign that the values prove, or None when they prove none or contradict.

    12,5 and 1.234,56 can only have a decimal comma; 12.5 and 1,234.56 only a decimal point;
    1,234 could be either.
    """
    commas = any(_COMMA_ONLY.fullmatch(value) for value in values)
    if not commas:
        return None
    return None if any(_POINT_ONLY.fullmatch(value) for value in values) else ","


def whole(number: str) -> int | None:
    """A count; 12.0 is one, 12.5 is none."""
    digits, _, fraction = number.partition(".")
    if fraction.strip("0"):
        return None
    return int(digits) if digits not in {"", "+", "-"} else 0


def micros(number: str) -> int:
    """A price in millionths, half-even."""
    digits, _, fraction = number.partition(".")
    if len(fraction) > 6 or digits in {"", "+", "-"}:  # noqa: PLR2004  a millionth has six decimals
        return int((Decimal(number) * MICROS).to_integral_value(ROUND_HALF_EVEN))
    return int(digits + fraction.ljust(6, "0"))
