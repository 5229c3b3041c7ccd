"""Keeps the lease and the job in hand from lapsing while the leader works on something long."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType
from typing import Self

import structlog

from agent.clock import Clock
from engine.errors import StoreError
from engine.service import jobs
from engine.service.jobs import Job
from engine.service.leases import Lease, acquire_lease
from engine.store.database import Database

log = structlog.get_logger("qm.worker")


class Heartbeat:
    """A thread that prolongs the lease three times per lease, as long as it is ours.

    When it no longer is, the thread ends; whatever the leader then records is refused as Stale.
    """

    def __init__(self, database: Database, lease: Lease, clock: Clock, seconds: float) -> None:
        self._database = database
        self._lease = lease
        self._clock = clock
        self._seconds = seconds
        self._job: Job | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="qm-heartbeat", daemon=True)

    @contextmanager
    def holding(self, job: Job) -> Generator[None, None, None]:
        """Prolong this job's claim as well, while the block runs."""
        self._job = job
        try:
            yield
        finally:
            self._job = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._done.wait(self._seconds / 3):
            try:
                if not self._prolong():
                    return
            except StoreError as error:  # the next beat may succeed; the lease lasts for three
                log.warning("heartbeat failed", error=str(error))

    def _prolong(self) -> bool:
        now = self._clock.now()
        renewed = acquire_lease(
            self._database,
            name=self._lease.name,
            owner=self._lease.owner,
            now=now,
            seconds=self._seconds,
        )
        if renewed is None or renewed.token != self._lease.token:
            return False
        job = self._job
        if job is not None:
            jobs.extend(self._database, job, now + timedelta(seconds=self._seconds))
        return True
