"""Processes of their own that die with -9 at a chosen point, or do a thing at the same moment."""

import json
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import event

from engine.errors import PlanningError
from engine.service.stores import Stores

Act = Callable[[Stores], object]
Where = Literal["statement", "before commit", "after commit"]


@dataclass(frozen=True, kw_only=True)
class Death:
    """The `number`-th statement or commit, counted from 1."""

    where: Where
    number: int


def die_during(stores: Stores, act: Act, death: Death) -> bool:
    """Do it in a process that dies there; whether it did (False: it was done before)."""
    child = os.fork()
    if child == 0:
        _ambush(stores.database.engine, death)
        _quietly(lambda: act(stores))
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def at_once(stores: Stores, acts: Sequence[Act]) -> list[str]:
    """Do these at the same moment, each in a process of its own; what each of them returned.

    A PlanningError is returned as its sentence, with its kind before it.
    """
    ready, go = os.pipe()
    pipes = [os.pipe() for _ in acts]
    for act, (_, tell) in zip(acts, pipes, strict=True):
        if os.fork() == 0:
            os.close(go)
            os.read(ready, 1)  # returns when the parent closes its end
            os.write(tell, json.dumps(_told(act, stores)).encode())
            os._exit(0)
    os.close(ready)
    os.close(go)
    found: list[str] = []
    for _ in acts:
        os.wait()
    for read, tell in pipes:
        os.close(tell)
        with os.fdopen(read) as pipe:
            found.append(json.loads(pipe.read() or '"died"'))
    return found


def _told(act: Act, stores: Stores) -> str:
    try:
        return str(act(stores))
    except PlanningError as refusal:
        return f"{type(refusal).__name__}: {refusal}"


def _quietly(act: Callable[[], object]) -> None:
    """Run and leave: a forked process must not go on into what its parent was doing."""
    try:
        act()
    finally:
        os._exit(0)


def _ambush(engine: sa.Engine, death: Death) -> None:
    seen = {"statement": 0, "commit": 0}

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def statement(*_: object) -> None:
        seen["statement"] += 1
        if death.where == "statement" and seen["statement"] == death.number:
            die()

    def commit(_: object) -> None:
        seen["commit"] += 1
        if death.where == "before commit" and seen["commit"] == death.number:
            die()

    def checkin(*_: object) -> None:
        if death.where == "after commit" and seen["commit"] == death.number:
            die()

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    event.listen(engine, "checkin", checkin)
