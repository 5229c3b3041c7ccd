"""A figure that is called a bound, or set against another, must be one, or stand so to it.

`at least {{x}}` says more than `{{x}}`: that nothing below it will do. It is shown where the fact
itself is a minimum, where the sentence sets two facts against each other and they stand so, or
where the person said it. What cannot be told is refused.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from agent.grounding.bound_words import APART
from agent.grounding.clean import readings
from agent.grounding.evidence import Evidence
from agent.grounding.language import Language
from agent.grounding.marks import NOT_FIGURES, Statement
from agent.grounding.template import Literal, Reference, Segment
from agent.grounding.user_facts import PREFIX
from agent.grounding.violations import Violation
from engine.model.money import MICROS, exponent
from tools.facts import Fact

_STANDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "least": operator.ge, "most": operator.le, "more": operator.gt, "less": operator.lt,
}  # fmt: skip
_OPPOSITE = {"least": "less", "most": "more", "more": "most", "less": "least"}
# Labels of facts that are bounds themselves.
_FLOOR = re.compile(r"\b(?:minimum|least|floor|smallest)\b")
_CEILING = re.compile(r"\b(?:budget|cap|limit|maximum|most|ceiling|room|allowance|capacity)\b")
_DATES = frozenset({"date", "date_range"})
_TIME = frozenset({"days", "weeks"})
_CLAUSE = re.compile(r"[;:()]|,(?!\s+(?:which|less|more|fewer|lower|higher|well|just)\b)")


def unsupported_bounds(
    said: Statement, before: Fact | None, evidence: Evidence
) -> Iterator[Violation]:
    """`before` is the figure stated last before this sentence, which "that" may mean."""
    for index, part in enumerate(said.parts):
        fact = evidence.facts.get(part.fact_id) if isinstance(part, Reference) else None
        if fact is None or fact.kind in NOT_FIGURES or fact.kind in _DATES:
            continue
        way = _way_after(said.parts, index, said.language)
        if way is not None and not _is_one(fact, way, said, evidence):
            yield _violation(fact)
            continue
        way = _way_before(said.parts, index, fact, said.language)
        if way is not None and not _stands(said, index, fact, way, before, evidence):
            yield _violation(fact)


def last_stated(said: Statement, evidence: Evidence) -> Fact | None:
    """The figure that the sentence ends with."""
    refs = (part.fact_id for part in reversed(said.parts) if isinstance(part, Reference))
    facts = (evidence.facts[ref] for ref in refs if ref in evidence.facts)
    return next((fact for fact in facts if fact.kind not in NOT_FIGURES), None)


def _violation(fact: Fact) -> Violation:
    return Violation(rule="unsupported-bound", excerpt=f"{{{{{fact.id}}}}} ({fact.label})")


def _way_before(parts: Sequence[Segment], index: int, fact: Fact, language: Language) -> str | None:
    """How the words in front of a figure set something against it."""
    text = _text(parts, index - 1)
    for way, pattern in language.bounds_before.items():
        match = pattern.search(text)
        if match is None or (match["weak"] and _is_a_frame(match[0], fact)):
            continue
        is_denied = language.denial.search(text[: match.start()]) is not None
        return _OPPOSITE[way] if is_denied else way
    return None


def _is_a_frame(words: str, fact: Fact) -> bool:
    """`over the weeks`, `under a budget of`: in which frame, and no comparison."""
    return fact.kind in _TIME or _CEILING.search(words) is not None


def _way_after(parts: Sequence[Segment], index: int, language: Language) -> str | None:
    text = _text(parts, index + 1)
    ways = (way for way, pattern in language.bounds_after.items() if pattern.match(text))
    return next(ways, None)


def _text(parts: Sequence[Segment], index: int) -> str:
    part = parts[index] if 0 <= index < len(parts) else None
    return readings(part.text)[0] if isinstance(part, Literal) else ""


def _stands(
    said: Statement, index: int, fact: Fact, way: str, before: Fact | None, evidence: Evidence
) -> bool:
    subject = _subject(said, index, evidence)
    if subject is not None and APART.match(_text(said.parts, index - 1)):
        return _is_difference(subject, fact, way, evidence)
    if subject is not None and _is_comparable(subject, fact):
        return _STANDS[way](_amount(subject), _amount(fact))
    if _is_one(fact, way, said, evidence):
        return True
    if before is None or not _is_comparable(before, fact):
        return False
    is_meant = said.language.pronoun.search(said.own_words) is not None
    return is_meant and _STANDS[way](_amount(before), _amount(fact))


def _subject(said: Statement, index: int, evidence: Evidence) -> Fact | None:
    """The figure before, in the same clause: what is set against this one."""
    for place in range(index - 1, -1, -1):
        part = said.parts[place]
        if isinstance(part, Literal):
            if _CLAUSE.search(part.text):
                return None
            continue
        fact = evidence.facts.get(part.fact_id)
        if fact is not None and fact.kind not in NOT_FIGURES:
            return fact
    return None


def _is_difference(apart: Fact, fact: Fact, way: str, evidence: Evidence) -> bool:
    """Some figure of the turn lies that far above or below."""
    if not _is_comparable(apart, fact):
        return False
    step = _amount(apart) if way in ("more", "least") else -_amount(apart)
    wanted = _amount(fact) + step
    known = (each for each in evidence.facts.values() if each.kind == fact.kind)
    return any(_amount(each) == wanted for each in known)


def _is_one(fact: Fact, way: str, said: Statement, evidence: Evidence) -> bool:
    """Is the fact a bound of this kind by its own name, or by the person's words?"""
    if fact.id.startswith(PREFIX):
        asked = readings(evidence.said_by_user)[0]
        heard = said.language.bounds_said[way].search(asked) is not None
        named = said.language.measures_in(said.own_words) - {"budget"}
        return heard or (way in ("most", "less") and not named)
    if way == "least":
        return _FLOOR.search(fact.label) is not None
    if way == "more":  # what would be beyond a cap is not done: "it would exceed the budget"
        supposed = said.language.supposed.search(said.own_words) is not None
        return supposed and _CEILING.search(fact.label) is not None
    return _CEILING.search(fact.label) is not None


def _is_comparable(one: Fact, other: Fact) -> bool:
    if one.id.startswith(PREFIX) or other.id.startswith(PREFIX):
        return one.kind not in _TIME and other.kind not in _TIME
    return (one.kind, one.currency) == (other.kind, other.currency)


def _amount(fact: Fact) -> Decimal:
    """In whole units of money, as people write it."""
    value = Decimal(str(fact.value))
    if fact.kind == "unit_price":
        return value / MICROS
    return value.scaleb(-exponent(fact.currency or "")) if fact.kind == "money" else value
