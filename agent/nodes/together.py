"""Several things at once, each with the same patience; whoever stops the turn stops the waiting."""

import contextvars
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

from agent.clock import monotonic_seconds
from agent.stopping import Stop

T = TypeVar("T")
LOOK_SECONDS = 0.05  # how often the wish to stop is looked for


def run_together(
    jobs: Sequence[Callable[[], T]], *, seconds: float, stop: Stop
) -> tuple[T | None, ...]:
    """The results in the order of the jobs; None for one that did not end within its time.

    A job that is given up goes on in its thread, because nothing can end it from outside; its
    result is dropped. So only what changes nothing may be run here. An exception of a job is
    raised, and Stopped as soon as somebody stops the turn.
    """
    futures = [_started(job) for job in jobs]
    until = monotonic_seconds() + seconds
    waiting = set(futures)
    while waiting and monotonic_seconds() < until:
        stop.require_going()
        patience = min(LOOK_SECONDS, max(until - monotonic_seconds(), 0.0))
        _, waiting = wait(waiting, timeout=patience)
    return tuple(future.result() if future.done() else None for future in futures)


def _started(job: Callable[[], T]) -> "Future[T]":
    """In a thread of its own that ends with the process; log lines keep their turn."""
    future: Future[T] = Future()
    context = contextvars.copy_context()

    def work() -> None:
        try:
            future.set_result(context.run(job))
        except BaseException as error:  # noqa: BLE001  raised where the result is asked for
            future.set_exception(error)

    Thread(target=work, name="qm-tool", daemon=True).start()
    return future
