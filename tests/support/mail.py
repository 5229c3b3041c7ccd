"""A real SMTP server on this machine, in several moods."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from engine.connect.smtp import MailServer

Mood = Literal["kind", "no such address", "come later", "drops at the end", "too big"]


@dataclass
class Mailbox:
    """Keeps what it accepted."""

    mood: Mood = "kind"
    kept: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.mood == "no such address":
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  as above
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.mood == "come later":
            return "451 try again later"
        if self.mood == "too big":
            return "552 too big"
        self.kept.append(bytes(envelope.original_content or b""))
        self.to += envelope.rcpt_tos
        if self.mood == "drops at the end":
            transport = server.transport
            assert transport is not None
            transport.abort()
        return "250 taken as 4711"


@contextmanager
def mail_server(mood: Mood) -> Iterator[tuple[MailServer, Mailbox]]:
    mailbox = Mailbox(mood=mood)
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield (
            MailServer(host="127.0.0.1", port=controller.port, security="none", timeout_seconds=5),
            mailbox,
        )
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
