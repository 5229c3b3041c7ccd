"""Held against others: our messages at an independent Slack, another's app at our Slack.

`make peers` installs both (npm, Node 24); without them these are skipped.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from agent.bootstrap import Company
from agent.slack.sender import Sender
from agent.slack.workspaces import OneWorkspace
from agent.surfaces import SLACK, SlackSettings
from agent.threads import Threads
from engine.service import posts
from engine.service.posts import Place
from evals.rigs import node_peers
from evals.rigs.slacksim import acts
from evals.rigs.slacksim.server import Slack, until
from support.purchasing import buy, click, proposed
from support.slack import BEA

pytestmark = pytest.mark.skipif(bool(node_peers.why_not()), reason=node_peers.why_not())
TOKEN = "xoxb-peer"
SCOPES = ("chat:write", "channels:read", "channels:history", "im:write", "im:history",
          "files:write", "files:read", "users:read")  # fmt: skip


class Emulate:
    """The emulator's Web API, asked as anybody with the token may."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/api/"

    async def call(self, method: str, **given: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(f"{self.url}{method}", json=given) as answer,
        ):
            told = await answer.json()
        assert told["ok"], (method, told)
        return told

    async def channel(self, name: str) -> str:
        listed = (await self.call("conversations.list"))["channels"]
        return next(each["id"] for each in listed if each["name"] == name)

    async def user(self, name: str) -> str:
        listed = (await self.call("users.list"))["members"]
        return next(each["id"] for each in listed if each["name"] == name)

    async def messages(self, channel: str) -> list[dict[str, Any]]:
        return (await self.call("conversations.history", channel=channel))["messages"]


@pytest.fixture
async def emulate(tmp_path: Path) -> AsyncIterator[Emulate]:
    port = node_peers.free_port()
    people = [{"name": n, "real_name": n, "email": f"{n}@x.test"} for n in ("bea", "quartermaster")]
    seed = tmp_path / "seed.json"
    seed.write_text(
        json.dumps(
            {"slack": {
                "strict_scopes": True, "users": people, "channels": [{"name": "buying"}],
                "tokens": [{"token": TOKEN, "user": "quartermaster", "type": "bot",
                            "scopes": list(SCOPES)}],
            }}
        )
    )  # fmt: skip
    start = ("node_modules/emulate/dist/index.js", "start", "-s", "slack")
    async with node_peers.running(*start, "-p", f"{port}", "--seed", f"{seed}", says="Ready"):
        yield Emulate(f"http://127.0.0.1:{port}")


def settled_in(company: Company, peer: Emulate) -> tuple[Sender, Threads]:
    slack = SlackSettings(bot_token=SecretStr(TOKEN), api_url=peer.url, team="T1")
    settings = company.settings.model_copy(update={"slack": slack})
    living, threads = (
        replace(company, loaded=replace(company.loaded, settings=settings)),
        Threads(1),
    )
    return Sender(living, OneWorkspace(slack), threads, "one"), threads


def want(company: Company, key: str, channel: str, kind: str, ref: dict[str, Any]) -> None:
    with company.stores.database.write() as work:
        posts.want(
            work, key=key, surface=SLACK, place=Place(team="T1", channel=channel), kind=kind,
            ref=ref, now=company.clock.now(),
        )  # fmt: skip


async def test_a_cards_life_at_an_independent_slack(company: Company, emulate: Emulate) -> None:
    sender, threads = settled_in(company, emulate)
    buying, bea = await emulate.channel("buying"), await emulate.user("bea")
    card = proposed(company.stores, buy("LAMP-OAK-01", 24))
    want(company, "card:1", buying, "card", {"request": card.request_id})
    want(company, "outcome:1", bea, "outcome", {"request": card.request_id})
    while await sender.send_next():
        pass
    (message,) = [m for m in await emulate.messages(buying) if card.number in m["text"]]
    assert [block["type"] for block in message["blocks"]][-2:] == ["actions", "context"]
    click(company.stores, card, "max")
    want(company, "card:1", buying, "card", {"request": card.request_id})
    while await sender.send_next():
        pass
    (message,) = [m for m in await emulate.messages(buying) if card.number in m["text"]]
    assert "approved" in message["text"]
    direct = (await emulate.call("conversations.open", users=bea))["channel"]["id"]
    assert [card.number in m["text"] for m in await emulate.messages(direct)] == [True]
    threads.close()


async def test_a_post_whose_answer_was_lost_is_found_there_and_not_posted_again(
    company: Company, emulate: Emulate
) -> None:
    sender, threads = settled_in(company, emulate)
    buying = await emulate.channel("buying")
    want(company, "note:1", buying, "note", {"text": "once"})
    in_hand = posts.claim(
        company.stores.database, owner="a", surface=SLACK, now=company.clock.now(), seconds=1
    )
    assert in_hand is not None
    await emulate.call(
        "chat.postMessage", channel=buying, text="once",
        metadata={"event_type": "quartermaster_post", "event_payload": {"key": "note:1"}},
    )  # fmt: skip
    company.clock.advance(60)  # type: ignore[attr-defined]  set by hand
    while await sender.send_next():
        pass
    assert [m["text"] for m in await emulate.messages(buying)].count("once") == 1
    threads.close()


async def test_a_file_is_shared_there_in_three_steps(company: Company, emulate: Emulate) -> None:
    sender, threads = settled_in(company, emulate)
    buying = await emulate.channel("buying")
    card = proposed(company.stores, buy("LAMP-OAK-01", 24))
    want(company, "order:1", buying, "order", {"request": card.request_id, "format": "csv"})
    while await sender.send_next():
        pass
    (file,) = (await emulate.call("files.list", channel=buying))["files"]
    assert file["name"].startswith(card.number)
    threads.close()


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_slacks_own_library_for_javascript_lives_in_our_slack(
    slack: Slack, transport: str
) -> None:
    port = node_peers.free_port() if transport == "http" else 0
    environment = {
        "SLACK_URL": slack.url, "BOT_TOKEN": slack.bot_token, "APP_TOKEN": slack.app_token,
        "SIGNING_SECRET": slack.signing_secret, "PORT": str(port or ""),
    }  # fmt: skip
    async with node_peers.running("bolt_app.mjs", says="ready", environment=environment):
        if port:
            slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        else:
            await slack.connected()
        await slack.deliver("events_api", acts.say(slack, BEA, "D1", "hello"))
        (message,) = await until(lambda: slack.world.of_bot("D1"))
        assert message.text == "heard hello"
        await slack.deliver("interactive", acts.press(slack, BEA, message, "go"))
        await until(lambda: message.text == "pressed 42 by U1")
        form = await until(lambda: slack.world.opened and slack.world.opened[-1])
        await slack.deliver("interactive", acts.submit(slack, BEA, form, {"reason": "so"}))
        whispered = await until(lambda: slack.world.ephemerals and slack.world.ephemerals[-1])
        assert whispered["text"] == "because so"
        await slack.deliver("slash_commands", acts.command(slack, BEA, "budget", "D1"))
        assert (await until(lambda: slack.responses))[0]["text"] == "asked budget"
        await slack.deliver("events_api", acts.open_home(slack, BEA))
        assert (await until(lambda: slack.world.homes.get(BEA)))["type"] == "home"
