"""Where computing happens: in a few processes at low priority, or right here.

The process that answers people never runs a plan itself: on two cores a busy thread beside the
event loop delays an acknowledgement by hundreds of milliseconds, a niced process by tens.
"""

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from queue import Empty, LifoQueue
from typing import TypeVar

from engine.errors import ComputeFailed

R = TypeVar("R")
PRIORITY = 10  # niceness of a compute process
GRACE_SECONDS = 5.0  # between asking a process to end and killing it


class InProcess:
    """Computes where it is called: for tests and for commands that do one thing and end."""

    def call(self, function: Callable[..., R], /, *arguments: object) -> R:
        return function(*arguments)

    def close(self) -> None:
        """Nothing was started."""


class ComputePool:
    """Implements `tools.context.Compute` with single-process seats, so that each call stands alone.

    A call that crashes its process or exceeds its time costs that process only; the seat starts
    a new one for the next call. Safe to call from several threads.
    """

    def __init__(self, *, processes: int, timeout_seconds: float) -> None:
        self._timeout = timeout_seconds
        # Last in, first out: the process that has its imports warm is asked again.
        self._idle: LifoQueue[_Seat] = LifoQueue()
        self._seats = [_Seat() for _ in range(processes)]
        for seat in reversed(self._seats):
            self._idle.put(seat)

    def call(self, function: Callable[..., R], /, *arguments: object) -> R:
        """Run an importable function in a process; its exception is raised here.

        Raises ComputeFailed when the process died, took too long, or every one stayed busy.
        """
        try:
            seat = self._idle.get(timeout=self._timeout)
        except Empty:
            raise ComputeFailed(
                f"All {len(self._seats)} compute processes were busy for {self._timeout:g} s. Try "
                "again later, or raise worker.processes."
            ) from None
        try:
            return seat.run(function, arguments, self._timeout)
        finally:
            self._idle.put(seat)

    def close(self) -> None:
        """End every process; a call that is still running fails."""
        for seat in self._seats:
            seat.stop()


class _Seat:
    """Room for one process, started at its first call and again after it was lost."""

    def __init__(self) -> None:
        self._executor: ProcessPoolExecutor | None = None

    def run(self, function: Callable[..., R], arguments: tuple[object, ...], timeout: float) -> R:
        name = getattr(function, "__name__", "the work")
        future: Future[R] | None = None
        try:
            future = self._submit(function, arguments)
            return future.result(timeout)
        except BrokenProcessPool:
            self.stop()
            raise ComputeFailed(
                f"The process computing {name} died, perhaps for lack of memory. "
                "Nothing was changed; try again."
            ) from None
        except TimeoutError:
            if future is not None and future.done():
                raise  # the function's own
            self.stop()
            raise ComputeFailed(
                f"{name} did not end within {timeout:g} s and was stopped. Nothing "
                "was changed; ask for less, or raise worker.compute_seconds."
            ) from None
        except BaseException:
            if future is None or not future.done():  # Ctrl-C: the work has lost its reader
                self.stop()
            raise

    def _submit(self, function: Callable[..., R], arguments: tuple[object, ...]) -> "Future[R]":
        try:
            return (self._executor or self._start()).submit(_travelling, function, arguments)
        except BrokenProcessPool:  # it died while it was idle: nothing was begun, nothing is lost
            self.stop()
            return self._start().submit(_travelling, function, arguments)

    def _start(self) -> ProcessPoolExecutor:
        self._executor = ProcessPoolExecutor(
            max_workers=1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_become_background,
        )
        return self._executor

    def stop(self) -> None:
        executor, self._executor = self._executor, None
        if executor is None:
            return
        processes = list((executor._processes or {}).values())  # noqa: SLF001  no public way to end a busy one
        executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(GRACE_SECONDS)
            if process.is_alive():
                process.kill()


def _travelling(function: Callable[..., R], arguments: tuple[object, ...]) -> R:
    """Run the function; an exception that cannot be unpickled arrives as its text.

    Without this the parent could not read it, would call the process broken, and the reason
    would be lost.
    """
    try:
        return function(*arguments)
    except Exception as error:
        if _travels(error):
            raise
        raise RuntimeError("".join(traceback.format_exception(error))) from None


def _travels(error: Exception) -> bool:
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)  # noqa: S301  our own bytes
    except Exception:  # noqa: BLE001  whatever a foreign exception's own code raises
        return False


def _become_background() -> None:
    """Low priority, deaf to the terminal's Ctrl-C, and gone when the parent is gone."""
    os.nice(PRIORITY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    # A parent that was killed cannot tell its children; without this they would wait for ever.
    connection.wait([sentinel])
    os._exit(1)
