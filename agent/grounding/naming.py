"""A figure keeps the name of its measure and the unit it is counted in."""

import re
from collections.abc import Iterator

from agent.grounding.clean import readings
from agent.grounding.evidence import Evidence
from agent.grounding.labels import measures_of
from agent.grounding.language import Language
from agent.grounding.marks import NOT_FIGURES, Statement
from agent.grounding.template import Literal, Reference, Segment
from agent.grounding.violations import Violation
from tools.facts import Fact

# Of the words before a figure, these end what belongs to it.
_LIMITS = re.compile(r"[,;()]|\band\b|\bbut\b")
_AFTER = re.compile(r"\s+(?:of\s+|in\s+)?((?:\w+\s?){1,2})")
# "Stock lasts {{days}}" and "demand until {{date}}" name no level of stock or demand.
_TIME = frozenset({"days", "weeks", "date", "date_range"})
_LEVELS = frozenset({"stock", "inbound", "demand", "safety", "quantity"})
_HAS_UNIT = frozenset(
    {"units", "packs", "days", "weeks", "money", "unit_price", "percent", "ratio"}
)


def misnamed(said: Statement, evidence: Evidence) -> Iterator[Violation]:
    """`on hand is {{forecast}}`, `{{cost}} per week`, `{{lines}} pallets`."""
    for index, part in enumerate(said.parts):
        fact = evidence.facts.get(part.fact_id) if isinstance(part, Reference) else None
        if fact is None or fact.kind in NOT_FIGURES:
            continue
        before, after = _text(said.parts, index - 1), _text(said.parts, index + 1)
        rate = said.language.rate.match(after) is not None and " per " not in fact.label
        if (
            rate
            or _is_another_measure(fact, before, after, said.language)
            or _is_another_unit(fact, after, said.language, evidence)
        ):
            yield Violation(rule="wrong-label", excerpt=f"{{{{{fact.id}}}}} ({fact.label})")


def _text(parts: tuple[Segment, ...], index: int) -> str:
    """What the model wrote there, cleaned but for its edges; nothing beyond the sentence."""
    part = parts[index] if 0 <= index < len(parts) else None
    return readings(part.text)[0] if isinstance(part, Literal) else ""


def _is_another_measure(fact: Fact, before: str, after: str, language: Language) -> bool:
    own = measures_of(fact.label)
    beside = _measure_before(before, language) | _measure_after(after, language)
    if fact.kind in _TIME:
        beside -= _LEVELS
    return bool(own and beside and not (own & beside))


def _measure_before(text: str, language: Language) -> frozenset[str]:
    bare = language.copula.sub("", _LIMITS.split(text)[-1])
    return language.measures_in(" ".join(bare.split()[-3:]))


def _measure_after(text: str, language: Language) -> frozenset[str]:
    match = _AFTER.match(text)
    return language.measures_in(match[1], anchored=True) if match else frozenset()


def _is_another_unit(fact: Fact, after: str, language: Language, evidence: Evidence) -> bool:
    """`{{lines to buy}} pallets`: the renderer writes units; a count says what it counts."""
    match = language.units.match(after)
    if match is None:
        return False
    if fact.kind in _HAS_UNIT:
        return True
    said = fact.label if not fact.id.startswith("user.") else evidence.said_by_user
    return match[1].rstrip("s") not in said.lower()
