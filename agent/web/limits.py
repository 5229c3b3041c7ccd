"""How many requests a caller may make: a bucket of tokens each, filled at a steady rate.

Counted in this process: of several processes each grants the rate. Callers that are gone for long
are forgotten.
"""

from collections import OrderedDict
from dataclasses import dataclass

from engine.errors import PlanningError

BURST_SECONDS = 2.0  # of the rate, which may be used at once
MOST_CALLERS = 10_000


class TooMany(PlanningError):  # noqa: N818  a statement, as in engine.errors
    """More than the rate allows; `seconds` is how long to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many requests. Try again in {seconds:.1f} seconds.")
        self.seconds = seconds


@dataclass
class _Bucket:
    tokens: float
    at: float  # seconds, of a clock that only goes forward


class Limits:
    """`take` one token of a caller's bucket, or be told to wait."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, caller: str, per_second: float, now: float) -> None:
        """Raises TooMany when the bucket is empty."""
        bucket = self._filled(caller, per_second, now)
        if bucket.tokens < 1:
            raise TooMany((1 - bucket.tokens) / per_second)
        bucket.tokens -= 1

    def _filled(self, caller: str, per_second: float, now: float) -> _Bucket:
        most = max(per_second * BURST_SECONDS, 1.0)
        bucket = self._buckets.setdefault(caller, _Bucket(tokens=most, at=now))
        bucket.tokens = min(bucket.tokens + (now - bucket.at) * per_second, most)
        bucket.at = now
        self._buckets.move_to_end(caller)
        while len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        return bucket
