"""Several replicas look after the same digests at the same moment, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from agent.bootstrap import Company
from agent.occasions import DigestSettings
from agent.surfaces import SlackSettings
from agent.worker.tasks import digests, remind
from engine.service.jobs import Job
from engine.store.database import Database
from engine.store.tables.surfaces import posts as table
from support.agent import planned_company
from support.purchasing import NOW, buy, proposed

JOB = Job(id=1, key="k", kind="k", payload={}, run_at=NOW, claims=1, failures=0)
REPLICAS = 6


def keys(company: Company) -> list[str]:
    with company.stores.database.read() as look:
        return list(look.execute(sa.select(table.c.key).order_by(table.c.id)).scalars())


def at_once(run: Callable[[Company, Job], None], company: Company) -> None:
    with ThreadPoolExecutor(REPLICAS) as pool:
        for done in [pool.submit(run, company, JOB) for _ in range(REPLICAS)]:
            done.result()


def test_a_digest_and_a_reminder_are_posted_once_and_after_downtime_only_the_latest(
    database: Database, tmp_path: Path
) -> None:
    company = planned_company(database, tmp_path)
    weekly = DigestSettings(name="buying", channel="C1", at="30 8 * * mon")
    mine = DigestSettings(name="mine", channel="C2", at="30 8 * * mon", suppliers=("NORDLICHT",))
    changes = {"slack": SlackSettings(team="T1"), "digests": (weekly, mine)}
    settings = company.settings.model_copy(update=changes)
    company = replace(company, loaded=replace(company.loaded, settings=settings))
    at_once(digests.run, company)
    first = ["digest:buying:2026-11-02T08:30Z", "digest:mine:2026-11-02T08:30Z"]
    assert sorted(keys(company)) == first
    company.clock.advance(timedelta(days=22).total_seconds())  # type: ignore[attr-defined]  by hand
    at_once(digests.run, company)
    latest = ["digest:buying:2026-11-23T08:30Z", "digest:mine:2026-11-23T08:30Z"]
    assert sorted(keys(company)) == sorted([*first, *latest])
    proposed(company.stores, buy("LAMP-OAK-01", 24), now=company.clock.now())
    company.clock.advance(timedelta(hours=25).total_seconds())  # type: ignore[attr-defined]  by hand
    at_once(remind.run, company)
    assert len([key for key in keys(company) if key.startswith("reminder:")]) == 2
