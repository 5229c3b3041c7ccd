"""What is said of an order without its status, and figures of the person's own."""

import re
from collections.abc import Iterator

from agent.grounding.evidence import Evidence
from agent.grounding.language import words_of
from agent.grounding.marks import Stated, Statement
from agent.grounding.template import Literal, Reference
from agent.grounding.violations import Violation
from agent.grounding.words import DEEDS_OF_ORDERS, FOLLOWS

_HAS_STATUS = frozenset({"po", "request"})
_CODE = re.compile(r"\b[\w]*-?\d[\w-]*\b|\bpo-\w+", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,;:.!?\n]|$")


def claims_of_orders(said: Statement, evidence: Evidence) -> Iterator[Violation]:
    """What is said of an order or request without its status fact is made of harmless words only.

    No list holds every way to say "it has gone out", so what is not known to be harmless is not.
    """
    states = any(isinstance(mark, Stated) and mark.fact.kind == "status" for mark in said.marks)
    if states or not said.names(_HAS_STATUS):
        return
    literal = " ".join(part.text for part in said.parts if isinstance(part, Literal))
    bare = _CODE.sub(" ", evidence.without_mentions(literal)).lower()
    claims = _without_conditions(bare, said.language.conditional)
    harmless = said.language.harmless
    harmless |= FOLLOWS if claims != bare else frozenset()
    harmless |= DEEDS_OF_ORDERS if evidence.did_write else frozenset()
    for word in words_of(claims):
        if word not in harmless and not _parts(word) <= harmless:
            yield Violation(rule="status-word", excerpt=word)
            return


def _parts(word: str) -> frozenset[str]:
    """`l'ordine` is an article and a noun, `manager's` a noun."""
    return frozenset(part for part in re.split("['’]", word.removesuffix("'s")) if part)


def _without_conditions(text: str, conditional: re.Pattern[str]) -> str:
    """Without the clauses that say "once ..." or "until ...": those claim nothing."""
    kept, position = "", 0
    for match in conditional.finditer(text):
        if match.start() < position:
            continue
        kept += text[position : match.start()]
        end = _CLAUSE_END.search(text, match.end())
        position = len(text) if end is None else end.start()
    return kept + text[position:]


def unattributed(said: Statement) -> Iterator[Violation]:
    """A figure of the person's own, where nothing says that it is theirs."""
    if said.language.owned.search(said.own_words):
        return
    for part in said.parts:
        if isinstance(part, Reference) and part.fact_id.startswith("user."):
            yield Violation(rule="unattributed-user-figure", excerpt=part.fact_id)
            return
