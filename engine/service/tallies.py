"""Counts of what happened, for whoever watches the service."""

import sqlalchemy as sa

from engine.store.database import Database
from engine.store.tables.conversation import turns


def turns_by_outcome(database: Database) -> dict[str, int]:
    """Answered turns: clean, repaired once, on the template, or failed."""
    query = (
        sa.select(turns.c.outcome, sa.func.count().label("number"))
        .where(turns.c.outcome.is_not(None))
        .group_by(turns.c.outcome)
    )
    with database.read() as look:
        return {row.outcome: row.number for row in look.execute(query)}
