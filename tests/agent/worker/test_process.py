"""`qm worker` as a process: starts on nothing, leads alone, stops when asked."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.clock import SystemClock
from agent.worker.kinds import KINDS
from engine.service import jobs
from engine.service.leases import lease_holder
from engine.store.database import open_database
from engine.store.tables.work import leases

QM = [sys.executable, "-c", "from agent.cli import main; main()"]


class Running:
    """Workers on one home; what they log is read line by line."""

    def __init__(self, home: Path) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("QM_")}  # noqa: TID251  passed on
        self.environment = kept | {"QM_HOME": str(home), "QM_WORKER_POLL_SECONDS": "0.05"}
        self.home = home
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, *options: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*QM, "worker", *options], env=self.environment, cwd=self.home.parent,
            stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def wait_for(self, process: subprocess.Popen[str], event: str) -> dict[str, object]:
        assert process.stderr is not None
        for line in process.stderr:
            said: dict[str, object] = json.loads(line)
            if said["event"] == event:
                return said
        raise AssertionError(f"the worker ended without saying {event!r}")

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.communicate()


@pytest.fixture(params=["sqlite", "postgresql"])
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "home")
    if request.param == "postgresql":
        running.environment["QM_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    yield running
    running.end()


def stop(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    return said


def test_of_two_workers_one_leads_and_the_other_takes_over(running: Running) -> None:
    first = running.start()
    running.wait_for(first, "leading")
    second = running.start()
    running.wait_for(second, "worker started")
    assert "worker stopped" in stop(first)
    assert running.wait_for(second, "leading")["token"] == 2
    assert "leading" not in stop(second)


@pytest.mark.parametrize("running", ["sqlite"], indirect=True)
def test_one_round_does_what_is_due_unless_another_worker_leads(running: Running) -> None:
    leader = running.start()
    running.wait_for(leader, "leading")
    output, _ = running.start("--once").communicate(timeout=30)
    assert "Another worker leads" in output
    leader.kill()  # no good-bye: its lease lasts on
    leader.wait()
    database = open_database(f"sqlite:///{running.home}/quartermaster.db")
    with database.write() as work:
        work.execute(sa.update(leases).values(expires_at=SystemClock().now()))
    assert running.start("--once").wait(timeout=30) == 0
    assert lease_holder(database, "worker", SystemClock().now()) is None
    # What recurs without settings, each ran; these four wait for a setting.
    waiting = {"import", "plan", "books", "pull"}
    recurring = [name for name, kind in KINDS.items() if kind.next_run and name not in waiting]
    assert jobs.counts(database) == {"queued": len(recurring)}
