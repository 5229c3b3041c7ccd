"""Who leads: a lease with a token that grows, so that a leader who slept cannot act as one.

Instants come from each host's clock; hosts must agree to within a fraction of the lease. Whoever
errs is stopped by `require_lease`, which looks at the token and not at the time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from engine.errors import Stale
from engine.store.claims import insert_once
from engine.store.database import Database
from engine.store.tables.work import leases

WORKER = "worker"  # the lease of the process that runs jobs and sends messages


class Overtaken(Stale):
    """Another process has taken over; what this one was doing changes nothing any more."""


@dataclass(frozen=True, kw_only=True)
class Lease:
    name: str
    owner: str
    token: int  # fencing: a later holder has a larger one
    expires_at: datetime


def acquire_lease(
    database: Database, *, name: str, owner: str, now: datetime, seconds: float
) -> Lease | None:
    """Take or prolong a lease; None while somebody else holds it."""
    until = now + timedelta(seconds=seconds)
    mine = (leases.c.owner == owner) & (leases.c.expires_at > now)
    grown = leases.c.token + sa.case((mine, 0), else_=1)
    with database.write() as work:
        token = work.execute(
            sa.update(leases)
            .where(leases.c.name == name, sa.or_(mine, leases.c.expires_at <= now))
            .values(owner=owner, expires_at=until, token=grown)
            .returning(leases.c.token)
        ).scalar_one_or_none()
        if token is None:
            first = {"name": name, "owner": owner, "token": 1, "expires_at": until}
            token = 1 if insert_once(work, leases, first) else None
    return None if token is None else Lease(name=name, owner=owner, token=token, expires_at=until)


def release_lease(database: Database, lease: Lease, now: datetime) -> None:
    """Let somebody else take over at once; nothing happens when that is already so."""
    with database.write() as work:
        work.execute(sa.update(leases).where(_held(lease)).values(expires_at=now))


def require_lease(work: sa.Connection, lease: Lease) -> None:
    """Raise Overtaken, inside a unit of work, unless the lease is still this one.

    The row stays locked to the end of the unit of work: nobody takes over in between.
    """
    held = work.execute(
        sa.select(leases.c.token).where(_held(lease)).with_for_update()
    ).scalar_one_or_none()
    if held is None:
        raise Overtaken(
            f"{lease.owner} no longer holds {lease.name!r}: another process took over while this "
            "one was silent. Nothing was done."
        )


def lease_holder(database: Database, name: str, now: datetime) -> Lease | None:
    """Who holds the lease at this moment, if anyone."""
    with database.read() as look:
        row = look.execute(
            sa.select(leases).where(leases.c.name == name, leases.c.expires_at > now)
        ).one_or_none()
    if row is None:
        return None
    return Lease(name=row.name, owner=row.owner, token=row.token, expires_at=row.expires_at)


def _held(lease: Lease) -> sa.ColumnElement[bool]:
    return (
        (leases.c.name == lease.name)
        & (leases.c.owner == lease.owner)
        & (leases.c.token == lease.token)
    )
