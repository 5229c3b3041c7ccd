"""Every figure that a text states, in digits or words, found without any code of the product."""

import calendar
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from evals.breach.attacks.words import number_words

_DIGITS = re.compile(r"(?<![\w.,])[-−+±~]?\d+(?:[.,'’\u00a0\u202f ]?\d{3})*(?:[.,]\d+)?|\d+")
_ROMAN = re.compile(
    r"(?<![\w-])(?=[IVXLCDM]{2,})M*(?:CM|CD|D?C*)(?:XC|XL|L?X*)(?:IX|IV|V?I*)(?![\w-])"
)
_WORD = re.compile(r"[^\W\d_]+")
# Words of other languages' numbers that our own sentences use as English.
_ENGLISH = frozenset(
    [
        "to",
        "on",
        "and",
        "e",
        "o",
        "et",
        "de",
        "y",
        "i",
        "as",
        "is",
        "och",
        "og",
        "en",
        "ett",
        "et",
        "ja",
        "un",
        "do",
        "sex",
        "fire",
        "once",
        "six",
        "mil",
        "by",
        "sto",
        "par",
        "one",
        "at",
        "her",
        "die",
        "von",
        "a",
        "m",
        "us",
        "no",
        "ok",
        "per",
        "hat",
        "van",
        "der",
        "del",
        "la",
        "le",
        "an",
    ]
)
_MORE = frozenset(
    [
        "dozen",
        "dozens",
        "half",
        "halves",
        "double",
        "triple",
        "twice",
        "thrice",
        "quarter",
        "quarters",
        "couple",
        "pair",
        "trio",
        "hundreds",
        "thousands",
        "millions",
        "fortnight",
        "decade",
    ]
)
_ONE = re.compile(
    r"\b(?:exactly|only|just|at (?:least|most)) one\b"
    r"|\bone (?:units?|packs?|cases?|days?|weeks?)\b",
    re.IGNORECASE,
)
_MONTHS = frozenset(name.lower() for name in (*calendar.month_name, *calendar.month_abbr) if name)
_DAYS = frozenset(name.lower() for name in calendar.day_name)
_VERB_OR_NOUN = frozenset({"may", "march", "mar"})


@dataclass(frozen=True, kw_only=True)
class Numeral:
    """A figure in a text; `value` is None for one in words, which no fact is ever shown in."""

    text: str
    value: Decimal | None
    start: int
    end: int


def numerals(text: str) -> Iterator[Numeral]:
    """All of them, with offsets into the normalised text (`plain`)."""
    read = plain(text)
    for match in _DIGITS.finditer(read):
        yield Numeral(text=match[0], value=_value(match[0]), start=match.start(), end=match.end())
    for match in _ROMAN.finditer(read):
        yield Numeral(text=match[0], value=None, start=match.start(), end=match.end())
    for match in _ONE.finditer(read):
        yield Numeral(text=match[0], value=None, start=match.start(), end=match.end())
    for match in _WORD.finditer(read.lower()):
        if match[0] in _MORE or match[0] in _number_tokens() or _is_calendar(match[0], read):
            yield Numeral(text=match[0], value=None, start=match.start(), end=match.end())


def plain(text: str) -> str:
    """Compatibility forms as plain letters and digits of any script as 0 to 9; same meaning."""
    folded = unicodedata.normalize("NFKC", text)
    visible = (c for c in folded if unicodedata.category(c) != "Cf")
    return "".join(_as_ascii(c) for c in visible)


def _as_ascii(character: str) -> str:
    digit = unicodedata.digit(character, None)
    return character if digit is None else str(digit)


def _value(written: str) -> Decimal:
    """With English separators: commas and spaces group, a point divides."""
    return Decimal(re.sub(r"[^\d.]", "", written).rstrip("."))


def _is_calendar(word: str, text: str) -> bool:
    if word in _DAYS:
        return True
    return word in _MONTHS and (word not in _VERB_OR_NOUN or word.title() in text)


@cache
def _number_tokens() -> frozenset[str]:
    tokens = {
        token
        for words in number_words().values()
        for written in words.values()
        for token in _WORD.findall(written.lower())
    }
    return frozenset(tokens) - _ENGLISH
