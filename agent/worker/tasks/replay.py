"""Replay the weeks that somebody asked about, in a compute process."""

from agent.bootstrap import Company
from engine.service.jobs import Job
from engine.service.replay_storage import replay_and_keep


def run(company: Company, job: Job) -> None:
    company.compute.call(
        replay_and_keep, company.stores, company.plan_config, job.payload, company.clock.now()
    )
