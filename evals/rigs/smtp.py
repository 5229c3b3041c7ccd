"""A mail server that can misbehave, in a process of its own.

    python -m evals.rigs.smtp PORT_FILE MOOD_FILE MAILBOX_FILE

It writes its port, reads its mood anew for every mail, and appends the idempotency key of each mail
it took to the mailbox. Moods: kind, refuses, comes later, drops the line after taking the mail,
silent (takes the mail and never answers).
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any, Literal

Mood = Literal["kind", "refuses", "comes later", "drops", "silent"]
SILENCE_SECONDS = 30.0
_START_SECONDS = 20.0


@dataclass(frozen=True, kw_only=True)
class MailRig:
    """Where it listens, and what it has taken."""

    port: int
    folder: Path

    def be(self, mood: Mood) -> None:
        (self.folder / "mood").write_text(mood)

    def taken(self) -> list[str]:
        """Idempotency keys in the order of arrival."""
        mailbox = self.folder / "mailbox"
        return mailbox.read_text().split("\n")[:-1] if mailbox.exists() else []


@contextmanager
def mail_rig(folder: Path) -> Generator[MailRig, None, None]:
    """A server until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mood").write_text("kind")
    names = [str(folder / name) for name in ("port", "mood", "mailbox")]
    server = subprocess.Popen([sys.executable, "-m", "evals.rigs.smtp", *names])  # noqa: S603  our own module
    try:
        yield MailRig(port=_port(folder / "port"), folder=folder)
    finally:
        server.terminate()
        server.wait()


def _port(file: Path) -> int:
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends:
        if file.exists() and file.read_text():
            return int(file.read_text())
        time.sleep(0.05)
    raise TimeoutError(f"The mail server did not start within {_START_SECONDS} s.")


@dataclass(frozen=True, kw_only=True)
class _Handler:
    mood: Path
    mailbox: Path

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802  aiosmtpd's names
        mood = self.mood.read_text()
        if mood == "refuses":
            return "552 too big"
        if mood == "comes later":
            return "451 try again later"
        known = message_from_bytes(bytes(envelope.original_content or b""))["X-Idempotency-Key"]
        with self.mailbox.open("a") as mailbox:
            mailbox.write(f"{known}\n")
        if mood == "drops":
            server.transport.abort()
        if mood == "silent":
            await asyncio.sleep(SILENCE_SECONDS)
        return "250 taken"


async def _serve(port_file: Path, handler: _Handler) -> None:
    """Until the process is told to end."""
    from aiosmtpd.smtp import SMTP

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler), "127.0.0.1", 0)
    _tell(port_file, server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _tell(port_file: Path, port: int) -> None:
    port_file.write_text(str(port))


if __name__ == "__main__":
    _, _port_file, _mood, _mailbox = sys.argv
    asyncio.run(_serve(Path(_port_file), _Handler(mood=Path(_mood), mailbox=Path(_mailbox))))
