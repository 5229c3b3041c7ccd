"""Receivers of the promises' feed get what changed; what is old and taken is forgotten."""

import structlog

from agent.bootstrap import Company
from engine.service.feed_hooks import deliver_feed
from engine.service.jobs import Job
from engine.service.promise_feed import forget_changes

log = structlog.get_logger("qm.worker")


def run(company: Company, _job: Job) -> None:
    pages = deliver_feed(company.stores, company.clock.now)
    if pages:
        log.info("promises' feed delivered", pages=pages)


def forget(company: Company, _job: Job) -> None:
    with company.stores.database.write() as work:
        forget_changes(work, company.clock.now())
