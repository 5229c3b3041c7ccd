"""The model's own words between references hold no figure, date, status or link."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from agent.grounding import words
from agent.grounding.clean import foreign_letters, holds_figure_character, readings, seen
from agent.grounding.english import not_english
from agent.grounding.evidence import Evidence
from agent.grounding.template import Literal, Reference, Segment
from agent.grounding.violations import Rule, Violation

# Glued to a reference, these would change what it says: -{{x}}, {{x}}k, £{{x}}, {{x}}/week.
_TOUCHING_BEFORE = re.compile(
    r"(?:[\w+\-−–±~≈<>=#/\\^*×@.,'’$£€¥%]|\b(?:minus|negative|times|plus)\s*)\Z", re.IGNORECASE
)
_TOUCHING_AFTER = re.compile(
    r"\A(?:[\w+\-−±%°^*×/\\#@$£€¥]|[.,]\w|['’](?!s\b)"
    r"|\s*(?:k|m|mn|bn|per\s?cent|pct|pounds?|dollars?|euros?|pence|squared)\b)",
    re.IGNORECASE,
)
_EXCERPT = 60


def residue_violations(segments: tuple[Segment, ...], evidence: Evidence) -> Iterator[Violation]:
    """Every reason why the text between the references may not be shown."""
    yield from _touching(segments)
    residue = "".join(_without_codes(segment, evidence) for segment in segments)
    yield from _characters(residue)
    for pattern, rule in _PATTERNS:
        yield from _first(pattern, rule, residue)
    foreign = not_english(_without_names(residue, evidence))
    if foreign is not None:
        yield Violation(rule="other-language", excerpt=foreign[:_EXCERPT])
    yield from _roman(residue)
    yield from _periods(residue, evidence)
    yield from _status(residue)
    if not evidence.did_write:
        yield from _first(words.CLAIMED_EFFECTS, "claimed-effect", residue)


_PATTERNS: tuple[tuple[re.Pattern[str], Rule], ...] = (
    (words.FIGURE_WORDS, "figure"),
    (words.DATE_WORDS, "date-word"),
    (words.MENTIONS, "link-or-mention"),
)


def _without_codes(segment: Segment, evidence: Evidence) -> str:
    """A reference or an entity's code reads as a word that means nothing."""
    if isinstance(segment, Reference):
        return " § "
    return evidence.codes.sub("§", segment.text) if evidence.codes else segment.text


def _without_names(residue: str, evidence: Evidence) -> str:
    """Names of things are no words of the language."""
    for pattern, entity in evidence.mentions:
        if entity.name:
            residue = pattern.sub(" § ", residue)
    return residue


def _touching(segments: tuple[Segment, ...]) -> Iterator[Violation]:
    for before, after in pairwise(segments):
        left = before.text if isinstance(before, Literal) else ""
        right = after.text if isinstance(after, Literal) else ""
        both = isinstance(before, Reference) and isinstance(after, Reference)
        glued = isinstance(after, Reference) and _TOUCHING_BEFORE.search(left)
        tail = isinstance(before, Reference) and _TOUCHING_AFTER.search(right)
        if both or glued or tail:
            yield Violation(rule="touching-reference", excerpt=left[-20:] + "{{}}" + right[:20])


def _characters(residue: str) -> Iterator[Violation]:
    if any(brace in residue for brace in ("{{", "}}")):
        yield Violation(rule="broken-reference", excerpt=residue[:_EXCERPT])
    figure = holds_figure_character(residue)
    if figure is not None:
        yield Violation(rule="figure", excerpt=_around(residue, figure))
    sign = next((c for c in seen(residue) if _is_sign(c)), None)
    if sign is not None:
        yield Violation(rule="currency-sign", excerpt=sign)
    foreign = foreign_letters(residue)
    if foreign is not None:
        yield Violation(rule="unreadable-script", excerpt=foreign[:_EXCERPT])


def _is_sign(character: str) -> bool:
    return unicodedata.category(character) == "Sc" or character in "%‰"


def _first(pattern: re.Pattern[str], rule: Rule, residue: str) -> Iterator[Violation]:
    for reading in readings(residue):
        match = pattern.search(reading)
        if match is not None:
            yield Violation(rule=rule, excerpt=match[0][:_EXCERPT])
            return


def _roman(residue: str) -> Iterator[Violation]:
    match = words.ROMAN.search(seen(residue))
    if match is not None:
        yield Violation(rule="figure", excerpt=match[0])


def _periods(residue: str, evidence: Evidence) -> Iterator[Violation]:
    said = seen(evidence.said_by_user).lower()
    for match in words.PERIODS.finditer(seen(residue).lower()):
        if match[0] not in said:
            yield Violation(rule="date-word", excerpt=match[0])
            return


def _status(residue: str) -> Iterator[Violation]:
    for reading in readings(residue):
        match = words.STATUS_WORDS.search(words.HARMLESS_STATUS.sub(" ", reading))
        if match is not None:
            yield Violation(rule="status-word", excerpt=match[0])
            return


def _around(text: str, character: str) -> str:
    position = text.index(character)
    return text[max(0, position - 20) : position + 20]
