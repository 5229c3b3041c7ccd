"""Workspaces that have installed the chat app: one row each, its tokens sealed by whoever calls.

Nothing in here can open a seal: tokens come and go as bytes that only the edge can read.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Database
from engine.store.tables.surfaces import install_states, installations


@dataclass(frozen=True, kw_only=True)
class Installation:
    """One workspace; `expires_at` is when its token ends, None for one that does not."""

    team: str
    enterprise: str | None
    bot_id: str | None
    bot_user_id: str | None
    scopes: tuple[str, ...]
    sealed: bytes = field(repr=False)
    expires_at: datetime | None
    installed_by: str | None


def save(database: Database, surface: str, given: Installation, *, now: datetime) -> None:
    """Keep a workspace's installation; one that was there is replaced."""
    values = {
        "surface": surface, "enterprise": given.enterprise, "bot_id": given.bot_id,
        "bot_user_id": given.bot_user_id, "scopes": list(given.scopes), "sealed": given.sealed,
        "expires_at": given.expires_at, "installed_by": given.installed_by, "updated_at": now,
    }  # fmt: skip
    with database.write() as work:
        known = work.execute(
            sa.update(installations).where(installations.c.team == given.team).values(values)
        )
        if not known.rowcount:
            work.execute(
                sa.insert(installations).values(team=given.team, installed_at=now, **values)
            )


def find(database: Database, surface: str, team: str) -> Installation | None:
    """A workspace's installation; None for one that has not installed us."""
    with database.read() as look:
        row = look.execute(_of(surface).where(installations.c.team == team)).one_or_none()
    return None if row is None else _installation(row)


def every(database: Database, surface: str) -> tuple[Installation, ...]:
    """All workspaces, by their ids."""
    with database.read() as look:
        rows = look.execute(_of(surface).order_by(installations.c.team)).all()
    return tuple(map(_installation, rows))


def remove(database: Database, surface: str, team: str) -> bool:
    """Forget a workspace and its tokens; False when it was not there."""
    mine = (installations.c.surface == surface) & (installations.c.team == team)
    with database.write() as work:
        return work.execute(sa.delete(installations).where(mine)).rowcount == 1


def begin(database: Database, state: str, *, expires_at: datetime, now: datetime) -> None:
    """Note an installation that was begun; those that nobody came back from are dropped."""
    with database.write() as work:
        work.execute(sa.delete(install_states).where(install_states.c.expires_at <= now))
        work.execute(sa.insert(install_states).values(state=state, expires_at=expires_at))


def take_begun(database: Database, state: str, *, now: datetime) -> bool:
    """Whether it was begun here, not long ago, and its way back is used for the first time."""
    known = (install_states.c.state == state) & (install_states.c.expires_at > now)
    with database.write() as work:
        return work.execute(sa.delete(install_states).where(known)).rowcount == 1


def _of(surface: str) -> sa.Select[Any]:
    return sa.select(installations).where(installations.c.surface == surface)


def _installation(row: sa.Row[Any]) -> Installation:
    return Installation(
        team=row.team, enterprise=row.enterprise, bot_id=row.bot_id,
        bot_user_id=row.bot_user_id, scopes=tuple(row.scopes), sealed=bytes(row.sealed),
        expires_at=row.expires_at, installed_by=row.installed_by,
    )  # fmt: skip
