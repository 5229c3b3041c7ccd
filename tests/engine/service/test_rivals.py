"""Several real processes on one database: nothing twice, nothing lost, nobody fails."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.store.database import Database
from engine.store.tables.work import leases
from support.work import NOW, ask, count_up, lead, take_jobs, try_to_lead

RIVALS = 4


@pytest.fixture(scope="module")
def rivals() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(RIVALS, multiprocessing.get_context("spawn")) as pool:
        yield pool


def test_one_of_several_processes_leads(database: Database, rivals: ProcessPoolExecutor) -> None:
    tries = [rivals.submit(try_to_lead, database, f"worker {n}") for n in range(8)]
    assert len([one for one in tries if one.result() is not None]) == 1


def test_each_job_is_claimed_by_one_process(
    database: Database, rivals: ProcessPoolExecutor
) -> None:
    leader = lead(database, seconds=3600)
    keys = [f"job {n:02}" for n in range(40)]
    for key in keys:
        ask(database, key, run_at=NOW - timedelta(seconds=1))
    claims = [rivals.submit(take_jobs, database, leader, 40) for _ in range(RIVALS)]
    taken = [key for claim in claims for key in claim.result()]
    assert sorted(taken) == keys


def test_writers_wait_for_each_other_and_no_update_is_lost(
    database: Database, rivals: ProcessPoolExecutor
) -> None:
    if database.dialect == "postgresql":
        pytest.skip("the lock that BEGIN IMMEDIATE takes is SQLite's")
    lead(database)
    writers = [rivals.submit(count_up, database, 25) for _ in range(RIVALS)]
    assert [writer.result() for writer in writers] == [25] * RIVALS
    with database.read() as look:
        assert look.execute(sa.select(leases.c.token)).scalar_one() == 1 + 25 * RIVALS
