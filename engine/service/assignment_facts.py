"""What the audit seals of an exception that somebody looks after."""

from typing import Any

import sqlalchemy as sa

from engine.store.content import text_digest


def subject_of(number: int) -> str:
    """How the audit names it."""
    return f"assignment:{number}"


def sealed_terms(row: sa.Row[Any]) -> dict[str, Any]:
    """What an assignment amounts to; the note as its digest, for it may name people."""
    return {
        "key": row.key,
        "assignee": row.assignee,
        "due": row.due and row.due.isoformat(),
        "author": row.author,
        "note": text_digest(row.note),
    }
