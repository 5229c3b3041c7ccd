"""What the audit seals of an exception that was put off."""

from typing import Any

import sqlalchemy as sa

from engine.store.content import text_digest


def subject_of(number: int) -> str:
    """How the audit names it."""
    return f"snooze:{number}"


def sealed_terms(row: sa.Row[Any]) -> dict[str, Any]:
    """What a snooze amounts to; the reason as its digest, for it may name people."""
    return {
        "key": row.key,
        "until": row.until and row.until.isoformat(),
        "grows_basis_points": row.grows_basis_points,
        "stake_minor": row.stake_minor,
        "author": row.author,
        "reason": text_digest(row.reason),
    }
