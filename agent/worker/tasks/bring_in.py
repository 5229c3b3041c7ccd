"""Import the folder of exports by itself; a new snapshot is planned at once."""

from datetime import datetime
from pathlib import Path

import structlog

from agent.bootstrap import Company
from engine.errors import BadSettings
from engine.service import jobs
from engine.service.jobs import Job
from engine.service.stores import Stores

log = structlog.get_logger("qm.worker")


def run(company: Company, _job: Job) -> None:
    folder = company.settings.worker.import_folder
    if folder is None:
        raise BadSettings("worker.import_at is set, but worker.import_folder is not: set both.")
    now = company.clock.now()
    snapshot = company.compute.call(bring_in, company.stores, folder, now)
    if snapshot is None:
        return
    log.info("imported", snapshot=snapshot)
    with company.stores.database.write() as work:
        jobs.enqueue(work, kind="plan", key=f"plan:{snapshot}", payload={}, run_at=now)


def bring_in(stores: Stores, folder: Path, now: datetime) -> str | None:
    """The id of a new snapshot; None when the data is that of an earlier one. In a process."""
    from engine.service.importing import import_folder

    report = import_folder(stores, folder, mapping=None, now=now)
    return report.snapshot_id if report.is_new else None
