"""`qm worker` as a process: starts on nothing, leads alone, stops when asked."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.clock import SystemClock
from engine.service import outbox
from engine.service.leases import lease_holder
from engine.store.database import open_database
from support.work import post

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


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "home")
    yield running
    running.end()


def stop(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    return said


def test_a_worker_starts_on_an_empty_home_and_stops_when_asked(running: Running) -> None:
    process = running.start()
    running.wait_for(process, "leading")
    said = stop(process)
    assert "worker stopped" in said
    database = open_database(f"sqlite:///{running.home}/quartermaster.db")
    assert lease_holder(database, "worker", SystemClock().now()) is None


def test_of_two_workers_one_leads_and_the_other_takes_over(running: Running) -> None:
    first = running.start()
    running.wait_for(first, "leading")
    second = running.start()
    running.wait_for(second, "worker started")
    stop(first)
    assert running.wait_for(second, "leading")["token"] == 2
    assert "leading" not in stop(second)


def test_one_round_is_enough_for_what_is_due(running: Running) -> None:
    running.start("--once").wait(timeout=30)
    database = open_database(f"sqlite:///{running.home}/quartermaster.db")
    post(database, "a letter that nobody carries")
    again = running.start("--once")
    assert again.wait(timeout=30) == 0
    assert outbox.counts(database) == {"pending": 1}


def test_once_says_when_another_worker_leads(running: Running) -> None:
    running.wait_for(running.start(), "leading")
    once = running.start("--once")
    output, _ = once.communicate(timeout=30)
    assert "Another worker leads" in output
