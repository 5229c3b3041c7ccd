"""Starts a worker process: its routes, its signals, its end."""

import os
import signal
import threading
from collections.abc import Callable

import structlog

from agent.bootstrap import Company
from agent.worker.kinds import KINDS
from agent.worker.loop import Worker
from agent.worker.routes import routes_of

log = structlog.get_logger("qm.worker")


def new_worker(company: Company) -> Worker:
    return Worker(company, kinds=KINDS, routes=routes_of(company))


def run_worker(company: Company) -> None:
    """Work until SIGTERM or Ctrl-C, then end what is in hand and leave."""
    worker = new_worker(company)
    _on_signal(lambda: drain(company, worker))
    worker.run()


def drain(company: Company, worker: Worker) -> None:
    """Stop taking work. A plan that takes too long is stopped; its job is handed back."""
    if worker.stopping.is_set():  # asked twice: at once
        company.compute.close()
        return
    log.info("stopping, the job in hand may end", seconds=company.settings.worker.drain_seconds)
    worker.stopping.set()
    patience = threading.Timer(company.settings.worker.drain_seconds, company.compute.close)
    patience.daemon = True
    patience.start()


def _on_signal(act: Callable[[], None]) -> None:
    """Run `act` in a thread of its own at SIGTERM and SIGINT.

    A handler runs in the middle of whatever the main thread does, locks held and all; so ours
    does nothing, and a thread reads the wake-up pipe instead.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)

    def listen() -> None:
        while os.read(reading, 1):
            act()

    threading.Thread(target=listen, name="qm-signals", daemon=True).start()
