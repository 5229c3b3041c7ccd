"""The only reader of the clock; everything else takes the time as an argument."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  this is the one place that reads the clock


def monotonic_seconds() -> float:
    """Seconds for measuring how long something took; not an instant."""
    return time.perf_counter()
