"""How many questions may use the processor of this process at the same time.

Python runs one thread at a time. With twenty questions all reading at once, an acknowledgement,
which needs a handful of turns at the interpreter, would wait for all of them each time. So a few go
on while the others wait at the gate; a question that waits for a compute process or for a model
steps aside. Every question has begun, shows that it is worked on, and can be stopped.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from threading import Lock, Semaphore
from typing import Any, TypeVar

from agent.turns import Assistant

R = TypeVar("R")
AT_ONCE = 2  # with four, acknowledgements waited half as long again and answers came hardly sooner
COMPUTES = frozenset({"call", "watched"})  # of tools.context.Compute: all that waits for a process
REPLIES = frozenset({"reply"})


class Place:
    """A question's place inside; tools may step aside in threads of their own."""

    def __init__(self, gate: Semaphore) -> None:
        self._gate = gate
        self._lock = Lock()
        self._waiting = 0

    @contextmanager
    def aside(self) -> Generator[None, None, None]:
        """Give the place to another question while this one only waits."""
        with self._lock:
            self._waiting += 1
            if self._waiting == 1:
                self._gate.release()
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1
                if self._waiting == 0:
                    self._gate.acquire()


_place: ContextVar[Place | None] = ContextVar("place", default=None)


class Gate:
    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._semaphore = Semaphore(at_once)

    def through(self, act: Callable[..., R], *arguments: object) -> R:
        """Run a question once there is a place for it."""
        with self._semaphore:
            token = _place.set(Place(self._semaphore))
            try:
                return act(*arguments)
            finally:
                _place.reset(token)


@dataclass(frozen=True)
class Aside:
    """A compute pool or a model whose calls are waited for outside the gate."""

    inner: Any
    methods: frozenset[str]  # those that only wait

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the inner one can do
        found = getattr(self.inner, name)
        return _outside(found) if name in self.methods else found


def gated(assistant: Assistant) -> Assistant:
    """An assistant that steps aside while it waits; a model that only computes does not wait."""
    company = assistant.company
    compute: Any = Aside(company.compute, COMPUTES)
    waits = company.settings.model.provider != "offline"
    model: Any = Aside(assistant.model, REPLIES) if waits else assistant.model
    return replace(assistant, company=replace(company, compute=compute), model=model)


def _outside(call: Callable[..., R]) -> Callable[..., R]:
    def waited_for(*arguments: object, **named: object) -> R:
        place = _place.get()
        if place is None:
            return call(*arguments, **named)
        with place.aside():
            return call(*arguments, **named)

    return waited_for
