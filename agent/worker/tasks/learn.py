"""Once a week: what the plans said against what came, in a compute process."""

from datetime import datetime

import structlog

from agent.bootstrap import Company
from engine.errors import PlanningError
from engine.model.config import PlanConfig
from engine.service.jobs import Job
from engine.service.stores import Stores

log = structlog.get_logger("qm.worker")


def run(company: Company, _job: Job) -> None:
    try:
        told = company.compute.call(
            learnt, company.stores, company.plan_config, company.clock.now()
        )
    except PlanningError as reason:  # nothing is imported yet
        log.warning("nothing learnt", reason=str(reason))
        return
    log.info("learnt", **told)


def learnt(stores: Stores, config: PlanConfig, now: datetime) -> dict[str, int]:
    """Importable by a compute process; the same weeks teach nothing twice."""
    from engine.service.learning import learn
    from engine.service.tiers import propose_tiers

    lesson = learn(stores, config, now=now)
    proposed = propose_tiers(stores, config, now=now)
    return {
        "taken": len(lesson.taken),
        "refused": len(lesson.refused),
        "rolled_back": len(lesson.rolled_back),
        "proposals": 0 if proposed is None else 1,
    }
