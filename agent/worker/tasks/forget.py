"""Jobs that ended well are kept for a month."""

from datetime import timedelta

from agent.bootstrap import Company
from engine.service import jobs
from engine.service.jobs import Job

KEPT = timedelta(days=30)


def run(company: Company, _job: Job) -> None:
    with company.stores.database.write() as work:
        jobs.prune(work, company.clock.now() - KEPT)
