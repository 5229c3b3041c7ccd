"""Is a draft fit to show? The one question every reply must pass, whoever wrote it."""

from agent.grounding.binding import binding_violations
from agent.grounding.evidence import Evidence
from agent.grounding.residue import residue_violations
from agent.grounding.template import Reference, segments
from agent.grounding.violations import Violation


def violations(draft: str, evidence: Evidence) -> tuple[Violation, ...]:
    """Every reason against showing the draft; empty when it may be shown."""
    if not draft.strip():
        return (Violation(rule="empty", excerpt=""),)
    parts = segments(draft)
    unknown = tuple(
        Violation(rule="unknown-reference", excerpt=part.fact_id)
        for part in parts
        if isinstance(part, Reference) and part.fact_id not in evidence.facts
    )
    return (
        *unknown,
        *residue_violations(parts, evidence),
        *binding_violations(draft, evidence),
    )
