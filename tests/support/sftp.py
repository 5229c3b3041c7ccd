"""A real SFTP server on this machine, in a thread with a loop of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh

from engine.connect.sources.folders import SftpFolder

USER, PASSWORD = "quartermaster", "hush"


class _Server(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


@contextmanager
def sftp_folder(root: Path) -> Iterator[SftpFolder]:
    """The folder as its server offers it, with the server's own key."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    loop, ports = asyncio.new_event_loop(), list[int]()
    ready = threading.Event()

    async def start() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            _Server, "127.0.0.1", 0, server_host_keys=[key],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(root)),
        )  # fmt: skip

    def run() -> None:
        asyncio.set_event_loop(loop)
        acceptor = loop.run_until_complete(start())
        ports.append(acceptor.get_port())
        ready.set()
        loop.run_forever()
        acceptor.close()
        loop.run_until_complete(acceptor.wait_closed())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait(10)
    public = key.export_public_key().decode().strip()
    try:
        yield SftpFolder(
            host="127.0.0.1", port=ports[0], user=USER, password=PASSWORD, path="/",
            host_key=public, timeout_seconds=10,
        )  # fmt: skip
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
