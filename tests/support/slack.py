"""A workspace with our service living in it: real HTTP, a real websocket, a planned company."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from agent.bootstrap import Company
from agent.slack.service import SlackService
from agent.surfaces import SlackSettings
from engine.store.tables.surfaces import posts
from evals.rigs.slacksim.living import living
from evals.rigs.slacksim.server import Slack, until
from evals.rigs.slacksim.state import Json, Message, Workspace
from support.agent import assistant_for

BEA, MAX, DANA, STRANGER = "U1", "U2", "U4", "U9"
BUYING = "C0BUYING"


@dataclass
class Office:
    """The workspace, the company that lives in it, and what people do there."""

    slack: Slack
    company: Company
    service: SlackService

    @property
    def world(self) -> Workspace:
        return self.slack.world

    async def posted(self, words: str, channel: str | None = None) -> Message:
        """The bot's message that says this, in its text or in a block."""

        def found() -> Message | None:
            return next((m for m in self.world.of_bot(channel) if words in said(m)), None)

        return await until(found)

    def in_doubt(self) -> bool:
        """Whether a post waits of which nobody knows whether it arrived."""
        waits = (posts.c.state == "waiting") & posts.c.is_in_doubt
        with self.company.stores.database.read() as look:
            return look.execute(sa.select(posts.c.id).where(waits)).first() is not None

    async def whispered(self, words: str) -> Json:
        return await until(
            lambda: next((e for e in self.world.ephemerals if words in e["text"]), None)
        )


def said(message: Message) -> str:
    return f"{message.text} {message.blocks}"


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    rig = Slack(world=Workspace(team="T1"))
    for user in (BEA, MAX, DANA, STRANGER):
        rig.world.add_user(user)
        rig.world.direct(user)
    rig.world.add_channel(BUYING, BEA, MAX, DANA)
    await rig.start()
    yield rig
    await rig.stop()


def connected(company: Company, slack: Slack, **other: object) -> Company:
    """The company with the settings that lead to this workspace."""
    settings = SlackSettings(
        bot_token=SecretStr(slack.bot_token), app_token=SecretStr(slack.app_token), team="T1",
        signing_secret=SecretStr(slack.signing_secret),
        api_url=slack.url, approvals_channel=BUYING, poll_seconds=0.02, **other,  # type: ignore[arg-type]  a test's own
    )  # fmt: skip
    loaded = replace(
        company.loaded, settings=company.settings.model_copy(update={"slack": settings})
    )
    return replace(company, loaded=loaded)


@pytest.fixture(params=["socket", "http"])
async def office(
    request: pytest.FixtureRequest, company: Company, slack: Slack
) -> AsyncIterator[Office]:
    """The same life over both transports."""
    async with opened(company, slack, request.param) as place:
        yield place


@pytest.fixture
async def http_office(company: Company, slack: Slack) -> AsyncIterator[Office]:
    """For what has no counterpart on Socket Mode: signatures."""
    async with opened(company, slack, "http") as place:
        yield place


@asynccontextmanager
async def opened(company: Company, slack: Slack, transport: str) -> AsyncGenerator[Office, None]:
    assistant = assistant_for(connected(company, slack, transport=transport))
    async with living(assistant, slack) as alive:
        yield Office(slack=slack, company=alive.company, service=alive.service)
