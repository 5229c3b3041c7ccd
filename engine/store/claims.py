"""Taking one row of waiting work so that nobody else takes it, on either database.

A table of work has the columns id, state, claims, claimed_by, claimed_until. `claims` grows with
every claim and so tells two claims of one row apart: whoever was overtaken changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(work: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Insert unless a row with the same unique key stands there already; says which it was."""
    insert = postgresql.insert if work.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(**values).on_conflict_do_nothing()
    # A row count after INSERT is not told by every driver; a returned row is.
    return work.execute(statement.returning(*table.primary_key)).first() is not None


def claim_one(
    work: sa.Connection,
    table: sa.Table,
    *,
    due: sa.ColumnElement[bool],
    order: sa.Column[Any],
    state: str,
    owner: str,
    until: datetime,
    also: Mapping[str, Any] | None = None,
) -> sa.Row[Any] | None:
    """Mark the first due row as taken and return it as it is now; None when nothing is due.

    PostgreSQL skips rows that another claim holds; SQLite's writers take turns. `also` are further
    columns to set; their expressions see the row as it was before.
    """
    found = work.execute(
        sa.select(table.c.id)
        .where(due)
        .order_by(order, table.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if found is None:
        return None
    taken = {"state": state, "claimed_by": owner, "claimed_until": until, **(also or {})}
    return work.execute(
        sa.update(table)
        .where(table.c.id == found)
        .values(**taken, claims=table.c.claims + 1)
        .returning(*table.c)
    ).one()


def settle(
    work: sa.Connection,
    table: sa.Table,
    *,
    row_id: int,
    state: str,
    claims: int,
    changes: Mapping[str, Any],
) -> bool:
    """Change a row that is still held by this very claim; False when it was overtaken."""
    held = (table.c.id == row_id) & (table.c.state == state) & (table.c.claims == claims)
    freed = {"claimed_by": None, "claimed_until": None}
    return work.execute(sa.update(table).where(held).values({**freed, **changes})).rowcount == 1
