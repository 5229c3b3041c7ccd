"""A language read from its YAML file: lists of words become patterns on cleaned text."""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

import yaml
from babel import Locale

from agent.grounding import bound_words
from agent.grounding.clean import readings
from agent.grounding.language import Language

SHARE = 0.5  # of the words of a sentence; these lists are shorter than the English one
_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "æ": "ae", "ø": "oe"}
)
_NEAR = r"[^.,;:!?\n]{0,40}?"  # within one clause
_SOME_WORDS = r"(?:\s+[^\W\d_]{1,14}){0,3}\s*\Z"  # "more than the stock of"
SHORTEST_ABBREVIATION = 3
# Numbers of another language that are ordinary words of most: an article here, a number there.
HOMOGRAPHS = frozenset(
    {"to", "once", "fire", "par", "six", "do", "set", "seize", "half", "tier", "tiers",
     "firs", "on", "note", "sent", "close", "partie", "parti", "final", "media", "medio", "quart",
     "sex", "ti", "sto", "klar", "double", "triple", "para", "dubbel", "weg", "listo", "aften",
     "quarto", "cent", "cents", "million", "billion", "zero", "de", "i", "um", "er", "am", "man"}
)  # fmt: skip


def read_language(code: str) -> Language:
    """The language of `languages/<code>.yaml`; months and weekdays come from the Unicode CLDR."""
    folder = files("agent.grounding").joinpath("languages")
    read: dict[str, Any] = yaml.safe_load(folder.joinpath(f"{code}.yaml").read_text("utf-8"))
    common = frozenset(_single(read["common"]))
    status = _phrases(read["status"])
    opening = "|".join([*_single(read["conditional"]), *_single(read["modal"])])
    return Language(
        code=code,
        name=read["name"],
        common=common | frozenset(_single(read["harmless"])),
        share=SHARE,
        figures=_figures(read["numbers"]),
        dates=_any([*_single(read["dates"]), *_calendar(code, common)]),
        periods=_any(_phrases(read["periods"])),
        status=_any(status),
        harmless_status=re.compile(rf"\b(?:{opening})\b{_NEAR}\b(?:{'|'.join(status)})\b"),
        effects=_effects(read),
        harmless=frozenset(_single(read["harmless"])),
        conditional=_any(_single(read["conditional"])),
        pronoun=_any(_phrases(read["pronouns"], " ")),
        owned=_any(_single(read["yours"])),
        whole=_any(_phrases(read["whole"])),
        rate=re.compile(rf"\A\s+(?:{'|'.join(_phrases(read['rate']))})\s+\w"),
        units=re.compile(rf"\A\s+({'|'.join(_single(read['numbers']['counted']))})\b"),
        copula=re.compile(r"(?:\s+[^\W\d_]{1,9})?\s*[:=]?\s*\Z"),
        measures={name: _any(_phrases(said)) for name, said in read["measures"].items()},
        **_bounds(read["bounds"]),
        denial=re.compile(rf"\b(?:{'|'.join(_single(read['denials']))})(?:\s+\w+)?\s*\Z"),
        supposed=re.compile(rf"\b(?:{opening})\b"),
        needless=_near(_phrases(read["needless"])),
        foreign=_foreign(code, read["numbers"], status),
    )


def _figures(numbers: Mapping[str, str]) -> re.Pattern[str]:
    one = "|".join(_single(numbers["one"]))
    counted = "|".join(_single(numbers["counted"]))
    return re.compile(rf"{_number_words(numbers)}|\b(?:{one})\s+(?:{counted})\b")


def _bounds(read: Mapping[str, str]) -> dict[str, dict[str, re.Pattern[str]]]:
    """`weak_more` are words for more that speak of time or place as well."""
    strong = {way: "|".join(_phrases(read[way])) for way in bound_words.WAYS}
    weak = {way: "|".join(_phrases(read.get(f"weak_{way}", ""))) or "(?!)" for way in strong}
    after = {way: _phrases(read[f"{way}_after"]) for way in ("least", "most")}
    return {
        "bounds_before": {w: bound_words.before(strong[w], weak[w], _SOME_WORDS) for w in strong},
        "bounds_said": {way: bound_words.said(strong[way], weak[way]) for way in strong},
        "bounds_after": {
            way: re.compile(rf"{bound_words.OF}(?:{'|'.join(said)})\b")
            for way, said in after.items()
        },
    }


def _near(phrases: list[str]) -> re.Pattern[str]:
    """Phrases whose words may have others of the same clause between them, where "..." stands."""
    spread = (phrase.replace(r"\s+...\s+", rf"\b{_NEAR}\b") for phrase in phrases)
    return re.compile(rf"\b(?:{'|'.join(spread)})\b")


def _effects(read: Mapping[str, str]) -> re.Pattern[str]:
    """What was done; after an auxiliary where without accents it would be another form."""
    deeds = _any(_phrases(read["deeds"]))
    if "auxiliaries" not in read:
        return deeds
    helped = "|".join(_single(read["auxiliaries"]))
    return re.compile(rf"\b(?:{helped})\b{_NEAR}{deeds.pattern}")


def _number_words(numbers: Mapping[str, str]) -> str:
    """Number words and what is written together of them: vierundzwanzig, centoquarantadue."""
    strong, weak = "|".join(_single(numbers["strong"])), "|".join(_single(numbers["weak"]))
    suffixes = "|".join(_single(numbers["suffixes"]))
    whole = "|".join(_single(numbers["words"]))
    compound = rf"(?:{weak})*(?:{strong})(?:{strong}|{weak})*(?:{suffixes})?"
    return rf"\b(?:{compound}|{whole})\b"


def _foreign(code: str, numbers: Mapping[str, str], status: Iterable[str]) -> re.Pattern[str]:
    others = "|".join([*status, *_calendar(code, frozenset(), widths=("wide",))])
    return re.compile(rf"{_number_words(numbers)}|\b(?:{others})\b")


def _calendar(
    code: str, common: frozenset[str], widths: tuple[str, ...] = ("wide", "abbreviated")
) -> list[str]:
    """Names of months and weekdays; an abbreviation only where it is no common word."""
    locale = Locale(code)
    found: set[str] = set()
    for names in (locale.months, locale.days):
        for style in ("format", "stand-alone"):
            for width in widths:
                found.update(str(name) for name in names[style][width].values())
    spelt = {each.rstrip(".") for name in found for each in _spellings(name)}
    return _longest_first(
        name for name in spelt if len(name) >= SHORTEST_ABBREVIATION and name not in common
    )


def _any(alternatives: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b")


def _single(words: str) -> list[str]:
    """Words divided by spaces, in every spelling, longest first."""
    return _longest_first(spelt for word in words.split() for spelt in _spellings(word))


def _phrases(said: str, divider: str = ",") -> list[str]:
    """Phrases divided by commas; any white space within."""
    phrases = (phrase.strip() for phrase in said.split(divider) if phrase.strip())
    return [
        spelt.replace(" ", r"\s+")
        for spelt in _longest_first(each for phrase in phrases for each in _spellings(phrase))
    ]


def _spellings(word: str) -> set[str]:
    """As a cleaned text shows it: without accents, or with the letters that stand in for them."""
    lower = " ".join(word.lower().split())
    return {readings(lower)[0], readings(lower.translate(_SPELT_OUT))[0]}


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(set(words), key=lambda word: (-len(word), word))
