"""Durable jobs: once asked, done once, whoever dies."""

from datetime import datetime, timedelta

import pytest

from engine.service import jobs
from engine.service.jobs import Job
from engine.service.leases import Lease, Overtaken
from engine.store.database import Database
from support.work import NOW, ask, lead

LATER = NOW + timedelta(seconds=100)


@pytest.fixture
def leader(database: Database) -> Lease:
    return lead(database, seconds=3600)


def take(database: Database, leader: Lease, now: datetime = NOW) -> Job | None:
    return jobs.claim(database, lease=leader, kinds=["count"], now=now, seconds=60)


def claimed(database: Database, leader: Lease) -> Job:
    ask(database, "a")
    job = take(database, leader)
    assert job is not None
    return job


def test_a_job_asked_for_twice_is_one_job(database: Database, leader: Lease) -> None:
    ask(database, "a")
    ask(database, "a")
    assert jobs.counts(database) == {"queued": 1}


def test_jobs_come_in_the_order_of_their_time(database: Database, leader: Lease) -> None:
    ask(database, "late", run_at=NOW)
    ask(database, "early", run_at=NOW - timedelta(hours=1))
    ask(database, "future", run_at=NOW + timedelta(hours=1))
    taken = [take(database, leader), take(database, leader)]
    assert [job.key for job in taken if job] == ["early", "late"]
    assert take(database, leader) is None


def test_a_job_of_a_kind_this_program_does_not_know_waits_for_one_that_does(
    database: Database, leader: Lease
) -> None:
    ask(database, "from a newer program", kind="unheard")
    assert take(database, leader) is None
    assert jobs.counts(database) == {"queued": 1}


def test_a_leader_that_was_replaced_claims_nothing(database: Database) -> None:
    old = lead(database, seconds=10)
    lead(database, owner="two", now=LATER)
    ask(database, "a")
    with pytest.raises(Overtaken):
        take(database, old, LATER)
    assert jobs.counts(database) == {"queued": 1}


def test_a_finished_job_is_never_run_again(database: Database, leader: Lease) -> None:
    job = claimed(database, leader)
    with database.write() as work:
        jobs.finish(work, job, NOW)
    ask(database, "a")
    assert jobs.counts(database) == {"done": 1}


def test_work_done_and_its_record_are_one_transaction(database: Database, leader: Lease) -> None:
    job = claimed(database, leader)

    def finish_then_fail() -> None:
        with database.write() as work:
            jobs.finish(work, job, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        finish_then_fail()
    assert jobs.counts(database) == {"running": 1}


def test_a_job_whose_worker_died_is_queued_again(database: Database, leader: Lease) -> None:
    job = claimed(database, leader)
    assert jobs.recover(database, lease=leader, now=NOW, failures_limit=5) == 0
    assert jobs.recover(database, lease=leader, now=LATER, failures_limit=5) == 1
    again = take(database, leader, LATER)
    assert again is not None
    assert (again.key, again.claims, again.failures) == ("a", job.claims + 1, 1)


def test_a_new_leader_takes_over_at_once_what_the_old_one_left(database: Database) -> None:
    old = lead(database, seconds=10)
    ask(database, "a")
    assert jobs.claim(database, lease=old, kinds=["count"], now=NOW, seconds=3600) is not None
    new = lead(database, owner="two", now=NOW + timedelta(seconds=10), seconds=60)
    now = NOW + timedelta(seconds=11)
    assert jobs.recover(database, lease=new, now=now, failures_limit=5) == 1
    with pytest.raises(Overtaken):
        jobs.recover(database, lease=old, now=now, failures_limit=5)


def test_a_recurring_job_that_was_given_up_gets_a_new_chance(
    database: Database, leader: Lease
) -> None:
    with database.write() as work:
        jobs.enqueue_recurring(work, kind="count", run_at=NOW)
    job = take(database, leader)
    assert job is not None
    with database.write() as work:
        jobs.give_up(work, job, NOW, "a fault of that version")
        jobs.enqueue_recurring(work, kind="count", run_at=LATER)
    assert not jobs.has_due(database, leader, ["count"], NOW)
    assert jobs.has_due(database, leader, ["count"], LATER)


def test_whoever_was_overtaken_cannot_record_its_result(database: Database, leader: Lease) -> None:
    overtaken = claimed(database, leader)
    jobs.recover(database, lease=leader, now=LATER, failures_limit=5)
    take(database, leader, LATER)
    with pytest.raises(Overtaken, match="another worker"), database.write() as work:
        jobs.finish(work, overtaken, LATER)
    assert jobs.counts(database) == {"running": 1}
    assert not jobs.extend(database, overtaken, LATER)


def test_a_long_job_that_says_so_is_not_taken_away(database: Database, leader: Lease) -> None:
    job = claimed(database, leader)
    assert jobs.extend(database, job, LATER + timedelta(seconds=60))
    assert jobs.recover(database, lease=leader, now=LATER, failures_limit=5) == 0


def test_a_job_that_kills_its_worker_every_time_is_left_to_a_person(
    database: Database, leader: Lease
) -> None:
    ask(database, "poison")
    now = NOW
    for _ in range(3):
        assert take(database, leader, now) is not None
        now += timedelta(seconds=100)
        jobs.recover(database, lease=leader, now=now, failures_limit=3)
    assert jobs.counts(database) == {"dead": 1}
    assert take(database, leader, now) is None


def test_a_failure_is_tried_again_at_its_time_and_counted(
    database: Database, leader: Lease
) -> None:
    job = claimed(database, leader)
    with database.write() as work:
        jobs.retry(work, job, LATER, "the disk was full")
    assert take(database, leader) is None
    again = take(database, leader, LATER)
    assert again is not None
    assert again.failures == 1
    with database.write() as work:
        jobs.give_up(work, again, LATER, "still full")
    assert jobs.counts(database) == {"dead": 1}


def test_a_recurring_job_comes_back_with_its_failures_forgotten(
    database: Database, leader: Lease
) -> None:
    first = claimed(database, leader)
    with database.write() as work:
        jobs.retry(work, first, NOW, "once")
    second = take(database, leader)
    assert second is not None
    with database.write() as work:
        jobs.repeat(work, second, LATER, now=NOW)
    third = take(database, leader, LATER)
    assert third is not None
    assert (third.failures, third.claims) == (0, 3)


def test_a_job_handed_back_can_be_taken_at_once(database: Database, leader: Lease) -> None:
    job = claimed(database, leader)
    with database.write() as work:
        jobs.hand_back(work, job)
    again = take(database, leader)
    assert again is not None
    assert again.failures == 0


def test_jobs_that_ended_long_ago_are_forgotten(database: Database, leader: Lease) -> None:
    job = claimed(database, leader)
    with database.write() as work:
        jobs.finish(work, job, NOW)
    with database.write() as work:
        assert jobs.prune(work, NOW) == 0
        assert jobs.prune(work, LATER) == 1
