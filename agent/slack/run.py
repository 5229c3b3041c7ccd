"""`qm slack`: connected, working, and gone in good order when asked to."""

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog
from slack_bolt.async_app import AsyncApp

from agent.assistant import open_assistant
from agent.bootstrap import Company
from agent.slack.app import build_app, socket_handler
from agent.slack.keeping import Keeper
from agent.slack.listeners.context import Listening
from agent.slack.service import SlackService
from agent.slack.workspaces import workspaces_of
from agent.threads import Threads

log = structlog.get_logger("qm.slack")
# Python lets a busy thread run for 5 ms before another gets its turn. With twenty questions at work
# an acknowledgement, which needs several turns, would wait for all of them each time.
SWITCH_SECONDS = 0.0005


def run_socket_mode(company: Company) -> None:
    """Work over Socket Mode until SIGTERM or Ctrl-C."""
    asyncio.run(_run(company))


@asynccontextmanager
async def living(company: Company, threads: Threads) -> AsyncGenerator[AsyncApp, None]:
    """The service at work and the app that hears for it, for as long as the block lasts."""
    settings = company.settings
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.disable()  # until all that stays is there: a start looks through nothing that it keeps
    with open_assistant(company) as assistant:
        await threads.run(assistant.warm)
        # Left out of every later collection: with all of it to look through, one holds the
        # interpreter for half a second, and a click that comes then waits for it.
        gc.freeze()
        gc.enable()
        workspaces = workspaces_of(company, threads)
        service = SlackService(assistant, workspaces, threads)
        listening = Listening(
            company=company, service=service, threads=threads, workspaces=workspaces,
            keeper=Keeper(company, threads),
        )  # fmt: skip
        app = build_app(listening)
        service.start()
        try:
            yield app
        finally:
            log.info("stopping, what is in hand may end", seconds=settings.web.drain_seconds)
            await service.stop(settings.web.drain_seconds)


async def _run(company: Company) -> None:
    threads = Threads(company.settings.worker.threads)
    stopped = _asked_to_stop()
    async with living(company, threads) as app:
        handler = socket_handler(app, company.settings.slack)
        await handler.connect_async()
        log.info("connected", transport="socket")
        await stopped.wait()
        await handler.close_async()
    threads.close()
    log.info("stopped")


def _asked_to_stop() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    return stopped
