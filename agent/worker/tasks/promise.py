"""Customers' promises follow whatever has changed: an import, a receipt, a cancellation, a day."""

from datetime import datetime

import structlog

from agent.bootstrap import Company
from agent.promising import promise_policy
from engine.model.config import PlanConfig
from engine.promise.policy import PromisePolicy
from engine.service.jobs import Job
from engine.service.promising import Promised
from engine.service.stores import Stores
from engine.store.snapshots import latest_snapshot_id

log = structlog.get_logger("qm.worker")


def run(company: Company, _job: Job) -> None:
    with company.stores.database.read() as look:
        if latest_snapshot_id(look) is None:
            return
    policy = promise_policy(company.settings.promises)
    now = company.clock.now()
    done = company.compute.call(bring_up_to_date, company.stores, company.plan_config, policy, now)
    if done.is_new:
        log.info(
            "promised", run=done.run_id, lines=done.waiting, given=done.given,
            taken_back=done.taken_back, told=done.told, changes=done.changes,
        )  # fmt: skip


def bring_up_to_date(
    stores: Stores, config: PlanConfig, policy: PromisePolicy, now: datetime
) -> Promised:
    """In a process: learning lead times takes a moment."""
    from engine.service.promising import promise_anew

    return promise_anew(stores, config, policy, now=now, cause="by the worker")
