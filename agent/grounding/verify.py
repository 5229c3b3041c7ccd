"""Is a draft fit to show? The one question every reply must pass, whoever wrote it."""

from collections.abc import Iterator

from agent.grounding.binding import binding_violations
from agent.grounding.evidence import Evidence
from agent.grounding.residue import residue_violations
from agent.grounding.template import Reference, Segment, segments
from agent.grounding.violations import Violation


def violations(draft: str, evidence: Evidence) -> tuple[Violation, ...]:
    """Every reason against showing the draft; empty when it may be shown."""
    if not draft.strip():
        return (Violation(rule="empty", excerpt=""),)
    parts = segments(draft)
    return (
        *unknown_references(parts, evidence),
        *residue_violations(parts, evidence),
        *binding_violations(draft, evidence),
    )


def unknown_references(parts: tuple[Segment, ...], evidence: Evidence) -> Iterator[Violation]:
    for part in parts:
        if isinstance(part, Reference) and part.fact_id not in evidence.facts:
            yield Violation(rule="unknown-reference", excerpt=part.fact_id)
