"""Leaders, jobs and messages for tests, and what rival processes do."""

from datetime import UTC, datetime

from engine.service import jobs, outbox
from engine.service.leases import Lease, acquire_lease
from engine.store.database import Database

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def lead(database: Database, owner: str = "one", now: datetime = NOW, seconds: float = 60) -> Lease:
    lease = acquire_lease(database, name="leader", owner=owner, now=now, seconds=seconds)
    assert lease is not None
    return lease


def ask(database: Database, key: str, *, run_at: datetime = NOW, kind: str = "count") -> None:
    with database.write() as work:
        jobs.enqueue(work, kind=kind, key=key, payload={"key": key}, run_at=run_at)


def post(database: Database, key: str, *, now: datetime = NOW, kind: str = "letter") -> None:
    with database.write() as work:
        outbox.enqueue(work, kind=kind, key=key, payload={"to": "Acme"}, now=now)


def take_jobs(database: Database, lease: Lease, wanted: int) -> list[str]:
    """What one of several processes does: claim until `wanted` are taken or none is left."""
    taken: list[str] = []
    while len(taken) < wanted:
        job = jobs.claim(database, lease=lease, kinds=["count"], now=NOW, seconds=60)
        if job is None:
            break
        taken.append(job.key)
    return taken


def try_to_lead(database: Database, owner: str) -> str | None:
    lease = acquire_lease(database, name="leader", owner=owner, now=NOW, seconds=60)
    return lease.owner if lease else None


def count_up(database: Database, times: int) -> int:
    """Read, then write, in one unit of work: what fails at once without BEGIN IMMEDIATE."""
    import sqlalchemy as sa

    from engine.store.tables.work import leases

    for _ in range(times):
        with database.write() as work:
            token: int = work.execute(sa.select(leases.c.token)).scalar_one()
            work.execute(sa.update(leases).values(token=token + 1))
    return times
