"""Runs the application under uvicorn until it is asked to stop."""

import signal
import socket

import structlog
import uvicorn

from agent.bootstrap import Company
from agent.web.app import create_app
from engine.errors import BadSettings

log = structlog.get_logger("qm.web")


def run_server(company: Company, *, host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C; open requests may end within web.drain_seconds."""
    listening = _listen(host, port)
    config = uvicorn.Config(
        create_app(company),
        log_config=None,  # ours
        access_log=False,  # agent.web.edge writes it
        server_header=False,
        timeout_graceful_shutdown=round(company.settings.web.drain_seconds),
    )
    # uvicorn stops in good order and then raises the signal again; the second one must not kill.
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    shown = listening.getsockname()
    log.info("listening", host=shown[0], port=shown[1])
    uvicorn.Server(config).run(sockets=[listening])
    log.info("stopped")


def _listen(host: str, port: int) -> socket.socket:
    try:
        listening = socket.create_server((host, port), backlog=2048)
    except OSError as error:
        raise BadSettings(
            f"Cannot listen on {host}:{port}: {error.strerror or error}. Choose another address "
            "with --host and --port, or web.host and web.port."
        ) from error
    # Accepted connections inherit it. asyncio sets it only on sockets that name their protocol, and
    # without it the second part of an answer waits 40 ms for the first one's acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
