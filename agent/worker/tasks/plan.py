"""Plan the newest data, in a compute process; the same inputs are planned once only."""

from datetime import datetime

from agent.bootstrap import Company
from engine.model.config import PlanConfig
from engine.service.jobs import Job
from engine.service.stores import Stores


def run(company: Company, _job: Job) -> None:
    company.compute.call(plan_newest, company.stores, company.plan_config, company.clock.now())


def plan_newest(stores: Stores, config: PlanConfig, now: datetime) -> str:
    """The id of the run; called in a compute process."""
    from engine.service.planning import run_plan

    return run_plan(stores, config, now=now).id
