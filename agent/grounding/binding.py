"""A figure stays with the thing it belongs to."""

from collections.abc import Iterator, Sequence

from agent.grounding.advice import against_the_plan
from agent.grounding.bounds import last_stated, unsupported_bounds
from agent.grounding.claims import claims_of_orders, unattributed
from agent.grounding.evidence import Evidence
from agent.grounding.marks import Named, Stated, Statement, statement_of
from agent.grounding.naming import misnamed
from agent.grounding.template import sentences
from agent.grounding.violations import Violation
from tools.facts import Fact

_OF_THE_WHOLE = frozenset({"money", "units", "packs", "count", "percent", "ratio"})
_ITEM = frozenset({"item"})


def binding_violations(template: str, evidence: Evidence) -> Iterator[Violation]:
    """Figures under another entity's or measure's name, and the person's own passed off as ours."""
    spoken_of: dict[str, Named] = {}  # kind -> named last, for "it"
    stated: Fact | None = None  # last, for "that is less than"
    for sentence in sentences(template):
        said = statement_of(sentence, evidence)
        if is_mixed_up(_with_heard(said, spoken_of)) or is_total_of_one(said):
            yield Violation(rule="wrong-entity", excerpt=said.excerpt)
        yield from against_the_plan(said, spoken_of, evidence)
        yield from unsupported_bounds(said, stated, evidence)
        stated = last_stated(said, evidence)
        spoken_of |= {mark.kind: mark for mark in said.marks if isinstance(mark, Named)}
        yield from claims_of_orders(said, evidence)
        yield from misnamed(said, evidence)
        yield from unattributed(said)


def is_total_of_one(said: Statement) -> bool:
    """A figure of the whole plan in a sentence about one item, and no word for the whole."""
    totals = any(
        isinstance(mark, Stated) and not mark.fact.about and mark.fact.kind in _OF_THE_WHOLE
        and not mark.fact.id.startswith("user.")
        for mark in said.marks
    )  # fmt: skip
    return said.names(_ITEM) and totals and said.language.whole.search(said.own_words) is None


def _with_heard(said: Statement, spoken_of: dict[str, Named]) -> list[Named | Stated]:
    """After "it", what was named last counts as named, unless its kind is named anew."""
    if said.language.pronoun.search(said.own_words) is None:
        return list(said.marks)
    kinds = {mark.kind for mark in said.marks if isinstance(mark, Named)}
    heard = (mark for mark in spoken_of.values() if mark.kind not in kinds)
    return [*heard, *said.marks]


def is_mixed_up(marks: Sequence[Named | Stated]) -> bool:
    """Each kind of entity by itself: all figures follow their entity, or all precede it."""
    for kind in sorted({mark.kind for mark in marks if isinstance(mark, Named)}):
        row = [mark for mark in marks if isinstance(mark, Stated) or mark.kind == kind]
        if not (_consistent(row, kind) or _consistent(row[::-1], kind)):
            return True
    return False


def _consistent(row: Sequence[Named | Stated], kind: str) -> bool:
    """Read in this direction, does every figure agree with the entity named last before it?

    A figure before the first name belongs to that first name.
    """
    named = next((mark.ref for mark in row if isinstance(mark, Named)), None)
    for mark in row:
        if isinstance(mark, Named):
            named = mark.ref
        elif not _agrees(mark.fact, kind, named):
            return False
    return True


def _agrees(fact: Fact, kind: str, named: str | None) -> bool:
    own = [ref for ref in fact.about if ref.startswith(f"{kind}:")]
    return not own or named in own
