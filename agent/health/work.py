"""Who works in the background, and what waits for a person."""

from datetime import datetime, timedelta

from agent.health.check import Check, Verdict
from engine.errors import PlanningError
from engine.service import inbox, jobs, outbox, posts
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


def recurring_check(database: Database) -> Check:
    """How the last time of what recurs ended, and when it comes next."""
    found = jobs.recurring(database)
    failed = [each for each in found if each.error]
    if failed:
        told = "; ".join(
            f"{each.kind} failed: {each.error} (next {each.next_at:%Y-%m-%d %H:%M} UTC)"
            for each in failed
        )
        return _check("recurring work", "warn", told, "mend what it names; it runs again by itself")
    ended = [each for each in found if each.ended_at is not None]
    told = "; ".join(
        f"{each.kind} {each.ended_at:%Y-%m-%d %H:%M}, next {each.next_at:%H:%M}" for each in ended
    )
    return _check("recurring work", "ok", told or "nothing has run yet")


def posts_check(database: Database, surface: str) -> Check:
    """Every message that is wanted stands there, and every question was answered."""
    stuck, lost = posts.stuck(database, surface), inbox.counts(database).get("dead", 0)
    if not stuck and not lost:
        waiting = posts.counts(database).get("waiting", 0)
        return _check("posts", "ok", f"{waiting} messages wait to be shown")
    told = [f"{len(stuck)} messages are not shown; {each.key}: {each.error}" for each in stuck[:1]]
    if lost:
        told.append(f"{lost} questions failed and were answered with an apology")
    return _check("posts", "warn", "; ".join(told), "qm slack check")


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
