"""Carriers for outbox tests: into a folder, refusing, losing the answer, dying at some point."""

import os
import signal
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import uuid4

import sqlalchemy as sa

from engine.connect.outgoing_folder import hand_over_file
from engine.service import jobs
from engine.service.outbox import Message
from engine.service.stores import Stores

DieAt = Literal["never", "before handing over", "after handing over", "after recording"]


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """Leaves a letter in a folder; every settlement leaves a job with a name of its own."""

    folder: Path
    is_repeatable: bool = True
    die_at: DieAt = "never"
    raises: Exception | None = None

    def hand_over(self, stores: Stores, message: Message) -> str:  # noqa: ARG002  the port names it
        if self.raises is not None:
            raise self.raises
        self._die("before handing over")
        path = hand_over_file(self.folder, self._name(message), b"letter")
        self._die("after handing over")
        return str(path)

    def settle(self, work: sa.Connection, message: Message, receipt: str, now: datetime) -> None:
        key = f"settled {message.key} {uuid4()}"
        jobs.enqueue(work, kind="settled", key=key, payload={"receipt": receipt}, run_at=now)

    def doubt(self, work: sa.Connection, message: Message, now: datetime) -> None:
        key = f"doubted {message.key} {uuid4()}"
        jobs.enqueue(work, kind="doubted", key=key, payload={}, run_at=now)

    def _name(self, message: Message) -> str:
        # What is not repeatable reaches the receiver once more each time, as an e-mail does.
        return message.key if self.is_repeatable else f"{message.key} {uuid4()}"

    def _die(self, point: DieAt) -> None:
        if point == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)


def work_until_dead(url: str, home: str, repeatable: str, die_at: DieAt, late: str) -> None:
    """A worker process of its own, that many seconds late; exit code 3 when another leads."""
    from agent.worker.loop import Worker
    from engine.store.database import open_database
    from support.running import HandClock, company_at

    clock = HandClock()
    clock.advance(float(late))
    company = company_at(open_database(url), Path(home), clock)
    carrier = Carrier(folder=Path(home) / "out", is_repeatable=repeatable == "yes", die_at=die_at)
    if not Worker(company, kinds={}, routes={"letter": carrier}).round():
        sys.exit(3)


if __name__ == "__main__":
    work_until_dead(*sys.argv[1:])  # type: ignore[arg-type]
