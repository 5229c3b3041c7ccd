"""Who works in the background, and what waits for a person."""

from datetime import datetime, timedelta

from agent.health.check import Check, Verdict
from engine.errors import PlanningError
from engine.service import jobs, outbox
from engine.service.leases import WORKER, lease_holder
from engine.service.reading import latest_run
from engine.service.stores import Stores
from engine.store.database import Database


def leader_check(database: Database, now: datetime) -> Check:
    """Somebody sends what is approved."""
    holder = lease_holder(database, WORKER, now)
    if holder is None:
        told = "no worker runs, so nothing that is approved leaves the house"
        return _check("worker", "warn", told, "qm worker")
    return _check("worker", "ok", f"{holder.owner} leads")


def outbox_check(database: Database) -> Check:
    """Nothing is in doubt or stuck."""
    waiting = outbox.needs_person(database)
    if not waiting:
        pending = outbox.counts(database).get("pending", 0)
        return _check("outbox", "ok", f"{pending} messages wait to be sent")
    first = waiting[0]
    told = (
        f"{len(waiting)} messages need a person; {first.key} is {first.state}: {first.last_error}"
    )
    return _check("outbox", "warn", told, "qm outbox list")


def jobs_check(database: Database) -> Check:
    """No job was given up."""
    dead = jobs.counts(database).get("dead", 0)
    if dead:
        error = jobs.last_death(database)
        return _check("jobs", "warn", f"{dead} jobs were given up; the last: {error}")
    return _check("jobs", "ok", "no job was given up")


def plan_check(stores: Stores, now: datetime, stale_hours: float) -> Check:
    """The plan of record is recent."""
    try:
        run = latest_run(stores)
    except PlanningError as error:
        return Check(
            area="data", name="plan", verdict="warn", finding=str(error), next_step="qm plan"
        )
    age = now - run.created_at
    told = f"{run.id[:12]} of {run.created_at:%Y-%m-%d %H:%M} UTC, for the week of {run.as_of}"
    if age > timedelta(hours=stale_hours):
        step = "qm import with newer data, then qm plan"
        return Check(
            area="data", name="plan", verdict="warn", finding=f"{told}, is old", next_step=step
        )
    return Check(area="data", name="plan", verdict="ok", finding=told)


def _check(name: str, verdict: Verdict, finding: str, next_step: str | None = None) -> Check:
    return Check(area="work", name=name, verdict=verdict, finding=finding, next_step=next_step)
