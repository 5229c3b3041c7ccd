"""The kinds of job there are. A new one is a function and a line in KINDS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.bootstrap import Company
from agent.worker.tasks import expire, forget, plan, reconcile
from engine.service.jobs import Job

Run = Callable[[Company, Job], None]


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """What a job of this name does. It may be run again after a crash: it must bear repeating."""

    run: Run
    every: timedelta | None = None  # recurring, this long after it last ended

    def next_run(self, now: datetime) -> datetime | None:
        return None if self.every is None else now + self.every


KINDS: Mapping[str, JobKind] = {
    "reconcile": JobKind(run=reconcile.run, every=timedelta(seconds=30)),
    "expire_approvals": JobKind(run=expire.run, every=timedelta(minutes=1)),
    "forget_old_jobs": JobKind(run=forget.run, every=timedelta(days=1)),
    "plan": JobKind(run=plan.run),
}
