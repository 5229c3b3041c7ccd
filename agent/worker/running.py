"""One job from its claim to its record: done, again, tried later, or left to a person."""

from datetime import datetime, timedelta
from threading import Event

import sqlalchemy as sa
import structlog

from agent.bootstrap import Company
from agent.crash import new_reference, save_crash
from agent.redaction import redaction_for
from agent.surfaces import SLACK
from agent.worker.kinds import JobKind
from engine.errors import PlanningError
from engine.service import jobs, outbox, posts
from engine.service.jobs import Job
from engine.service.leases import Overtaken
from engine.service.posts import Place

FAILURES_LIMIT = 5  # of a job, in a row
log = structlog.get_logger("qm.worker")


def run_job(company: Company, kind: JobKind, job: Job, stopping: Event) -> None:
    """Run it; raises Overtaken when the result belongs to another worker by now."""
    try:
        kind.run(company, job)
    except Overtaken:
        raise
    except PlanningError as error:
        _record_failure(company, kind, job, str(error), stopping)
    except Exception as error:  # noqa: BLE001  the outermost edge of a job
        _record_failure(company, kind, job, _crashed(company, error), stopping)
    else:
        _record_success(company, kind, job)


def _record_success(company: Company, kind: JobKind, job: Job) -> None:
    now = company.clock.now()
    again = _next_time(company, kind, job, now)
    with company.stores.database.write() as work:
        if again is None:
            jobs.finish(work, job, now)
        else:
            jobs.repeat(work, job, again, now=now)
    level = log.info if again is None else log.debug
    level("job done", job=job.key, kind=job.kind)


def _next_time(company: Company, kind: JobKind, job: Job, now: datetime) -> datetime | None:
    """None for what does not recur, or is not wanted any more."""
    is_recurring = job.key == job.kind and kind.next_run is not None
    return kind.next_run(company, now) if is_recurring and kind.next_run else None


def _record_failure(company: Company, kind: JobKind, job: Job, error: str, stopping: Event) -> None:
    """A time that failed too often is given up; what recurs comes again at its next one."""
    now, failures = company.clock.now(), job.failures + 1
    again = _next_time(company, kind, job, now)
    with company.stores.database.write() as work:
        if stopping.is_set():  # it was stopped, so it is not to blame
            jobs.hand_back(work, job)
        elif failures >= FAILURES_LIMIT:
            if again is None:
                jobs.give_up(work, job, now, error)
            else:
                jobs.repeat(work, job, again, now=now, error=error)
            _tell_operators(company, work, job, _given_up(job, error, again), now)
        else:
            later = now + timedelta(seconds=outbox.retry_seconds(failures))
            jobs.retry(work, job, later, error)
    log.warning("job failed", job=job.key, kind=job.kind, failures=failures, error=error)


def _given_up(job: Job, error: str, again: datetime | None) -> str:
    then = (
        "It waits for somebody."
        if again is None
        else f"It runs again at {again:%Y-%m-%d %H:%M} UTC."
    )
    return f"{job.kind} failed {FAILURES_LIMIT} times: {error} {then}"


def _tell_operators(
    company: Company, work: sa.Connection, job: Job, sentence: str, now: datetime
) -> None:
    """Where the settings name a channel for it, in the same transaction."""
    slack = company.settings.slack
    if slack.operators_channel:
        posts.want(
            work, key=f"job:{job.key}:{job.id}:{job.claims}", surface=SLACK, kind="note", now=now,
            place=Place(team=slack.team, channel=slack.operators_channel), ref={"text": sentence},
        )  # fmt: skip


def _crashed(company: Company, error: Exception) -> str:
    reference = new_reference()
    path = save_crash(
        error,
        reference=reference,
        folder=company.settings.crash_folder,
        now=company.clock.now(),
        redaction=redaction_for(company.settings),
    )
    return f"unexpected error, reference {reference}, details in {path}"
