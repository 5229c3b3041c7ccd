"""After every plan: key figures that people ask for, measured in a compute process and kept."""

from datetime import datetime

from agent.bootstrap import Company
from engine.errors import PlanningError
from engine.model.config import PlanConfig
from engine.service.jobs import Job
from engine.service.kept_figures import are_kept
from engine.service.stores import Stores


def run(company: Company, _job: Job) -> None:
    stores, config = company.stores, company.plan_config
    try:
        has_all = are_kept(stores, config)
    except PlanningError:  # nothing is planned yet
        return
    if not has_all:
        company.compute.call(measured, stores, config, company.clock.now())


def measured(stores: Stores, config: PlanConfig, now: datetime) -> int:
    """Importable by a compute process: it reads all of the sales and stock."""
    from engine.service.kept_figures import keep_figures

    return keep_figures(stores, config, now=now)
