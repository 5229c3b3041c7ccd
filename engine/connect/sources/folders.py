"""Where a warehouse leaves its files: a folder here, or one on its server over SFTP."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from engine.connect.sources.port import SourceAway, SourceRefused
from engine.connect.sources.warehouse import Found

if TYPE_CHECKING:
    import asyncssh

R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class LocalFolder:
    path: Path

    @property
    def place(self) -> str:
        return str(self.path)

    def files(self) -> list[Found]:
        """Names beginning with a dot are files that are being written."""
        try:
            return [
                Found(name=each.name, version=f"{each.stat().st_mtime_ns}:{each.stat().st_size}")
                for each in self.path.iterdir()
                if each.is_file() and not each.name.startswith(".")
            ]
        except OSError as error:
            raise SourceRefused(
                f"The folder {self.path} cannot be read: {error.strerror}. Check warehouse.folder."
            ) from error

    def content(self, name: str) -> bytes:
        return (self.path / name).read_bytes()


@dataclass(frozen=True, kw_only=True)
class SftpFolder:
    """`host_key` is the server's public key (`ssh-ed25519 AAAA...`): any other is refused.

    Without it nobody could tell the warehouse's server from somebody else's.
    """

    host: str
    user: str
    host_key: str
    path: str = "."
    port: int = 22
    password: str = field(default="", repr=False)
    key_file: Path | None = None
    timeout_seconds: float = 30.0

    @property
    def place(self) -> str:
        return f"sftp://{self.host}/{self.path}"

    def files(self) -> list[Found]:
        return self._run(self._list)

    def content(self, name: str) -> bytes:
        async def read(sftp: "asyncssh.SFTPClient") -> bytes:
            async with sftp.open(f"{self.path}/{name}", "rb") as opened:
                return cast("bytes", await opened.read())

        return self._run(read)

    async def _list(self, sftp: "asyncssh.SFTPClient") -> list[Found]:
        found: list[Found] = []
        for each in await sftp.readdir(self.path):
            name = str(cast("object", each.filename))
            is_file = each.attrs.type == 1  # as SFTP numbers kinds of files
            if is_file and not name.startswith("."):
                version = f"{each.attrs.mtime}:{each.attrs.size}"
                found.append(Found(name=name, version=version))
        return found

    def _run(self, what: Callable[["asyncssh.SFTPClient"], Awaitable[R]]) -> R:
        """One connection per question: servers of warehouses close idle ones."""
        import asyncio

        try:
            import asyncssh
        except ImportError:
            raise SourceRefused(
                "Reading over SFTP needs the extra `sftp`: pip install 'quartermaster[sftp]'"
            ) from None

        async def ask() -> R:
            known = asyncssh.import_known_hosts(f"* {self.host_key}\n")
            keys = [str(self.key_file)] if self.key_file else []
            async with (
                asyncssh.connect(
                    self.host, self.port, username=self.user, password=self.password or None,
                    client_keys=keys, known_hosts=known, config=None, agent_path=None,
                    connect_timeout=self.timeout_seconds,
                ) as connection,
                connection.start_sftp_client() as sftp,
            ):  # fmt: skip
                return await what(sftp)

        try:
            return asyncio.run(ask())
        except (asyncssh.HostKeyNotVerifiable, asyncssh.PermissionDenied, ValueError) as error:
            raise SourceRefused(f"{self.place}: {error}. Check the warehouse settings.") from error
        except asyncssh.SFTPError as error:
            raise SourceRefused(f"{self.place}: {error.reason}") from error
        except (OSError, TimeoutError, asyncssh.Error) as error:
            raise SourceAway(f"{self.place} cannot be reached: {error}") from error
