"""Short database work for the async edge: a bounded pool, and a thread kept for approvals."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from engine.errors import ComputeFailed

R = TypeVar("R")
WAITING_LIMIT = 200  # calls; a longer queue would only answer people who have left


class Threads:
    """Where an event loop runs the synchronous services.

    Whatever fills the ordinary threads, an approval finds one that does nothing else, and so does
    an acknowledgement, which must not wait for approvals either.
    """

    def __init__(self, threads: int) -> None:
        self._ordinary = ThreadPoolExecutor(threads, thread_name_prefix="qm-work")
        self._reserved = ThreadPoolExecutor(1, thread_name_prefix="qm-approve")
        self._acks = ThreadPoolExecutor(1, thread_name_prefix="qm-ack")
        self._waiting = 0

    async def run(self, function: Callable[..., R], /, *arguments: object) -> R:
        """Run short work; refuses with ComputeFailed when too many calls wait already."""
        if self._waiting >= WAITING_LIMIT:
            raise ComputeFailed(
                f"{self._waiting} requests are waiting already. Try again in a moment."
            )
        self._waiting += 1
        try:
            return await _in(self._ordinary, function, arguments)
        finally:
            self._waiting -= 1

    async def run_reserved(self, function: Callable[..., R], /, *arguments: object) -> R:
        """Run an approval; never refused, never behind ordinary work."""
        return await _in(self._reserved, function, arguments)

    async def run_ack(self, function: Callable[..., R], /, *arguments: object) -> R:
        """Run what must be kept before a sender is told that it arrived; nothing else."""
        return await _in(self._acks, function, arguments)

    def close(self) -> None:
        """Wait for what runs; drop what has not begun."""
        for pool in (self._ordinary, self._reserved, self._acks):
            pool.shutdown(wait=True, cancel_futures=True)


async def _in(
    pool: ThreadPoolExecutor, function: Callable[..., R], arguments: tuple[object, ...]
) -> R:
    # The caller's context variables (the request id of a log line) follow the work.
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(
        pool, lambda: context.run(function, *arguments)
    )
