"""The leader's round: take over what was left, deliver what is due, run what is due, rest."""

import secrets
import socket
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from agent.bootstrap import Company
from agent.worker.heartbeat import Heartbeat
from agent.worker.kinds import JobKind
from agent.worker.running import FAILURES_LIMIT, run_job
from engine.errors import StoreError
from engine.service import jobs, outbox
from engine.service.delivery import Delivery, Route, deliver_next, take_over
from engine.service.leases import (
    WORKER,
    Lease,
    Overtaken,
    acquire_lease,
    lease_holder,
    release_lease,
)

log = structlog.get_logger("qm.worker")


def new_owner() -> str:
    """A name for this very process: a restarted one is another owner."""
    return f"{socket.gethostname()}:{secrets.token_hex(4)}"


class Worker:
    """Runs rounds until it is asked to stop. Everything it does may be repeated after a crash."""

    def __init__(
        self,
        company: Company,
        *,
        kinds: Mapping[str, JobKind],
        routes: Mapping[str, Route],
        owner: str | None = None,
    ) -> None:
        self._company = company
        self._database = company.stores.database
        self._kinds = kinds
        self._routes = routes
        self._owner = owner or new_owner()
        self._seconds = company.settings.worker.lease_seconds
        self._lease: Lease | None = None
        self.stopping = threading.Event()

    def run(self) -> None:
        """Work until `stopping` is set; a store that fails for a while is waited for."""
        log.info("worker started", owner=self._owner)
        while not self.stopping.is_set():
            try:
                self.round()
            except StoreError as error:
                log.warning("store failed", error=str(error))
                self._lease = None
            self.stopping.wait(self._company.settings.worker.poll_seconds)
        self.leave()
        log.info("worker stopped", owner=self._owner)

    def round(self) -> bool:
        """Do everything that is due; False when another process leads."""
        lease = self._lead()
        if lease is None:
            return False
        try:
            if self._has_due(lease):
                with Heartbeat(self._database, lease, self._company.clock, self._seconds) as beat:
                    self._deliver(lease)
                    self._run_jobs(lease, beat)
        except Overtaken as overtaken:
            log.warning("leadership lost", reason=str(overtaken))
            self._lease = None
        return True

    def leave(self) -> None:
        """Let another worker lead at once."""
        if self._lease is not None:
            release_lease(self._database, self._lease, self._now())
            self._lease = None

    def _lead(self) -> Lease | None:
        now = self._now()
        held = self._lease
        if held is not None and held.expires_at - now > timedelta(seconds=self._seconds / 2):
            return held
        holder = lease_holder(self._database, WORKER, now)
        if holder is not None and holder.owner != self._owner:
            self._lease = None
            return None
        lease = acquire_lease(
            self._database, name=WORKER, owner=self._owner, now=now, seconds=self._seconds
        )
        if lease is not None and (held is None or held.token != lease.token):
            self._begin_leading(lease, now)
        self._lease = lease
        return lease

    def _begin_leading(self, lease: Lease, now: datetime) -> None:
        log.info("leading", owner=self._owner, token=lease.token)
        planned = {
            name: now if kind.runs_at_start else kind.next_run(self._company, now)
            for name, kind in self._kinds.items()
            if kind.next_run is not None
        }
        with self._database.write() as work:
            for name, next_run in sorted(planned.items()):
                if next_run is None:
                    jobs.stop_recurring(work, kind=name)
                else:
                    jobs.enqueue_recurring(work, kind=name, run_at=next_run)

    def _has_due(self, lease: Lease) -> bool:
        now = self._now()
        return outbox.has_due(self._database, lease, now) or jobs.has_due(
            self._database, lease, self._kinds, now
        )

    def _deliver(self, lease: Lease) -> None:
        for taken in take_over(self._company.stores, self._routes, lease=lease, now=self._now()):
            _log_delivery(taken)
        while not self.stopping.is_set():
            delivery = deliver_next(
                self._company.stores,
                self._routes,
                lease=lease,
                now=self._now(),
                claim_seconds=self._seconds,
                failures_limit=self._company.settings.outbox.attempts,
            )
            if delivery is None:
                break
            _log_delivery(delivery)

    def _run_jobs(self, lease: Lease, beat: Heartbeat) -> None:
        left = jobs.recover(
            self._database, lease=lease, now=self._now(), failures_limit=FAILURES_LIMIT
        )
        if left:
            log.warning("jobs were left in the middle", jobs=left)
        while not self.stopping.is_set():
            job = jobs.claim(
                self._database,
                lease=lease,
                kinds=self._kinds,
                now=self._now(),
                seconds=self._seconds,
            )
            if job is None:
                break
            with beat.holding(job):
                run_job(self._company, self._kinds[job.kind], job, self.stopping)

    def _now(self) -> datetime:
        return self._company.clock.now()


def _log_delivery(delivery: Delivery) -> None:
    level = log.info if delivery.state == "delivered" else log.warning
    level(
        "delivery", key=delivery.key, kind=delivery.kind, state=delivery.state, note=delivery.note
    )
