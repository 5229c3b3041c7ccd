"""Writers of one process wait in the order in which they came.

SQLite lets one writer in at a time and the others try again after a pause that grows, so whoever
came first may be served last: with twenty writers some waited for seconds. Here each waits for the
one before.
"""

import threading
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager


class WaitedTooLong(Exception):  # noqa: N818  a statement; the store turns it into its own words
    """Another writer of this process kept its turn."""


class Turns:
    """A lock that is fair."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._is_taken = False

    @contextmanager
    def taken(self, seconds: float) -> Generator[None, None, None]:
        """Hold the turn; raises WaitedTooLong when it does not come within so many seconds."""
        self._take(seconds)
        try:
            yield
        finally:
            self._pass_on()

    def _take(self, seconds: float) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return
        with self._lock:
            if not mine.is_set():
                self._waiting.remove(mine)
                raise WaitedTooLong
        # The turn came in the same instant in which patience ended.

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False
