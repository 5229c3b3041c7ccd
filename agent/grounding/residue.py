"""The model's own words between references hold no figure, date, status or link."""

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from agent.grounding import words
from agent.grounding.characters import character_violations
from agent.grounding.clean import readings, seen
from agent.grounding.evidence import Evidence
from agent.grounding.language import Language, spoken
from agent.grounding.misspelt import misspelt_number
from agent.grounding.template import Literal, Reference, Segment, sentences
from agent.grounding.tongues import foreign_words
from agent.grounding.violations import EXCERPT, Rule, Violation

# Glued to a reference, these would change what it says: -{{x}}, {{x}}k, £{{x}}, {{x}}/week.
_TOUCHING_BEFORE = re.compile(
    r"(?:[\w+\-−–±~≈<>=#/\\^*×@.,'’$£€¥%]|\b(?:minus|negative|times|plus)\s*)\Z", re.IGNORECASE
)
_TOUCHING_AFTER = re.compile(
    r"\A(?:[\w+\-−±%°^*×/\\#@$£€¥]|[.,]\w|['’](?!s\b)"
    r"|\s*(?:k|m|mn|bn|per\s?cent|pct|pounds?|dollars?|euros?|pence|squared)\b)",
    re.IGNORECASE,
)


def residue_violations(segments: tuple[Segment, ...], evidence: Evidence) -> Iterator[Violation]:
    """Every reason why the text between the references may not be shown."""
    yield from touching(segments)
    residue = "".join(_without_codes(segment, evidence) for segment in segments)
    yield from character_violations(residue)
    yield from mentions(residue)
    yield from roman(residue)
    bare = evidence.without_names(residue)
    used = list(dict.fromkeys(_languages_used(bare, evidence)))
    if None in used:
        yield from unknown_language(bare, evidence)
    known = [language for language in used if language is not None] or [evidence.spoken[0]]
    for language in known:
        yield from in_language(language, residue, evidence)
    yield from foreign(bare, known)


def in_language(language: Language, residue: str, evidence: Evidence) -> Iterator[Violation]:
    """Figures, dates, statuses and effects in the words of one language."""
    yield from figure_words(language, residue)
    yield from date_words(language, residue)
    yield from misspelt(language, evidence.without_names(residue))
    yield from periods(language, residue, evidence)
    yield from status(language, residue)
    if not evidence.did_write:
        yield from effects(language, residue)


def _languages_used(bare: str, evidence: Evidence) -> Iterator[Language | None]:
    for sentence in sentences(bare):
        yield spoken(sentence, evidence.spoken)


def unknown_language(bare: str, evidence: Evidence) -> Iterator[Violation]:
    """The sentences that are in none of the languages, as far as can be told."""
    unknown = (each for each in sentences(bare) if spoken(each, evidence.spoken) is None)
    for sentence in islice(unknown, 1):
        yield Violation(rule="other-language", excerpt=sentence[:EXCERPT])


def _without_codes(segment: Segment, evidence: Evidence) -> str:
    """A reference or an entity's code reads as a word that means nothing."""
    if isinstance(segment, Reference):
        return " § "
    own = segment.text.replace("§", "#")  # the mark is ours; a model's own is a stray symbol
    return evidence.codes.sub("§", own) if evidence.codes else own


def touching(segments: tuple[Segment, ...]) -> Iterator[Violation]:
    for before, after in pairwise(segments):
        left = before.text if isinstance(before, Literal) else ""
        right = after.text if isinstance(after, Literal) else ""
        both = isinstance(before, Reference) and isinstance(after, Reference)
        glued = isinstance(after, Reference) and _TOUCHING_BEFORE.search(left)
        tail = isinstance(before, Reference) and _TOUCHING_AFTER.search(right)
        if both or glued or tail:
            yield Violation(rule="touching-reference", excerpt=left[-20:] + "{{}}" + right[:20])


def first(pattern: re.Pattern[str], rule: Rule, residue: str) -> Iterator[Violation]:
    for reading in readings(residue):
        match = pattern.search(reading)
        if match is not None:
            yield Violation(rule=rule, excerpt=match[0][:EXCERPT])
            return


def mentions(residue: str) -> Iterator[Violation]:
    yield from first(words.MENTIONS, "link-or-mention", residue)


def figure_words(language: Language, residue: str) -> Iterator[Violation]:
    yield from first(language.figures, "figure", residue)


def date_words(language: Language, residue: str) -> Iterator[Violation]:
    yield from first(language.dates, "date-word", residue)


def roman(residue: str) -> Iterator[Violation]:
    match = words.ROMAN.search(seen(residue))
    if match is not None:
        yield Violation(rule="figure", excerpt=match[0])


def misspelt(language: Language, bare: str) -> Iterator[Violation]:
    """Fivty and hunderd are read as what they were meant to be."""
    word = misspelt_number(bare) if language.code == "en" else None
    if word is not None:
        yield Violation(rule="figure", excerpt=word)


def periods(language: Language, residue: str, evidence: Evidence) -> Iterator[Violation]:
    said = readings(evidence.said_by_user)[0]
    for match in language.periods.finditer(readings(residue)[0]):
        if match[0] not in said:
            yield Violation(rule="date-word", excerpt=match[0])
            return


def status(language: Language, residue: str) -> Iterator[Violation]:
    for reading in readings(residue):
        match = language.status.search(language.harmless_status.sub(" ", reading))
        if match is not None:
            yield Violation(rule="status-word", excerpt=match[0])
            return


def effects(language: Language, residue: str) -> Iterator[Violation]:
    yield from first(language.effects, "claimed-effect", residue)


def foreign(bare: str, known: list[Language]) -> Iterator[Violation]:
    """Figures and statuses in the words of a language that the draft is not in."""
    for reading in readings(bare):
        word = next(foreign_words(reading, known), None)
        if word is not None:
            yield Violation(rule="other-language", excerpt=word[:EXCERPT])
            return
