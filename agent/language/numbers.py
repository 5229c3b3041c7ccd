"""Numbers as people write them: digits with separators, suffixes, and English words."""

import re
from collections.abc import Sequence
from decimal import Decimal

ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {
    "hundred": 100, "thousand": 1_000, "grand": 1_000, "million": 1_000_000,
    "k": 1_000, "m": 1_000_000, "mn": 1_000_000, "mio": 1_000_000, "mil": 1_000_000,
    "bn": 1_000_000_000, "billion": 1_000_000_000, "dozen": 12,
}  # fmt: skip
PLURALS = {"hundreds": "hundred", "thousands": "thousand", "millions": "million"}
_SINGLE = "|".join((*ONES, *TENS, "hundred|thousand|grand|million|billion|dozen|half"))
WORDS = (
    r"(?:(?:a|an)\s+(?:hundred|thousand|million|dozen|grand)|half\s+a\s+million"
    rf"|(?:{_SINGLE}))"
)
# "two thousand five hundred and twenty", "twenty-five", "a hundred thousand"
WORD_NUMBER = rf"\b{WORDS}(?:[\s-]+(?:and\s+)?(?:{_SINGLE}))*\b"
# 1,234.50   40 000   12.5   .5   but no part of a code: LAMP-OAK-01, 85123A, PO-2026-0007
# A word that people run into the amount after it, as in "with9k", is no part of a code.
AFTER_WORD = "|".join(
    rf"(?<=\b{word})(?=\d[\d.,]*[km]?(?![\w-]))"
    for word in ("with", "for", "under", "within", "have", "spend", "budget", "of", "to", "at")
)
DIGITS = (
    rf"(?:(?<![\w.,#/-])|(?-i:{AFTER_WORD}))[-−]?"
    r"(?:\d{1,3}(?:[, ]\d{3})+|\d+)?(?:\.\d+)?(?<=\d)"
)
SUFFIX = r"(?:k|mio|mil|mn|bn|m|thousand|grand|million|billion|hundred|dozen)"


def digits_value(text: str) -> Decimal:
    """`1,234.5` or `-40 000` as a number."""
    return Decimal(re.sub(r"[,\s]", "", text).replace("−", "-"))


def words_value(text: str) -> Decimal:
    """`two thousand five hundred` as a number; the text matches WORD_NUMBER."""
    words = [PLURALS.get(w, w) for w in re.split(r"[\s-]+", text.lower()) if w != "and"]
    return Decimal(_sum(words))


def _sum(words: Sequence[str]) -> Decimal:
    total, current = Decimal(0), Decimal(0)
    for word in words:
        if word in ONES or word in TENS:
            current += ONES.get(word, TENS.get(word, 0))
        elif word == "half":
            current += Decimal("0.5")
        elif word in ("hundred", "dozen"):
            current = (current or Decimal(1)) * SCALES[word]
        elif word in SCALES:
            total, current = total + (current or Decimal(1)) * SCALES[word], Decimal(0)
    return total + current
