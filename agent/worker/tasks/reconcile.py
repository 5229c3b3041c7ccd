"""Who asked for an approval is told what became of it, also when nobody listened at the time."""

import structlog

from agent.bootstrap import Company
from engine.service import conversation
from engine.service.jobs import Job

log = structlog.get_logger("qm.worker")


def run(company: Company, _job: Job) -> None:
    if not conversation.untold_decisions(company.stores):
        return
    # Only now: the graph's libraries take longer to load than this takes to find nothing.
    from agent.approvals import wake_decided
    from agent.checkpoints import open_checkpoints

    folder = company.settings.home_folder
    with open_checkpoints(company.stores.database, folder) as checkpoints:
        told = wake_decided(company.stores, checkpoints, company.clock.now)
    log.info("decisions told", requests=list(told))
