"""Run one function over chunks in several processes; order and results are those of `map`."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

A = TypeVar("A")
R = TypeVar("R")

_installed: Callable[[Any], Any] | None = None  # in a worker process: what it was started for


class Processes:
    """A `map` over `count` processes; with one it is the built-in map, here."""

    def __init__(self, count: int) -> None:
        self._count = count

    def map(self, function: Callable[[A], R], chunks: Iterable[A]) -> Iterator[R]:
        """The function travels to each process once, however many chunks there are."""
        if self._count == 1:
            yield from map(function, chunks)
            return
        with ProcessPoolExecutor(
            self._count,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_install,
            initargs=(function,),
        ) as pool:
            yield from pool.map(_run, chunks)


def _install(function: Callable[[Any], Any]) -> None:
    global _installed  # noqa: PLW0603  the one thing a process of this pool is for
    _installed = function


def _run(chunk: object) -> Any:  # noqa: ANN401  whatever the installed function returns
    assert _installed is not None  # noqa: S101  the pool runs _install first
    return _installed(chunk)
