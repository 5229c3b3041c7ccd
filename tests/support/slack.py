"""A workspace with our service living in it: real HTTP, a real websocket, a planned company."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

from agent.bootstrap import Company
from agent.slack.app import build_app, socket_handler
from agent.slack.listeners.context import Listening
from agent.slack.manifest import EVENTS_PATH
from agent.slack.service import SlackService
from agent.slack.web import router
from agent.slack.workspaces import OneWorkspace
from agent.surfaces import SlackSettings
from agent.threads import Threads
from engine.store.tables.surfaces import posts
from evals.rigs.slacksim.server import Slack, until
from evals.rigs.slacksim.state import Json, Message, Workspace
from support.agent import assistant_for

BEA, MAX, MIA, DANA, STRANGER = "U1", "U2", "U3", "U4", "U9"
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
    for user in (BEA, MAX, MIA, DANA, STRANGER):
        rig.world.add_user(user)
        rig.world.direct(user)
    rig.world.add_channel(BUYING, BEA, MAX, MIA, DANA)
    await rig.start()
    yield rig
    await rig.stop()


def connected(company: Company, slack: Slack, **other: object) -> Company:
    """The company with the settings that lead to this workspace."""
    settings = SlackSettings(
        bot_token=SecretStr(slack.bot_token), app_token=SecretStr(slack.app_token), team="T1",
        signing_secret=SecretStr(slack.signing_secret),
        api_url=slack.url, approvals_channel=BUYING, poll_seconds=0.05, **other,  # type: ignore[arg-type]  a test's own
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
    living = connected(company, slack, transport=request.param)
    threads = Threads(2)
    workspaces = OneWorkspace(living.settings.slack)
    service = SlackService(assistant_for(living), workspaces, threads)
    listening = Listening(company=living, service=service, threads=threads, workspaces=workspaces)
    hears = over_http if request.param == "http" else over_socket
    async with hears(build_app(listening), living, slack):
        service.start()
        yield Office(slack=slack, company=living, service=service)
        await service.stop(2)
    threads.close()


@asynccontextmanager
async def over_socket(app: AsyncApp, company: Company, slack: Slack) -> AsyncIterator[None]:
    handler = socket_handler(app, company.settings.slack)
    await handler.connect_async()
    await slack.connected()
    yield
    await handler.close_async()


@asynccontextmanager
async def over_http(app: AsyncApp, _company: Company, slack: Slack) -> AsyncIterator[None]:
    """Our web application behind a real port; the workspace posts signed requests to it."""
    web = FastAPI()
    web.include_router(router(app))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(web, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    await until(lambda: server.started)
    slack.request_url = f"http://127.0.0.1:{listening.getsockname()[1]}{EVENTS_PATH}"
    yield
    server.should_exit = True
    await serving
