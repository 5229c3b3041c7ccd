"""What grounding must know of a language: its words for figures, dates, statuses and ownership."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.grounding.clean import readings

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_POSSESSIVE = ("'s", "’s", "'ll", "'re", "n't")


@dataclass(frozen=True, kw_only=True, eq=False)  # one object per language
class Language:
    """Every pattern is read on text cleaned by `agent.grounding.clean`: lower case, no accents.

    `share` is how many of a sentence's words must be `common` ones for it to be this language.
    `foreign` are its words for figures, dates and statuses, refused in other languages as well.
    """

    code: str  # ISO 639-1
    name: str  # in English, for prompts
    common: frozenset[str]
    share: float
    figures: re.Pattern[str]
    dates: re.Pattern[str]
    periods: re.Pattern[str]  # stretches of time, which may echo the person's own words
    status: re.Pattern[str]
    harmless_status: re.Pattern[str]  # "once it is approved", "to be approved"
    effects: re.Pattern[str]
    harmless: frozenset[str]  # all that may be said of an order without stating its status
    conditional: re.Pattern[str]
    pronoun: re.Pattern[str]
    owned: re.Pattern[str]  # "your", which must stand by a figure of the person's
    whole: re.Pattern[str]  # words for the plan as a whole
    rate: re.Pattern[str]  # at the beginning of what follows a figure: "per week"
    units: re.Pattern[str]  # at the beginning of what follows a figure: a unit it is counted in
    copula: re.Pattern[str]  # at the end of what stands before one: "is", ":"
    measures: Mapping[str, re.Pattern[str]]
    # By way (least, most, more, less): at the end of what stands before a figure, at the beginning
    # of what follows one, and anywhere in the person's own message.
    bounds_before: Mapping[str, re.Pattern[str]]
    bounds_after: Mapping[str, re.Pattern[str]]
    bounds_said: Mapping[str, re.Pattern[str]]
    denial: re.Pattern[str]  # at the end of what stands before such a word
    supposed: re.Pattern[str]  # "would", "if": what is not claimed
    needless: re.Pattern[str]  # advice against an order
    foreign: re.Pattern[str]

    def is_common(self, word: str) -> bool:
        stem = word
        for ending in _POSSESSIVE:
            stem = stem.removesuffix(ending)
        forms = (word, stem, stem.removesuffix("s"), *re.split(r"[-'’]", stem))
        return any(form in self.common for form in forms)

    def known_share(self, sentence: str) -> float:
        """Of the sentence's words, how many are common here; one that has no words is anybody's."""
        words = words_of(sentence)
        return sum(map(self.is_common, words)) / len(words) if words else 1.0

    def measures_in(self, text: str, *, anchored: bool = False) -> frozenset[str]:
        """The measures that the text names; `anchored` looks at its beginning only."""
        read = readings(text)[0].strip()
        return frozenset(
            name for name, pattern in self.measures.items()
            if (pattern.match(read) if anchored else pattern.search(read))
        )  # fmt: skip


def words_of(text: str) -> list[str]:
    """Its words as a reader sees them, in lower case and without accents."""
    return _WORD.findall(readings(text)[0])


def spoken(sentence: str, languages: Sequence[Language]) -> Language | None:
    """Which of these the sentence is in; None when none can be told."""
    best = max(languages, key=lambda each: each.known_share(sentence) / each.share)
    return best if best.known_share(sentence) >= best.share else None
