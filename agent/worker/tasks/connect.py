"""Orders and bills find their way to accounting by themselves."""

from datetime import datetime, timedelta

import structlog

from agent.bootstrap import Company
from engine.service.booking import queue_for_books
from engine.service.jobs import Job

log = structlog.get_logger("qm.worker")
PAUSE = timedelta(minutes=5)


def with_books(company: Company, now: datetime) -> datetime | None:
    """Only where the settings name an accounting system."""
    return now + PAUSE if company.settings.books.system else None


def books(company: Company, _job: Job) -> None:
    system = company.settings.books.system
    if not system:
        return
    queued = queue_for_books(company.stores, system, company.clock.now())
    if queued:
        log.info("queued for accounting", documents=queued)
