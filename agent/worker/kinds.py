"""The kinds of job there are. A new one is a function and a line in KINDS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.bootstrap import Company
from agent.worker.schedule import importing_time, planning_time, pulling_time
from agent.worker.tasks import (
    bring_in,
    connect,
    digests,
    expire,
    feed,
    figures,
    forget,
    learn,
    plan,
    promise,
    reconcile,
    remind,
    replay,
    retain,
    review,
)
from engine.service.jobs import Job

Run = Callable[[Company, Job], None]
NextRun = Callable[[Company, datetime], datetime | None]


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """What a job of this name does. It may be run again after a crash: it must bear repeating."""

    run: Run
    next_run: NextRun | None = None  # recurring; None from it: not wanted by these settings
    runs_at_start: bool = False  # of a worker that begins to lead


def every(pause: timedelta) -> NextRun:
    """Recurring, this long after it last ended."""
    return lambda _company, now: now + pause


KINDS: Mapping[str, JobKind] = {
    "reconcile": JobKind(
        run=reconcile.run, next_run=every(timedelta(seconds=30)), runs_at_start=True
    ),
    "expire_approvals": JobKind(
        run=expire.run, next_run=every(timedelta(minutes=1)), runs_at_start=True
    ),
    "retention": JobKind(run=retain.run, next_run=every(timedelta(days=1)), runs_at_start=True),
    "forget_old_jobs": JobKind(run=forget.run, next_run=every(timedelta(days=1))),
    "import": JobKind(run=bring_in.run, next_run=importing_time),
    "pull": JobKind(run=connect.pulled, next_run=pulling_time),
    "plan": JobKind(run=plan.run, next_run=planning_time),
    "figures": JobKind(run=figures.run, next_run=every(timedelta(minutes=1)), runs_at_start=True),
    "replay": JobKind(run=replay.run),
    "promises": JobKind(run=promise.run, next_run=every(timedelta(minutes=1)), runs_at_start=True),
    "learn": JobKind(run=learn.run, next_run=every(timedelta(days=7))),
    "review": JobKind(run=review.run, next_run=every(timedelta(minutes=1)), runs_at_start=True),
    "feed": JobKind(run=feed.run, next_run=every(timedelta(seconds=15)), runs_at_start=True),
    "books": JobKind(run=connect.books, next_run=connect.with_books),
    "forget_old_changes": JobKind(run=feed.forget, next_run=every(timedelta(days=1))),
    "digests": JobKind(run=digests.run, next_run=every(timedelta(seconds=30)), runs_at_start=True),
    "remind": JobKind(run=remind.run, next_run=every(timedelta(minutes=10)), runs_at_start=True),
}
