"""Calls to Slack, and what is certain after each: it arrived, it did not, or nobody knows.

No retry happens in here. slack_sdk's own retry after a lost connection posts twice, because
chat.postMessage has no key against it; whoever calls decides, knowing which it was.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from agent.surfaces import SlackSettings

_PASSING = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
_LONGEST_REST_SECONDS = 600.0


class SlackProblem(Exception):  # noqa: N818  its children are statements
    """What became of a call that Slack did not simply answer."""


class Refused(SlackProblem):
    """Slack said no, and will again; `code` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Busy(SlackProblem):
    """Slack asks for patience; nothing was done."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


class NotArrived(SlackProblem):
    """It certainly had no effect; trying again is safe."""


class Unsure(SlackProblem):
    """It may have had its effect, though no answer came."""


@dataclass(frozen=True)
class Client:
    """One workspace's Slack."""

    web: AsyncWebClient

    async def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401  Slack's own arguments
        """The answer of a Web API method; raises a SlackProblem."""
        return cast("Mapping[str, Any]", (await self.raw(method, **arguments)).data)

    async def raw(self, method: str, **arguments: Any) -> AsyncSlackResponse:  # noqa: ANN401  as above
        """As `call`, with the headers of the answer."""
        with _told(method):
            return await self.web.api_call(method, json=_given(arguments))

    async def call_form(self, method: str, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401  as above
        """As `call`, for the methods that take a form only."""
        with _told(method):
            answer = await self.web.api_call(method, data=_given(arguments))
        return cast("Mapping[str, Any]", answer.data)

    async def put_bytes(self, url: str, content: bytes) -> None:
        """Send a file to the address Slack gave for it; sending it again does no harm."""
        with _told("upload"):
            timeout = aiohttp.ClientTimeout(self.web.timeout)
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(url, data=content) as answer,
            ):
                if answer.status != HTTPStatus.OK:
                    raise NotArrived(f"upload: {answer.status}")


@contextmanager
def _told(method: str) -> Generator[None, None, None]:
    """Whatever goes wrong, as what is certain about it."""
    try:
        yield
    except SlackApiError as error:
        raise _problem(error) from error
    except (AttributeError, ValueError) as error:  # slack_sdk stumbles over a body of plain text
        raise Unsure(f"{method}: an answer that is not Slack's") from error
    except aiohttp.ClientConnectorError as error:
        raise NotArrived(f"{method}: no connection") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unsure(f"{method}: {type(error).__name__}") from error


def _given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not None}


def client_of(token: str | None, settings: SlackSettings) -> Client:
    """A client that never repeats a call by itself; no token: each call brings its own proof."""
    web = AsyncWebClient(
        token=token,
        base_url=settings.api_url,
        timeout=round(settings.timeout_seconds),
        retry_handlers=[],
    )
    return Client(web=web)


def _problem(error: SlackApiError) -> SlackProblem:
    response = error.response
    if not isinstance(response, AsyncSlackResponse) or not isinstance(response.data, dict):
        return Unsure("an answer that is not Slack's")  # a gateway's page: it may have got through
    status, code = int(response.status_code), str(response.get("error", "unknown"))
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in ("ratelimited", "rate_limited"):
        return Busy(_rest_seconds(response.headers))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in _PASSING:
        return Unsure(f"{status} {code}")
    return Refused(code)


def _rest_seconds(headers: Mapping[str, str]) -> float:
    """Retry-After, within reason: a header that is no number asks for a second."""
    told = {name.lower(): value for name, value in headers.items()}.get("retry-after", "1")
    seconds = float(told) if told.replace(".", "", 1).isdigit() else 1.0
    return min(max(seconds, 0.1), _LONGEST_REST_SECONDS)
