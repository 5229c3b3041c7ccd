"""Other systems by themselves: what is new there comes in, orders and bills go to accounting."""

from datetime import datetime, timedelta

import structlog

from agent.bootstrap import Company
from agent.connecting import source_of, sources_set
from engine.errors import BadSettings, PlanningError
from engine.service.booking import queue_for_books
from engine.service.connecting import pull
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


def pulled(company: Company, _job: Job) -> None:
    """Read every system that is set up; one that fails is told of once the others were read."""
    names = sources_set(company.settings)
    if not names:
        raise BadSettings("worker.pull_at is set, but neither shopify.shop nor warehouse.folder.")
    failures = [reason for name in names if (reason := _pull(company, name))]
    if failures:
        raise PlanningError(" ".join(failures))


def _pull(company: Company, name: str) -> str:
    """What went wrong; empty where nothing did."""
    try:
        source = source_of(company.settings, name, company.clock.now)
        folder = company.settings.connected_folder / name
        done = pull(company.stores, source, folder, now=company.clock.now())
    except PlanningError as error:
        return f"{name}: {error}"
    log.info("read", system=name, pages=done.pages, changed=done.changed)
    return ""
