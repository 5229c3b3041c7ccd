"""Every figure in a person's message: what may go into a write, and nothing else may."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from agent.language.numbers import (
    AFTER_WORD,
    DIGITS,
    SCALES,
    SUFFIX,
    WORD_NUMBER,
    digits_value,
    words_value,
)

FigureKind = Literal["money", "percent", "units", "packs", "days", "weeks", "months", "bare"]
_SYMBOLS = {"£": "GBP", "$": "USD", "€": "EUR", "¥": "JPY", "₹": "INR"}
_CODES = "GBP|USD|EUR|JPY|INR|CHF|CAD|AUD|SEK|NOK|DKK|PLN|CZK|CNY"
_MONEY_WORDS = {
    "pound": "GBP", "pounds": "GBP", "quid": "GBP", "sterling": "GBP", "dollar": "USD",
    "dollars": "USD", "bucks": "USD", "euro": "EUR", "euros": "EUR",
}  # fmt: skip
_UNITS: dict[str, FigureKind] = {
    "%": "percent", "percent": "percent", "pct": "percent",
    "unit": "units", "units": "units", "pcs": "units", "pieces": "units", "pc": "units",
    "pack": "packs", "packs": "packs", "case": "packs", "cases": "packs", "boxes": "packs",
    "box": "packs", "cartons": "packs",
    "day": "days", "days": "days", "week": "weeks", "weeks": "weeks", "wk": "weeks",
    "wks": "weeks", "month": "months", "months": "months",
}  # fmt: skip
_FIGURE = re.compile(
    rf"(?P<symbol>[£$€¥₹]|\b(?:{_CODES})\b)?\s?"
    rf"(?:(?P<minus>minus\s+|negative\s+)?(?:(?P<digits>{DIGITS})(?:\s?(?P<suffix>{SUFFIX})\b)?"
    rf"|(?P<words>{WORD_NUMBER})))"
    rf"(?:\s?(?P<code>{_CODES})\b|\s?(?P<sign>[£$€¥₹])|[\s-]?(?P<noun>{'|'.join(_MONEY_WORDS)})\b"
    rf"|[\s-]?(?P<unit>%|(?:{'|'.join(name for name in _UNITS if name != '%')})\b))?"
    r"(?![\w-]*\w|[.,'’]\d)",
    re.IGNORECASE,
)

# "a week late", "two months longer" without the two; "a week" alone is mostly a rate: 40 a week.
_A_SPAN = re.compile(
    r"\b(?:an?|another)\s+(?:(?P<span>fortnight)\b|(?P<unit>day|week|month)(?=\s+(?:or\s+so\s+)?"
    r"(?:late|later|longer|slower|earlier|early|sooner|faster|quicker|behind|delayed?)\b))",
    re.IGNORECASE,
)
_SPANS: dict[str, tuple[int, FigureKind]] = {
    "fortnight": (2, "weeks"), "day": (1, "days"), "week": (1, "weeks"), "month": (1, "months"),
}  # fmt: skip
_PARTS = {
    "half": Decimal(50), "a half": Decimal(50), "third": Decimal(100) / 3,
    "a third": Decimal(100) / 3,
    "a quarter": Decimal(25), "quarter": Decimal(25), "one quarter": Decimal(25),
    "a fifth": Decimal(20), "one fifth": Decimal(20), "a tenth": Decimal(10),
    "one tenth": Decimal(10), "three quarters": Decimal(75), "one third": Decimal(100) / 3,
    "two thirds": Decimal(200) / 3,
}  # fmt: skip
_PART = "|".join(sorted((part.replace(" ", r"\s+") for part in _PARTS), key=len, reverse=True))
_FRACTION = re.compile(rf"\bby\s+(?P<part>(?P<of>{_PART}))\b", re.IGNORECASE)

# What looks like an amount: digits with any separators, an exponent, a suffix.
_AMOUNT_LIKE = re.compile(
    rf"(?:(?<![\w.,'’#/-])|(?-i:{AFTER_WORD}))[-−]?(?P<number>\d[\d.,'’]*)(?P<rest>e[+-]?\d+|\s?{SUFFIX})?(?![\w-])",
    re.IGNORECASE,
)
_CLEAR = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
# 1.500 is a thousand and a half to some, and one and a half to others.
_EITHER_WAY = re.compile(r"[1-9]\d{0,2}\.\d{3}")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number a person wrote. `currency` is None where the text names none."""

    value: Decimal
    kind: FigureKind
    currency: str | None
    start: int
    end: int
    text: str


def figures(text: str) -> tuple[Figure, ...]:
    """All figures in the text, left to right; digits inside codes are no figures."""
    said = [*_in_words(text)]
    found = (_figure(match) for match in _FIGURE.finditer(text))
    said += [each for each in found if each is not None and not _overlaps(each, said)]
    return tuple(sorted(said, key=lambda figure: figure.start))


def _in_words(text: str) -> Iterator[Figure]:
    """`a week late`, `a fortnight`, `by a quarter`: figures without a number in them."""
    for match in _A_SPAN.finditer(text):
        count, kind = _SPANS[(match["span"] or match["unit"]).lower()]
        yield _of(match, "span", Decimal(count), kind)
    for match in _FRACTION.finditer(text):
        yield _of(match, "part", _PARTS[re.sub(r"\s+", " ", match["of"].lower())], "percent")


def _of(match: re.Match[str], group: str, value: Decimal, kind: FigureKind) -> Figure:
    start, end = match.span() if group == "span" else match.span(group)
    return Figure(
        value=value, kind=kind, currency=None, start=start, end=end, text=match.string[start:end]
    )


def _overlaps(figure: Figure, others: Sequence[Figure]) -> bool:
    return any(figure.start < each.end and each.start < figure.end for each in others)


def unclear_amount(text: str) -> str | None:
    """The first amount that could be read in two ways, or in none: `1,5k`, `1.000,50`, `1e15`."""
    for match in _AMOUNT_LIKE.finditer(text):
        number = match["number"].rstrip(".,'’")
        is_power = (match["rest"] or "").lower().startswith("e")
        if is_power or not _CLEAR.fullmatch(number) or _EITHER_WAY.fullmatch(number):
            return match[0].rstrip(".,'’ ")
    return None


def _figure(match: re.Match[str]) -> Figure | None:
    currency = _currency(match)
    unit = _UNITS.get((match["unit"] or "").lower())
    if match["words"] and match["words"].lower() in ("one", "half") and not (currency or unit):
        return None  # "the blue one"
    value = digits_value(match["digits"]) if match["digits"] else words_value(match["words"])
    if match["suffix"]:
        value *= SCALES[match["suffix"].lower()]
    return Figure(
        value=-value if match["minus"] else value,
        kind="money" if currency else (unit or "bare"),
        currency=currency,
        start=match.start() + len(match[0]) - len(match[0].lstrip()),
        end=match.end(),
        text=match[0].strip(),
    )


def _currency(match: re.Match[str]) -> str | None:
    written = match["symbol"] or match["code"] or match["sign"]
    if written:
        return _SYMBOLS.get(written, written.upper())
    return _MONEY_WORDS.get((match["noun"] or "").lower())
