"""Advice not to order is a claim about the plan: a fact must say that none is to be ordered."""

from collections.abc import Iterator, Mapping

from agent.grounding.evidence import Evidence
from agent.grounding.marks import Named, Statement
from agent.grounding.violations import EXCERPT, Violation
from tools.facts import Fact

# What says how much is to be bought, of one thing or in all.
_QUANTITIES = frozenset({"units to order", "lines to buy"})
_TIED_TO = frozenset({"item", "location", "supplier"})


def against_the_plan(
    said: Statement, spoken_of: Mapping[str, Named], evidence: Evidence
) -> Iterator[Violation]:
    """`You need not order LAMP-1`, where no fact says that none of it is to be ordered."""
    match = said.language.needless.search(said.own_words)
    if match is None or _is_none(_refs(said, spoken_of), evidence):
        return
    yield Violation(rule="unsupported-advice", excerpt=match[0][:EXCERPT])


def _refs(said: Statement, spoken_of: Mapping[str, Named]) -> frozenset[str]:
    """What the sentence is about; what was named last where it names nothing itself."""
    named = {mark.ref for mark in said.marks if isinstance(mark, Named) and mark.kind in _TIED_TO}
    if not named and said.language.pronoun.search(said.own_words) is not None:
        named = {mark.ref for kind, mark in spoken_of.items() if kind in _TIED_TO}
    return frozenset(named)


def _is_none(refs: frozenset[str], evidence: Evidence) -> bool:
    """Whether the turn's facts say of all of these that nothing is to be ordered."""
    known = [f for f in evidence.facts.values() if f.label in _QUANTITIES and _is_about(f, refs)]
    return bool(known) and all(fact.value == 0 for fact in known)


def _is_about(fact: Fact, refs: frozenset[str]) -> bool:
    """Of one of these: an item at all places, or at the one that is named as well."""
    if not refs:
        return True
    kinds = {ref.partition(":")[0] for ref in refs}
    own = [ref for ref in fact.about if ref.partition(":")[0] in kinds]
    return bool(own) and all(ref in refs for ref in own)
