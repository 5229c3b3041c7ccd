"""Run one function over chunks in several processes or threads, with the results of `map`."""

import ctypes
import multiprocessing
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

A = TypeVar("A")
R = TypeVar("R")

_installed: Callable[[Any], Any] | None = None  # in a worker process: what it was started for


class Processes:
    """A `map` over `count` processes; with one it is the built-in map, here."""

    def __init__(self, count: int) -> None:
        self._count = count

    def map(self, function: Callable[[A], R], chunks: Iterable[A]) -> Iterator[R]:
        """The function travels to each process once, however many chunks there are.

        Where this process has no other thread, its children are forked and share its memory: what
        the function is bound to is not copied. Else they start afresh and get it pickled.
        """
        if self._count == 1:
            yield from map(function, chunks)
            return
        with ProcessPoolExecutor(
            self._count,
            mp_context=multiprocessing.get_context(_start_method()),
            initializer=_install,
            initargs=(function,),
        ) as pool:
            yield from pool.map(_run, chunks)


class Threads:
    """A `map` over `count` threads of this process, for work that is done outside of Python.

    Array arithmetic on many series is; threads share their arrays, so that nothing is copied.
    """

    def __init__(self, count: int) -> None:
        self._count = count

    def map(self, function: Callable[[A], R], items: Iterable[A]) -> Iterator[R]:
        """No further ahead of the caller than there are threads, so that results take no room.

        All threads have ended when the last result is taken: a fork is safe again then.
        """
        if self._count == 1:
            yield from map(function, items)
            return
        with ThreadPoolExecutor(self._count) as pool:
            under_way: deque[Future[R]] = deque()
            for item in items:
                if len(under_way) == self._count:
                    yield under_way.popleft().result()
                under_way.append(pool.submit(function, item))
            while under_way:
                yield under_way.popleft().result()
        _give_back()

    @contextmanager
    def beside(self, work: Callable[[], object]) -> Generator[None]:
        """Do this as well while the block runs, where there is more than one thread for it.

        For what is only sooner ready then, such as tables that are kept once computed.
        """
        if self._count == 1:
            yield
            return
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(work)
            yield
            done.result()


def _give_back() -> None:
    """Return what threads have freed to the system: glibc keeps a heap for each, a plan's worth."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none
        if trim is not None:
            trim(0)


def _start_method() -> str:
    """A fork is safe only where no other thread could hold a lock at that moment."""
    alone = threading.active_count() == 1
    return "fork" if sys.platform == "linux" and alone else "spawn"


def _install(function: Callable[[Any], Any]) -> None:
    global _installed  # noqa: PLW0603  the one thing a process of this pool is for
    _installed = function


def _run(chunk: object) -> Any:  # noqa: ANN401  whatever the installed function returns
    assert _installed is not None  # noqa: S101  the pool runs _install first
    return _installed(chunk)
