"""Approval requests that nobody decided in time end, and their orders are drafts again."""

import structlog

from agent.bootstrap import Company
from engine.service.jobs import Job
from engine.service.proposing import expire_due

log = structlog.get_logger("qm.worker")


def run(company: Company, _job: Job) -> None:
    expired = expire_due(company.stores, now=company.clock.now())
    if expired:
        log.info("approvals expired", orders=list(expired))
