"""What the audit keeps of a delegation, so that the row can be held against it."""

from typing import Any

import sqlalchemy as sa

from engine.model.canonical import digest


def subject_of(number: int) -> str:
    """How the audit names a delegation."""
    return f"delegation:{number}"


def sealed_terms(row: sa.Row[Any]) -> dict[str, object]:
    """What the audit keeps of a delegation; the reason as its digest only."""
    return {
        "giver": row.giver,
        "taker": row.taker,
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat(),
        "reason": digest(row.reason),
    }
