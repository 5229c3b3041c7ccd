"""`qm slack`: connected, working, and gone in good order when asked to."""

import asyncio
import signal

import structlog

from agent.assistant import open_assistant
from agent.bootstrap import Company
from agent.slack.app import build_app, socket_handler
from agent.slack.listeners.context import Listening
from agent.slack.service import SlackService
from agent.slack.workspaces import OneWorkspace
from agent.threads import Threads

log = structlog.get_logger("qm.slack")


def run_socket_mode(company: Company) -> None:
    """Work over Socket Mode until SIGTERM or Ctrl-C."""
    asyncio.run(_run(company))


async def _run(company: Company) -> None:
    settings = company.settings
    threads = Threads(settings.worker.threads)
    with open_assistant(company) as assistant:
        workspaces = OneWorkspace(settings.slack)
        service = SlackService(assistant, workspaces, threads)
        listening = Listening(
            company=company, service=service, threads=threads, workspaces=workspaces
        )
        handler = socket_handler(build_app(listening), settings.slack)
        stopped = _asked_to_stop()
        await threads.run(assistant.warm)
        service.start()
        await handler.connect_async()
        log.info("connected", transport="socket")
        await stopped.wait()
        log.info("stopping, what is in hand may end", seconds=settings.web.drain_seconds)
        await handler.disconnect_async()
        await service.stop(settings.web.drain_seconds)
        await handler.close_async()
    threads.close()
    log.info("stopped")


def _asked_to_stop() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    return stopped
