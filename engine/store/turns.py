"""Writers of one process wait in the order in which they came.

SQLite lets one writer in at a time and the others try again after a pause that grows, so whoever
came first may be served last: with twenty writers some waited for seconds. Here each waits for the
one before; only what somebody at the other end of a wire waits for, and is soon done, goes first.
"""

import threading
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager


class WaitedTooLong(Exception):  # noqa: N818  a statement; the store turns it into its own words
    """Another writer of this process kept its turn."""


class Turns:
    """A lock that is fair, but for those in a hurry, who are served in their own order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hurrying: deque[threading.Event] = deque()
        self._waiting: deque[threading.Event] = deque()
        self._is_taken = False

    @contextmanager
    def taken(self, seconds: float, *, is_urgent: bool = False) -> Generator[None, None, None]:
        """Hold the turn; raises WaitedTooLong when it does not come within so many seconds."""
        self._take(seconds, self._hurrying if is_urgent else self._waiting)
        try:
            yield
        finally:
            self._pass_on()

    def _take(self, seconds: float, line: deque[threading.Event]) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = threading.Event()
            line.append(mine)
        if mine.wait(seconds):
            return
        with self._lock:
            if not mine.is_set():
                line.remove(mine)
                raise WaitedTooLong
        # The turn came in the same instant in which patience ended.

    def _pass_on(self) -> None:
        with self._lock:
            line = self._hurrying or self._waiting
            if line:
                line.popleft().set()
            else:
                self._is_taken = False
