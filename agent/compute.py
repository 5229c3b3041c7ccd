"""Where computing happens: in a few processes at low priority, or right here.

The process that answers people never runs a plan itself: on two cores a busy thread beside the
event loop delays an acknowledgement by hundreds of milliseconds, a niced process by tens.
"""

import multiprocessing
import os
import pickle
import signal
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from multiprocessing import connection
from queue import Empty, LifoQueue
from typing import Protocol, TypeVar, cast

from engine.errors import ComputeFailed
from engine.model.progress import Progress

R = TypeVar("R")
PRIORITY = 10  # niceness of a compute process
LISTEN_SECONDS = 0.05  # between looks at whether the work is done while its progress is awaited
GRACE_SECONDS = 5.0  # between asking a process to end and killing it


Told = tuple[str, int, int | None]  # a stage, what is done, and of how many


class _Reader(Protocol):
    """The end of a pipe that a seat listens at."""

    def poll(self, timeout: float, /) -> bool: ...
    def recv(self) -> Told: ...
    def close(self) -> None: ...


class _Writer(Protocol):
    """The end at which a compute process speaks."""

    def send(self, obj: Told, /) -> None: ...


class InProcess:
    """Computes where it is called: for tests and for commands that do one thing and end."""

    def call(self, function: Callable[..., R], /, *arguments: object) -> R:
        return function(*arguments)

    def watched(self, function: Callable[..., R], /, *arguments: object, progress: Progress) -> R:
        return function(*arguments, progress=progress)

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
        return self._run(function, arguments, None)

    def watched(self, function: Callable[..., R], /, *arguments: object, progress: Progress) -> R:
        """The same for a function that says where it is: its `progress` is called here."""
        return self._run(function, arguments, progress)

    def _run(
        self, function: Callable[..., R], arguments: tuple[object, ...], progress: Progress | None
    ) -> R:
        try:
            seat = self._idle.get(timeout=self._timeout)
        except Empty:
            raise ComputeFailed(
                f"All {len(self._seats)} compute processes were busy for {self._timeout:g} s. Try "
                "again later, or raise worker.processes."
            ) from None
        try:
            return seat.run(function, arguments, self._timeout, progress)
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
        self._told: _Reader | None = None  # where its process says how far it is

    def run(
        self,
        function: Callable[..., R],
        arguments: tuple[object, ...],
        timeout: float,
        progress: Progress | None = None,
    ) -> R:
        name = getattr(function, "__name__", "the work")
        future: Future[R] | None = None
        try:
            asked = function if progress is None else partial(function, progress=_tell)
            future = self._submit(asked, arguments)
            left = timeout if progress is None else self._listened(future, timeout, progress)
            return future.result(left)
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
        asked = _travelling, function, arguments
        try:
            return (self._executor or self._start()).submit(*asked)
        except BrokenProcessPool:  # it died while it was idle: nothing was begun, nothing is lost
            self.stop()
            return self._start().submit(*asked)

    def _start(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        reader, writer = context.Pipe(duplex=False)
        self._told = cast("_Reader", reader)
        executor = ProcessPoolExecutor(
            max_workers=1,
            mp_context=context,
            initializer=_become_background,
            initargs=(cast("_Writer", writer),),
        )
        self._executor = executor
        return executor

    def _listened(self, future: "Future[R]", timeout: float, progress: Progress) -> float:
        """Pass on what the process says until it is done; the seconds that are left."""
        until = time.monotonic() + timeout
        with suppress(EOFError, OSError):  # it died; the future says so
            while self._told is not None and time.monotonic() < until:
                if self._told.poll(LISTEN_SECONDS):
                    progress(*self._told.recv())
                elif future.done():
                    break
        return max(until - time.monotonic(), 0.0)

    def stop(self) -> None:
        executor, self._executor = self._executor, None
        if self._told is not None:
            self._told.close()
            self._told = None
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


_teller: _Writer | None = None  # in a compute process: where to say how far it is


def _tell(stage: str, done: int, total: int | None) -> None:
    if _teller is not None:
        _teller.send((stage, done, total))


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


def _become_background(teller: _Writer) -> None:
    """Low priority, deaf to the terminal's Ctrl-C, and gone when the parent is gone."""
    global _teller  # noqa: PLW0603  what a process of a seat is told once
    _teller = teller
    os.nice(PRIORITY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    # A parent that was killed cannot tell its children; without this they would wait for ever.
    connection.wait([sentinel])
    os._exit(1)
