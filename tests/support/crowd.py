"""Real processes that do the same thing in the same instant, and one that dies in the middle."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from engine.service.stores import Stores

CROWD = 8
COMMIT, COMMITTED = "before the commit", "after the commit"
_gate: dict[str, Barrier] = {}


class Crowd:
    """Eight processes, started once: importing the engine takes longer than what they do."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def at_once(self, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Each process makes one of the calls, all at the same moment; results in their order."""
        assert len(calls) == CROWD
        waiting = [self._pool.apply_async(_call, (function, call)) for call in calls]
        return [each.get(timeout=120) for each in waiting]

    def killed_before_commit(
        self, function: Callable[..., Any], stores: Stores, *rest: object
    ) -> int:
        """Make the call in a child killed with -9 at its first statement, its second, and so on.

        The last one dies just before its commit; returns how many died.
        """
        return self._pool.apply(_kill_everywhere, (function, stores, rest))

    def killed_after_commit(
        self, function: Callable[..., Any], stores: Stores, *rest: object
    ) -> None:
        """Make the call in a child that is killed with -9 when it has just committed."""
        assert self._pool.apply(_kill_at, (COMMITTED, function, stores, rest)) == COMMITTED


@contextmanager
def a_crowd() -> Iterator[Crowd]:
    # Processes of their own that share nothing with this one; the engine is imported once for all.
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["engine.service.approve", "engine.service.purchase"])
    with server.Pool(CROWD, initializer=_enter, initargs=(server.Barrier(CROWD),)) as pool:
        yield Crowd(pool)


def _enter(gate: Barrier) -> None:
    _gate["gate"] = gate


def _call(function: Callable[..., Any], call: tuple[Any, ...]) -> object:
    _gate["gate"].wait(120)
    return function(*call)


def _kill_everywhere(function: Callable[..., Any], stores: Stores, rest: tuple[object, ...]) -> int:
    for number in range(1, 500):
        if _kill_at(number, function, stores, rest) == COMMIT:
            return number
    raise AssertionError("the call never came to its commit")


def _kill_at(
    point: int | str, function: Callable[..., Any], stores: Stores, rest: tuple[object, ...]
) -> str:
    """Where a child died that was to die at this point: it tells by the pipe, then dies."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        _die(point, stores.database.engine, tell)
        function(stores, *rest)
        os._exit(0)  # it came to the end alive: the parent reads nothing
    os.close(tell)
    with os.fdopen(told) as pipe:
        where = pipe.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the child ended with status {status}"
    assert os.WTERMSIG(status) == signal.SIGKILL
    return where


def _die(point: int | str, engine: sa.Engine, tell: int) -> None:
    seen = 0
    ends = False

    def die(where: str) -> None:
        os.write(tell, where.encode())
        os.kill(os.getpid(), signal.SIGKILL)

    def statement(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == point:
            die("statement")

    def commit(_: object) -> None:
        nonlocal ends
        ends = True
        if point != COMMITTED:
            die(COMMIT)

    def checkin(*_: object) -> None:
        if ends:  # a unit of work that only read gives its connection back as well
            die(COMMITTED)

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    event.listen(engine, "checkin", checkin)
