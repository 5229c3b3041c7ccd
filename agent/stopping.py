"""Ending a turn before it is over: a person who changed their mind, or a process that must go."""

from threading import Event

from engine.errors import PlanningError


class Stopped(PlanningError):  # noqa: N818  the error tree reads as statements
    """Somebody stopped the turn; the text says what that leaves."""


NOTHING_CHANGED = "Stopped. Nothing was changed."
CHANGED_BEFORE = (
    "Stopped. What had been done by then stays: look at the orders, budgets and decisions before "
    "asking again."
)


class Stop:
    """A wish to stop that any thread may utter; the turn looks for it before each thing it does."""

    def __init__(self) -> None:
        self._event = Event()

    def ask(self) -> None:
        self._event.set()

    @property
    def is_asked(self) -> bool:
        return self._event.is_set()

    def require_going(self) -> None:
        """Raises Stopped once it was asked for."""
        if self._event.is_set():
            raise Stopped(NOTHING_CHANGED)
