"""What is not from Slack, or not for us, is refused without a trace of work."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from engine.service import inbox
from evals.rigs.slacksim import acts
from evals.rigs.slacksim.server import signed
from support.slack import BEA, Office

NOW = 1_793_000_000


async def post(office: Office, body: str, headers: dict[str, str]) -> int:
    async with aiohttp.ClientSession() as session:
        answer = await session.post(
            office.slack.request_url, data=body,
            headers={"Content-Type": "application/json", **headers},
        )  # fmt: skip
        return answer.status


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"},
        {"X-Slack-Request-Timestamp": "1793000000", "X-Slack-Signature": "v0=1"},
        {"X-Slack-Request-Timestamp": "²", "X-Slack-Signature": "v0=1"},
        {"X-Slack-Request-Timestamp": "9" * 400, "X-Slack-Signature": "v0=1"},
    ],
    ids=["none", "not a number", "forged", "not a digit", "no time of this world"],
)
async def test_an_unsigned_request_is_refused(http_office: Office, headers: dict[str, str]) -> None:
    body = json.dumps(acts.say(http_office.slack, BEA, "D1", "What should I buy?"))
    encoded = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert await post(http_office, body, encoded) == 401
    assert inbox.counts(http_office.company.stores.database) == {}


async def test_an_old_signature_is_refused(http_office: Office) -> None:
    body = json.dumps(acts.say(http_office.slack, BEA, "D1", "What should I buy?"))
    assert (
        await post(http_office, body, signed(http_office.slack.signing_secret, body, 1_600_000_000))
        == 401
    )
    assert inbox.counts(http_office.company.stores.database) == {}


async def test_a_request_that_may_go_on_for_ever_is_not_read(http_office: Office) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"{"

    stamp = {"X-Slack-Request-Timestamp": str(NOW), "X-Slack-Signature": "v0=1"}
    async with aiohttp.ClientSession() as session:
        answer = await session.post(http_office.slack.request_url, data=pieces(), headers=stamp)
    assert answer.status == 411
