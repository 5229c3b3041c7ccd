"""Our service alive in a workspace, in this process, over either transport."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI
from slack_bolt.async_app import AsyncApp

from agent.bootstrap import Company
from agent.slack.app import build_app, socket_handler
from agent.slack.keeping import Keeper
from agent.slack.listeners.context import Listening
from agent.slack.manifest import EVENTS_PATH
from agent.slack.service import SlackService
from agent.slack.web import router
from agent.slack.workspaces import workspaces_of
from agent.threads import Threads
from agent.turns import Assistant
from evals.rigs.slacksim.server import Slack, until


@dataclass(frozen=True, kw_only=True)
class Living:
    """One process's worth of us; `request_url` is where it hears over HTTP."""

    company: Company
    service: SlackService
    request_url: str = ""


@asynccontextmanager
async def living(assistant: Assistant, slack: Slack) -> AsyncGenerator[Living, None]:
    """Connected and at work over the transport that the settings name."""
    company = assistant.company
    threads = Threads(2)
    workspaces = workspaces_of(company, threads)
    service = SlackService(assistant, workspaces, threads)
    listening = Listening(
        company=company, service=service, threads=threads, workspaces=workspaces,
        keeper=Keeper(company, threads),
    )  # fmt: skip
    hears = over_http if company.settings.slack.transport == "http" else over_socket
    try:
        async with hears(build_app(listening), company, slack) as request_url:
            service.start()
            yield Living(company=company, service=service, request_url=request_url)
            await service.stop(2)
    finally:
        threads.close()


@asynccontextmanager
async def over_socket(app: AsyncApp, company: Company, slack: Slack) -> AsyncGenerator[str, None]:
    handler = socket_handler(app, company.settings.slack)
    await handler.connect_async()
    await slack.connected()
    try:
        yield ""
    finally:
        await handler.close_async()


@asynccontextmanager
async def over_http(app: AsyncApp, _company: Company, slack: Slack) -> AsyncGenerator[str, None]:
    """Our web application behind a real port; the workspace posts signed requests to it."""
    web = FastAPI()
    web.include_router(router(app))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(web, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    await until(lambda: server.started)
    slack.request_url = f"http://127.0.0.1:{listening.getsockname()[1]}{EVENTS_PATH}"
    try:
        yield slack.request_url
    finally:
        server.should_exit = True
        await serving
