"""The feed of what moved for new customers, read by cursor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.errors import Stale
from engine.store.tables.storefront import promise_changes, webhook_subscriptions

KEPT = timedelta(days=90)
MOST = 1000


@dataclass(frozen=True, kw_only=True)
class Change:
    """`body` holds `before` (None: the place is new) and `after`, each basis, first and last."""

    seq: int
    at: datetime
    sku: str
    location: str
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Page:
    """`next` is the cursor to ask with from then on; `more`: there is more already."""

    changes: tuple[Change, ...]
    next: int
    more: bool


def changes_after(look: sa.Connection, after: int, limit: int) -> Page:
    """Changes after a cursor (0: from the first that is kept), oldest first.

    Raises Stale for a cursor that this feed cannot go on from: its changes are no longer kept, or
    it is of another feed (before a backup was restored). Whoever has it reads their promises anew.
    """
    table = promise_changes
    oldest, newest = look.execute(
        sa.select(sa.func.min(table.c.seq), sa.func.max(table.c.seq))
    ).one()
    if after > (newest or 0):
        raise Stale(
            f"There is no change {after} yet. Read the promises you need anew, then go on with "
            f"after={newest or 0}."
        )
    if oldest is not None and 0 < after < oldest - 1:
        raise Stale(
            f"Changes up to {oldest - 1} are no longer kept. Read the promises you need anew, then "
            f"go on with after={newest}."
        )
    query = sa.select(table).where(table.c.seq > after).order_by(table.c.seq).limit(limit + 1)
    rows = look.execute(query).mappings().all()
    found = tuple(
        Change(seq=r["seq"], at=r["at"], sku=r["sku"], location=r["location"], body=r["body"])
        for r in rows[:limit]
    )
    cursor = found[-1].seq if found else after
    return Page(changes=found, next=cursor, more=len(rows) > limit)


def forget_changes(work: sa.Connection, now: datetime) -> int:
    """Drop changes older than KEPT that every subscriber has; the newest always stays."""
    table, subscriptions = promise_changes, webhook_subscriptions
    newest = work.execute(sa.select(sa.func.max(table.c.seq))).scalar() or 0
    waiting = sa.select(sa.func.min(subscriptions.c.after_seq)).where(
        subscriptions.c.ended_at.is_(None)
    )
    reached = work.execute(waiting).scalar()
    upto = min(newest - 1, newest if reached is None else reached)
    old = (table.c.at < now - KEPT) & (table.c.seq <= upto)
    return work.execute(sa.delete(table).where(old)).rowcount
