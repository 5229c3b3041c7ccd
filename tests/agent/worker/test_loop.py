"""The worker's round: what is due is done once, by one leader, whatever fails."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog

from agent.bootstrap import Company
from agent.health.work import recurring_check
from agent.sections import WorkerSettings
from agent.surfaces import SlackSettings
from agent.worker.kinds import JobKind, every
from agent.worker.loop import Worker
from agent.worker.run import drain
from agent.worker.running import FAILURES_LIMIT
from agent.worker.schedule import planning_time
from engine.errors import BadSource, Stale
from engine.service import jobs, outbox, posts
from engine.service.jobs import Job
from engine.service.leases import Overtaken, lease_holder
from engine.store.database import Database, open_database
from engine.store.tables.work import jobs as jobs_table
from support import compute_cases
from support.carriers import Carrier
from support.running import HandClock, company_at
from support.work import ask, post


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def company(database: Database, tmp_path: Path, clock: HandClock) -> Company:
    return company_at(database, tmp_path, clock)


class Counter:
    """A job that counts its runs, and fails as often as it is told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.keys: list[str] = []
        self.error = error

    def run(self, _company: Company, job: Job) -> None:
        self.keys.append(job.key)
        if self.error is not None:
            raise self.error


def worker(
    company: Company,
    kinds: Mapping[str, JobKind] | None = None,
    carrier: Carrier | None = None,
    owner: str = "one",
) -> Worker:
    routes = {"letter": carrier or Carrier(folder=company.settings.outgoing_folder)}
    return Worker(company, kinds=kinds or {}, routes=routes, owner=owner)


def test_a_second_worker_stands_by_until_the_first_leaves(company: Company) -> None:
    first, second = worker(company), worker(company, owner="two")
    assert first.round()
    assert not second.round()
    first.leave()
    assert second.round()
    assert not first.round()


def test_a_second_worker_takes_over_from_one_that_fell_silent(
    company: Company, clock: HandClock
) -> None:
    first, second = worker(company), worker(company, owner="two")
    assert first.round()
    clock.advance(20)
    assert second.round()
    post(company.stores.database, "po-7")
    assert not first.round()  # it sees that another leads
    assert second.round()
    assert outbox.counts(company.stores.database) == {"delivered": 1}


def test_a_due_job_is_run_once(company: Company) -> None:
    counter = Counter()
    ask(company.stores.database, "a")
    one = worker(company, {"count": JobKind(run=counter.run)})
    one.round()
    one.round()
    assert counter.keys == ["a"]
    assert jobs.counts(company.stores.database) == {"done": 1}


def test_a_recurring_job_needs_nobody_to_ask_and_comes_back_at_its_time(
    company: Company, clock: HandClock
) -> None:
    counter = Counter()
    one = worker(
        company,
        {
            "sweep": JobKind(
                run=counter.run, next_run=every(timedelta(minutes=1)), runs_at_start=True
            )
        },
    )
    one.round()
    one.round()
    assert len(counter.keys) == 1
    clock.advance(61)
    one.round()
    assert len(counter.keys) == 2


@pytest.mark.parametrize(
    "error", [BadSource("no file"), Stale("it changed"), RuntimeError("a bug")]
)
def test_a_job_that_fails_is_tried_again_and_at_last_left_to_a_person(
    company: Company, clock: HandClock, error: Exception
) -> None:
    counter = Counter(error)
    ask(company.stores.database, "a")
    one = worker(company, {"count": JobKind(run=counter.run)})
    for _ in range(FAILURES_LIMIT + 3):
        one.round()
        clock.advance(3600)
    assert len(counter.keys) == FAILURES_LIMIT
    assert jobs.counts(company.stores.database) == {"dead": 1}


def test_work_that_recurs_is_given_up_for_this_time_told_and_comes_back_at_its_next(
    company: Company, clock: HandClock
) -> None:
    counter = Counter(BadSource("the export is missing"))
    slack = SlackSettings(team="T1", operators_channel="C0OPS")
    settings = company.settings.model_copy(update={"slack": slack})
    living = replace(company, loaded=replace(company.loaded, settings=settings))
    nightly = JobKind(run=counter.run, next_run=every(timedelta(days=1)))
    one = worker(living, {"nightly": nightly})
    one.round()
    clock.advance(86_400)
    for _ in range(FAILURES_LIMIT + 3):
        one.round()
        clock.advance(3600)
    assert len(counter.keys) == FAILURES_LIMIT
    (ended,) = jobs.recurring(company.stores.database)
    assert ended.error == "the export is missing"
    check = recurring_check(company.stores.database)
    assert (check.verdict, "nightly failed: the export is missing" in check.finding) == (
        "warn",
        True,
    )
    told = posts.newest_ref(company.stores.database, "job:nightly:")
    assert told is not None
    assert told["text"].startswith("nightly failed 5 times: the export is missing")
    counter.error = None
    clock.advance(86_400)
    one.round()
    assert recurring_check(company.stores.database).verdict == "ok"
    assert len(counter.keys) == FAILURES_LIMIT + 1


def test_a_bug_in_a_job_keeps_its_traceback_under_a_reference(company: Company) -> None:
    ask(company.stores.database, "a")
    worker(company, {"count": JobKind(run=Counter(RuntimeError("a bug")).run)}).round()
    (report,) = company.settings.crash_folder.iterdir()
    assert "RuntimeError: a bug" in report.read_text()


def test_a_job_that_was_stopped_with_its_worker_is_handed_back_without_blame(
    company: Company,
) -> None:
    ask(company.stores.database, "a")
    one = worker(company)

    def stopped_in_the_middle(_company: Company, _job: Job) -> None:
        one.stopping.set()
        raise BadSource("the compute process was ended")

    one._kinds = {"count": JobKind(run=stopped_in_the_middle)}
    one.round()
    one.leave()
    counter = Counter()
    worker(company, {"count": JobKind(run=counter.run)}, owner="two").round()
    assert counter.keys == ["a"]


def test_a_worker_that_is_overtaken_in_a_job_gives_up_leading(
    company: Company, clock: HandClock
) -> None:
    def overslept(_company: Company, _job: Job) -> None:
        clock.advance(60)
        assert worker(company, owner="two").round()
        raise Overtaken("the other one did it")

    ask(company.stores.database, "a")
    one = worker(company, {"count": JobKind(run=overslept)})
    assert one.round()
    assert not one.round()
    holder = lease_holder(company.stores.database, "worker", clock.now())
    assert holder is not None
    assert holder.owner == "two"


def test_a_computation_that_outlasts_the_patience_is_stopped_and_run_again(
    company: Company,
) -> None:
    settings = WorkerSettings(drain_seconds=0.1)
    loaded = replace(
        company.loaded, settings=company.settings.model_copy(update={"worker": settings})
    )
    company = replace(company, loaded=loaded)

    def endless(company: Company, _job: Job) -> None:
        company.compute.call(compute_cases.process_id)  # it has started
        drain(company, one)
        company.compute.call(compute_cases.never_end)

    ask(company.stores.database, "a")
    one = worker(company, {"count": JobKind(run=endless)})
    one.round()
    assert jobs.counts(company.stores.database) == {"queued": 1}
    with company.stores.database.read() as look:
        assert look.execute(sa.select(jobs_table.c.failures)).scalar_one() == 0


def test_planning_by_itself_follows_the_settings(company: Company, clock: HandClock) -> None:
    counter = Counter()

    def of(plan_at: str | None, owner: str) -> Worker:
        settings = WorkerSettings(plan_at=plan_at)
        changed = company.settings.model_copy(update={"worker": settings})
        loaded = replace(company.loaded, settings=changed)
        kinds = {"plan": JobKind(run=counter.run, next_run=planning_time)}
        return worker(replace(company, loaded=loaded), kinds, owner=owner)

    first = of("30 9 * * *", "one")  # it is 9:00
    first.round()
    clock.advance(29 * 60)
    first.round()
    assert counter.keys == []
    clock.advance(120)
    first.round()
    first.round()
    assert counter.keys == ["plan"]
    first.leave()
    clock.advance(86_400)
    of(None, "two").round()  # not wanted any more
    assert counter.keys == ["plan"]
    assert jobs.counts(company.stores.database) == {}


def test_a_store_that_fails_for_a_while_is_waited_for(tmp_path: Path) -> None:
    class TwoRests(threading.Event):
        rests = 0

        def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002  it need not rest
            self.rests += 1
            if self.rests == 2:
                self.set()
            return self.is_set()

    gone = company_at(open_database("postgresql://127.0.0.1:1/qm"), tmp_path)
    one = worker(gone)
    one.stopping = TwoRests()
    with structlog.testing.capture_logs() as said:
        one.run()
    assert [event["event"] for event in said] == [
        "worker started", "store failed", "store failed", "worker stopped",
    ]  # fmt: skip
    assert "refused" in said[1]["error"]
