"""Requests to other systems at the pace they ask for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import sleep

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from engine.connect.sources.port import SourceAway, SourceRefused

ATTEMPTS = 6
LONGEST_WAIT = 60.0  # seconds
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})


class _Patience(Exception):  # noqa: N818  a wish of the other system, caught here
    def __init__(self, told: str, seconds: float | None) -> None:
        super().__init__(told)
        self.seconds = seconds


@dataclass(frozen=True, kw_only=True)
class Paced:
    """A client that waits when it is told to, and as long; `wait` is how (a test does not).

    Only for requests that bear repeating: reads, and writes under an idempotency key.
    """

    client: httpx.Client = field(repr=False)
    wait: Callable[[float], None] = field(default=sleep, repr=False)

    def send(self, method: str, path: str, **request: object) -> httpx.Response:
        """The answer, whatever attempt it took.

        Raises SourceAway when it stays busy or cannot be reached, and SourceRefused for 4xx.
        """
        tries = Retrying(
            stop=stop_after_attempt(ATTEMPTS), wait=_asked_for, sleep=self.wait, reraise=True,
            retry=retry_if_exception_type((_Patience, httpx.TransportError)),
        )  # fmt: skip
        try:
            return tries(self._once, method, path, request)
        except _Patience as error:
            raise SourceAway(str(error)) from None
        except httpx.TransportError as error:
            host = self.client.base_url.host
            raise SourceAway(f"{host} cannot be reached: {type(error).__name__}.") from error

    def _once(self, method: str, path: str, request: dict[str, object]) -> httpx.Response:
        answer = self.client.request(method, path, **request)  # pyright: ignore[reportArgumentType]  httpx names each option
        host, code = self.client.base_url.host, answer.status_code
        if code in _LATER:
            raise _Patience(f"{host} answered {code}, again and again.", _retry_after(answer))
        if code >= 400:  # noqa: PLR2004  client errors
            raise SourceRefused(f"{host} answered {code}: {answer.text[:200]}")
        return answer


def _retry_after(answer: httpx.Response) -> float | None:
    stated = answer.headers.get("retry-after", "")
    return float(stated) if stated.replace(".", "", 1).isdigit() else None


def _asked_for(state: RetryCallState) -> float:
    """As long as was asked for, else 1, 2, 4, ... seconds."""
    error = state.outcome.exception() if state.outcome else None
    stated = error.seconds if isinstance(error, _Patience) else None
    return min(2.0 ** (state.attempt_number - 1) if stated is None else stated, LONGEST_WAIT)
