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

from agent.worker.loop import Worker
from agent.worker.routes import routes_of
from engine.connect.outgoing_folder import hand_over_file
from engine.service import jobs
from engine.service.delivery import Route
from engine.service.outbox import Message
from engine.service.stores import Stores
from engine.store.database import Database, open_database
from support.running import HandClock, company_at

DieAt = Literal["never", "before handing over", "after handing over"]
Kind = Literal["letter", "mail", "order.send"]  # repeatable, not repeatable, a real order


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """Leaves a letter in a folder; every settlement leaves a job with a name of its own."""

    folder: Path
    is_repeatable: bool = True
    raises: Exception | None = None

    def hand_over(self, stores: Stores, message: Message, now: datetime) -> str:  # noqa: ARG002  the port names it
        if self.raises is not None:
            raise self.raises
        # What is not repeatable reaches the receiver once more each time, as an e-mail does.
        name = message.key if self.is_repeatable else f"{message.key} {uuid4()}"
        return str(hand_over_file(self.folder, name, b"letter"))

    def settle(self, work: sa.Connection, message: Message, receipt: str, now: datetime) -> None:
        key = f"settled {message.key} {uuid4()}"
        jobs.enqueue(work, kind="settled", key=key, payload={"receipt": receipt}, run_at=now)

    def doubt(self, work: sa.Connection, message: Message, now: datetime) -> None:
        key = f"doubted {message.key} {uuid4()}"
        jobs.enqueue(work, kind="doubted", key=key, payload={}, run_at=now)

    def lost(self, work: sa.Connection, message: Message, now: datetime) -> None:
        key = f"lost {message.key} {uuid4()}"
        jobs.enqueue(work, kind="lost", key=key, payload={}, run_at=now)


@dataclass(frozen=True, kw_only=True)
class Dying:
    """A carrier whose process is killed at a point of every delivery."""

    carrier: Route
    die_at: DieAt

    @property
    def is_repeatable(self) -> bool:
        return self.carrier.is_repeatable

    def hand_over(self, stores: Stores, message: Message, now: datetime) -> str:
        self._die("before handing over")
        receipt = self.carrier.hand_over(stores, message, now)
        self._die("after handing over")
        return receipt

    def settle(self, work: sa.Connection, message: Message, receipt: str, now: datetime) -> None:
        self.carrier.settle(work, message, receipt, now)

    def doubt(self, work: sa.Connection, message: Message, now: datetime) -> None:
        self.carrier.doubt(work, message, now)

    def lost(self, work: sa.Connection, message: Message, now: datetime) -> None:
        self.carrier.lost(work, message, now)

    def _die(self, point: DieAt) -> None:
        if point == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)


def worker_for(
    database: Database, home: Path, kind: Kind, *, die_at: DieAt = "never", late: float = 0
) -> Worker:
    """A worker that carries one kind of message, that many seconds late."""
    clock = HandClock()
    clock.advance(late)
    company = company_at(database, home, clock)
    out = company.settings.outgoing_folder
    carrier = routes_of(company).get(kind) or Carrier(folder=out, is_repeatable=kind == "letter")
    return Worker(company, kinds={}, routes={kind: Dying(carrier=carrier, die_at=die_at)})


def work_until_dead(url: str, home: str, kind: Kind, die_at: DieAt) -> None:
    """What a process of its own does."""
    worker_for(open_database(url), Path(home), kind, die_at=die_at).round()


if __name__ == "__main__":
    work_until_dead(*sys.argv[1:])  # type: ignore[arg-type]  numbers and paths arrive as text
