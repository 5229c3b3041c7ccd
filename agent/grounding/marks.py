"""A sentence of a draft as the checks see it: what it names, what it states, in which language."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from agent.grounding.clean import readings
from agent.grounding.evidence import Evidence
from agent.grounding.language import Language, spoken
from agent.grounding.template import Literal, Segment, segments
from tools.facts import Fact

NOT_FIGURES = frozenset({"name", "sentence"})


@dataclass(frozen=True)
class Named:
    """An entity is named here."""

    kind: str
    ref: str


@dataclass(frozen=True)
class Stated:
    """A figure or a status stands here."""

    fact: Fact


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One sentence: `parts` in order, and what each names or states."""

    sentence: str
    parts: tuple[Segment, ...]
    marks: tuple[Named | Stated, ...]
    language: Language

    @cached_property
    def own_words(self) -> str:
        """The model's own, cleaned; references stand apart from what surrounds them."""
        return readings(" ".join(part.text for part in self.parts if isinstance(part, Literal)))[0]

    @property
    def excerpt(self) -> str:
        return self.sentence.strip()[:200]

    def names(self, kinds: frozenset[str]) -> bool:
        return any(isinstance(mark, Named) and mark.kind in kinds for mark in self.marks)


def statement_of(sentence: str, evidence: Evidence) -> Statement:
    parts = segments(sentence)
    own = " ".join(part.text for part in parts if isinstance(part, Literal))
    known = evidence.spoken
    return Statement(
        sentence=sentence,
        parts=parts,
        marks=tuple(_marks(parts, evidence)),
        language=spoken(evidence.without_names(own), known) or known[0],
    )


def _marks(parts: tuple[Segment, ...], evidence: Evidence) -> Iterator[Named | Stated]:
    for part in parts:
        if isinstance(part, Literal):
            yield from _named_in(part.text, evidence)
            continue
        fact = evidence.facts.get(part.fact_id)
        if fact is None:
            continue
        if fact.kind in NOT_FIGURES:
            yield from (Named(ref.partition(":")[0], ref) for ref in fact.about[:1])
        else:
            yield Stated(fact)


def _named_in(text: str, evidence: Evidence) -> Iterator[Named]:
    found = [
        (match.start(), -len(match[0]), Named(entity.kind, entity.ref))
        for pattern, entity in evidence.mentions
        for match in pattern.finditer(text)
    ]
    reached = -1
    for start, negative_length, named in sorted(found, key=lambda hit: hit[:2]):
        if start >= reached:  # LAMP-OAK-01 does not also name LAMP-OAK
            reached = start - negative_length
            yield named
