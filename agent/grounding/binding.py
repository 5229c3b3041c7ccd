"""A figure stays with the thing it belongs to and under the name it has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.grounding.evidence import Evidence
from agent.grounding.labels import measures
from agent.grounding.template import Literal, Reference, Segment, segments, sentences
from agent.grounding.violations import Violation
from tools.facts import Fact

NOT_FIGURES = frozenset({"name", "sentence"})
_COPULA = (
    r"(?:\s+(?:is|are|was|were|of|at|stands at|comes to|would be|will be|equals|about))?"
    r"\s*[:=]?\s*\Z"
)
_OWNED = re.compile(
    r"\byour\b|\byou(?:'ve|\s+have)?\s+(?:asked|said|gave|named|wrote|mentioned|set|want|wanted"
    r"|proposed|suggested|typed|meant|mean)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:it|its|it's|they|their|them|this|that|these|those|the item|the product)\b", re.IGNORECASE
)
_OF_THE_WHOLE = frozenset({"money", "units", "packs", "count", "percent", "ratio"})
_WHOLE = re.compile(
    r"\b(?:plan|list|lines?|budgets?|orders|total|all|whole|together|these|those|them|everything"
    r"|buys|cuts?|altogether|overall|chance|transfers?|rest|others?|items|exceptions?)\b",
    re.IGNORECASE,
)
_HAS_STATUS = frozenset({"po", "request"})
_CONDITIONAL = re.compile(r"\b(?:once|until|unless|if|when|before|after|whether)\b")
_CODE = re.compile(r"\b[\w]*-?\d[\w-]*\b|\bpo-\w+")
_HARMLESS_WORDS = """
arrive chance soonest stays takes
a about after again all also an and any approval approver approvers are as at be because before
below bigger both budget but by can cannot cheapest comes cost costs covers decide decides detail
details draft drafts each first for from had has have here holds how i in is it it's items its
large largest leaves left line lines look manager may more much must need needs next nobody not of
on one only order orders other others over own people person purchase request rest same second see
shared should show shows small smaller so somebody someone still supplier suppliers table takes
than that the their them then there these they this to together too total totals under units up
wait waiting waits wanted was were what where which who whole why with within without would you
your
"""
_HARMLESS = frozenset(_HARMLESS_WORDS.split())
_RATE = re.compile(
    r"\A\s+(?:per|an?|each|every)\s+(?:day|week|month|quarter|year|hour|unit|case|pack|order|line)\b"
)


@dataclass(frozen=True)
class _Named:
    """An entity is named here."""

    kind: str
    ref: str


@dataclass(frozen=True)
class _Stated:
    """A figure stands here."""

    fact: Fact


def binding_violations(template: str, evidence: Evidence) -> Iterator[Violation]:
    """Figures under another entity's or measure's name, and the person's own passed off as ours."""
    spoken_of: dict[str, _Named] = {}  # kind -> named last, for "it"
    for sentence in sentences(template):
        parts = segments(sentence)
        marks = list(_marks(parts, evidence))
        heard = list(spoken_of.values()) if _PRONOUN.search(sentence) else []
        if _is_mixed_up([*_unless_named(heard, marks), *marks]):
            yield Violation(rule="wrong-entity", excerpt=sentence.strip()[:200])
        spoken_of |= {mark.kind: mark for mark in marks if isinstance(mark, _Named)}
        yield from _claims_of_orders(parts, marks, evidence)
        if _is_total_of_one(parts, marks):
            yield Violation(rule="wrong-entity", excerpt=sentence.strip()[:200])
        yield from _wrong_labels(parts, evidence)
        yield from _unattributed(sentence, parts)


def _claims_of_orders(
    parts: tuple[Segment, ...], marks: list[_Named | _Stated], evidence: Evidence
) -> Iterator[Violation]:
    """What is said of an order or request without its status fact is made of harmless words only.

    No list holds every way to say "it has gone out", so what is not known to be harmless is not.
    """
    spoken_of = any(isinstance(mark, _Named) and mark.kind in _HAS_STATUS for mark in marks)
    states = any(isinstance(mark, _Stated) and mark.fact.kind == "status" for mark in marks)
    if not spoken_of or states:
        return
    own_words = " ".join(part.text for part in parts if isinstance(part, Literal))
    for pattern, _ in evidence.mentions:
        own_words = pattern.sub(" ", own_words)
    own_words = own_words.lower()
    if _CONDITIONAL.search(own_words):
        return
    for word in re.findall(r"[a-z']+", _CODE.sub(" ", own_words)):
        if word not in _HARMLESS:
            yield Violation(rule="status-word", excerpt=word)
            return


def _is_total_of_one(parts: tuple[Segment, ...], marks: list[_Named | _Stated]) -> bool:
    """A figure of the whole plan in a sentence about one item, and no word for the whole."""
    names_item = any(isinstance(mark, _Named) and mark.kind == "item" for mark in marks)
    totals = any(
        isinstance(mark, _Stated) and not mark.fact.about and mark.fact.kind in _OF_THE_WHOLE
        and not mark.fact.id.startswith("user.")
        for mark in marks
    )  # fmt: skip
    own_words = " ".join(part.text for part in parts if isinstance(part, Literal))
    return names_item and totals and _WHOLE.search(own_words) is None


def _unless_named(heard: list[_Named], marks: list[_Named | _Stated]) -> list[_Named]:
    kinds = {mark.kind for mark in marks if isinstance(mark, _Named)}
    return [mark for mark in heard if mark.kind not in kinds]


def _is_mixed_up(marks: list[_Named | _Stated]) -> bool:
    """Each kind of entity by itself: all figures follow their entity, or all precede it."""
    for kind in sorted({mark.kind for mark in marks if isinstance(mark, _Named)}):
        row = [mark for mark in marks if isinstance(mark, _Stated) or mark.kind == kind]
        if not (_consistent(row, kind) or _consistent(row[::-1], kind)):
            return True
    return False


def _marks(parts: tuple[Segment, ...], evidence: Evidence) -> Iterator[_Named | _Stated]:
    for part in parts:
        if isinstance(part, Literal):
            yield from _named_in(part.text, evidence)
            continue
        fact = evidence.facts.get(part.fact_id)
        if fact is None:
            continue
        if fact.kind in NOT_FIGURES:
            yield from (_Named(ref.partition(":")[0], ref) for ref in fact.about[:1])
        else:
            yield _Stated(fact)


def _named_in(text: str, evidence: Evidence) -> Iterator[_Named]:
    found = [
        (match.start(), -len(match[0]), _Named(entity.kind, entity.ref))
        for pattern, entity in evidence.mentions
        for match in pattern.finditer(text)
    ]
    reached = -1
    for start, negative_length, named in sorted(found, key=lambda hit: hit[:2]):
        if start >= reached:  # LAMP-OAK-01 does not also name LAMP-OAK
            reached = start - negative_length
            yield named


def _consistent(row: list[_Named | _Stated], kind: str) -> bool:
    """Read in this direction, does every figure agree with the entity named last before it?

    A figure before the first name belongs to that first name.
    """
    named = next((mark.ref for mark in row if isinstance(mark, _Named)), None)
    for mark in row:
        if isinstance(mark, _Named):
            named = mark.ref
        elif not _agrees(mark.fact, kind, named):
            return False
    return True


def _agrees(fact: Fact, kind: str, named: str | None) -> bool:
    own = [ref for ref in fact.about if ref.startswith(f"{kind}:")]
    return not own or named in own


def _wrong_labels(parts: tuple[Segment, ...], evidence: Evidence) -> Iterator[Violation]:
    """`on hand is {{forecast}}`: the measure named right beside a figure is not the figure's."""
    for index, part in enumerate(parts):
        if not isinstance(part, Reference):
            continue
        fact = evidence.facts.get(part.fact_id)
        if fact is None or fact.kind in NOT_FIGURES:
            continue
        own = measures(fact.label)
        beside = _measure_before(parts, index) | _measure_after(parts, index)
        misnamed = bool(own and beside and not (own & beside))
        if misnamed or (_is_made_a_rate(parts, index) and " per " not in fact.label):
            yield Violation(rule="wrong-label", excerpt=f"{{{{{fact.id}}}}} ({fact.label})")


def _measure_before(parts: tuple[Segment, ...], index: int) -> frozenset[str]:
    before = parts[index - 1] if index else None
    if not isinstance(before, Literal):
        return frozenset()
    words = re.split(r"[,;()]|\band\b|\bbut\b", before.text)[-1]
    bare = re.sub(_COPULA, "", words)
    return measures(" ".join(bare.split()[-3:])) if bare != words or words.strip() else frozenset()


def _measure_after(parts: tuple[Segment, ...], index: int) -> frozenset[str]:
    after = parts[index + 1] if index + 1 < len(parts) else None
    if not isinstance(after, Literal):
        return frozenset()
    match = re.match(r"\s+(?:of\s+|in\s+)?((?:\w+\s?){1,2})", after.text)
    return measures(match[1], anchored=True) if match else frozenset()


def _is_made_a_rate(parts: tuple[Segment, ...], index: int) -> bool:
    after = parts[index + 1] if index + 1 < len(parts) else None
    return isinstance(after, Literal) and _RATE.match(after.text) is not None


def _unattributed(sentence: str, parts: tuple[Segment, ...]) -> Iterator[Violation]:
    if _OWNED.search(sentence):
        return
    for part in parts:
        if isinstance(part, Reference) and part.fact_id.startswith("user."):
            yield Violation(rule="unattributed-user-figure", excerpt=part.fact_id)
            return
