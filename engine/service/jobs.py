"""Durable jobs: work for later that outlives the process which asked for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from engine.service.leases import Lease, Overtaken, require_lease
from engine.store.claims import claim_one, insert_once, settle
from engine.store.database import Database
from engine.store.tables.work import jobs

JobState = Literal["queued", "running", "done", "dead"]


@dataclass(frozen=True, kw_only=True)
class Job:
    """A claimed job. Whoever claims the same job later has more `claims`."""

    id: int
    key: str
    kind: str
    payload: Mapping[str, Any]
    run_at: datetime
    claims: int
    failures: int  # in a row, before this attempt


@dataclass(frozen=True, kw_only=True)
class Recurring:
    """Work that recurs: when and how its last time ended, None before the first."""

    kind: str
    ended_at: datetime | None
    error: str | None  # None: it ended well
    next_at: datetime


def enqueue(
    work: sa.Connection, *, kind: str, key: str, payload: Mapping[str, Any], run_at: datetime
) -> bool:
    """Ask for a job within the caller's unit of work; a key that is known adds nothing."""
    return insert_once(
        work,
        jobs,
        {
            "key": key, "kind": kind, "payload": dict(payload), "state": "queued",
            "run_at": run_at, "claims": 0, "failures": 0,
        },
    )  # fmt: skip


def enqueue_recurring(work: sa.Connection, *, kind: str, run_at: datetime) -> None:
    """See that a recurring job exists and is alive, due at `run_at` unless it is overdue already.

    One that was given up gets a new chance.
    """
    if enqueue(work, kind=kind, key=kind, payload={}, run_at=run_at):
        return
    ended = jobs.c.state.in_(("dead", "done"))
    too_late = (jobs.c.state == "queued") & (jobs.c.run_at > run_at)
    work.execute(
        sa.update(jobs)
        .where(jobs.c.key == kind, sa.or_(ended, too_late))
        .values(state="queued", run_at=run_at, failures=0, ended_at=None)
    )


def stop_recurring(work: sa.Connection, *, kind: str) -> None:
    """End a recurring job that is no longer wanted; what runs may end."""
    work.execute(sa.delete(jobs).where(jobs.c.key == kind, jobs.c.state != "running"))


def claim(
    database: Database,
    *,
    lease: Lease,
    kinds: Collection[str],
    now: datetime,
    seconds: float,
) -> Job | None:
    """The most overdue job of these kinds, now running for this leader; None when none is due.

    Raises Overtaken for a leader that was replaced.
    """
    until = now + timedelta(seconds=seconds)
    with database.write() as work:
        require_lease(work, lease)
        row = claim_one(
            work, jobs, due=_due(kinds, now), order=jobs.c.run_at, state="running",
            owner=lease.owner, until=until,
        )  # fmt: skip
    if row is None:
        return None
    return Job(
        id=row.id,
        key=row.key,
        kind=row.kind,
        payload=row.payload,
        run_at=row.run_at,
        claims=row.claims,
        failures=row.failures,
    )


def extend(database: Database, job: Job, until: datetime) -> bool:
    """Keep a long job from lapsing; False when it already belongs to somebody else."""
    held = (jobs.c.id == job.id) & (jobs.c.state == "running") & (jobs.c.claims == job.claims)
    with database.write() as work:
        return work.execute(sa.update(jobs).where(held).values(claimed_until=until)).rowcount == 1


def has_due(database: Database, lease: Lease, kinds: Collection[str], now: datetime) -> bool:
    """Whether a job of these kinds is due or was left in the middle; a read, so idling is free."""
    query = sa.select(jobs.c.id).where(sa.or_(_due(kinds, now), _abandoned(lease, now))).limit(1)
    with database.read() as look:
        return look.execute(query).first() is not None


def recover(database: Database, *, lease: Lease, now: datetime, failures_limit: int) -> int:
    """Queue again what an earlier leader left running; dead when workers died of it too often.

    Only the leader runs jobs, so what another owner has in hand was left by one that ended.
    """
    failures = jobs.c.failures + 1
    too_often = failures >= failures_limit
    with database.write() as work:
        require_lease(work, lease)
        return work.execute(
            sa.update(jobs)
            .where(_abandoned(lease, now))
            .values(
                state=sa.case((too_often, "dead"), else_="queued"),
                ended_at=sa.case((too_often, sa.literal(now, jobs.c.run_at.type)), else_=None),
                failures=failures,
                run_at=now,
                last_error="its worker ended in the middle",
                claimed_by=None,
                claimed_until=None,
            )
        ).rowcount


def finish(work: sa.Connection, job: Job, now: datetime) -> None:
    """Record that a job is done; raises Overtaken when somebody else has it by now."""
    _settle(work, job, state="done", ended_at=now, last_error=None)


def repeat(
    work: sa.Connection, job: Job, run_at: datetime, *, now: datetime, error: str | None = None
) -> None:
    """Put a recurring job back for its next time; with an error, this time was given up."""
    _settle(work, job, state="queued", run_at=run_at, failures=0, last_error=error, ended_at=now)


def retry(work: sa.Connection, job: Job, run_at: datetime, error: str) -> None:
    """Put a job back after a failure that may pass."""
    _settle(work, job, state="queued", run_at=run_at, failures=job.failures + 1, last_error=error)


def give_up(work: sa.Connection, job: Job, now: datetime, error: str) -> None:
    """Leave a job to a person; `qm doctor` shows it."""
    _settle(work, job, state="dead", ended_at=now, failures=job.failures + 1, last_error=error)


def hand_back(work: sa.Connection, job: Job) -> None:
    """Return a job that was stopped before it changed anything."""
    _settle(work, job, state="queued")


def prune(work: sa.Connection, ended_before: datetime) -> int:
    """Forget jobs that ended well long ago."""
    old = (jobs.c.state == "done") & (jobs.c.ended_at < ended_before)
    return work.execute(sa.delete(jobs).where(old)).rowcount


def counts(database: Database) -> dict[str, int]:
    """Jobs by state."""
    with database.read() as look:
        rows = look.execute(
            sa.select(jobs.c.state, sa.func.count().label("number")).group_by(jobs.c.state)
        )
        return {row.state: row.number for row in rows}


def _due(kinds: Collection[str], now: datetime) -> sa.ColumnElement[bool]:
    known = jobs.c.kind.in_(sorted(kinds))
    return known & (jobs.c.state == "queued") & (jobs.c.run_at <= now)


def _abandoned(lease: Lease, now: datetime) -> sa.ColumnElement[bool]:
    left = sa.or_(jobs.c.claimed_by != lease.owner, jobs.c.claimed_until <= now)
    return (jobs.c.state == "running") & left


def recurring(database: Database) -> tuple[Recurring, ...]:
    """What recurs and how its last time ended, by kind."""
    query = sa.select(jobs).where(jobs.c.key == jobs.c.kind).order_by(jobs.c.kind)
    with database.read() as look:
        return tuple(
            Recurring(
                kind=row.kind, ended_at=row.ended_at, error=row.last_error, next_at=row.run_at
            )
            for row in look.execute(query)
        )


def last_death(database: Database) -> str:
    """The key and the reason of the job that was given up last; empty when none was."""
    query = (
        sa.select(jobs.c.key, jobs.c.last_error)
        .where(jobs.c.state == "dead")
        .order_by(jobs.c.ended_at.desc())
        .limit(1)
    )
    with database.read() as look:
        row = look.execute(query).first()
    return "" if row is None else f"{row.key}: {row.last_error}"


def _settle(work: sa.Connection, job: Job, **values: object) -> None:
    held = settle(work, jobs, row_id=job.id, state="running", claims=job.claims, changes=values)
    if not held:
        raise Overtaken(
            f"Job {job.key!r} was taken over by another worker. This one's result is dropped."
        )
