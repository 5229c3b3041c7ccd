"""A backup as one file: a tar with a manifest that names the digest of every member.

Written under another name and renamed when it is whole; read back only after every digest agrees.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from engine.errors import BadSource, StoreError

FORMAT = 1
MANIFEST = "manifest.json"
IN_MEMORY = 16 * 2**20  # a member above it waits on disk until its length is known


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds. `members` maps each member to its SHA-256."""

    program: str
    revision: str  # of the schema
    dialect: str
    taken_at: str
    seal: str  # proves, without showing it, with which key the audit chain was sealed
    events: int  # of the audit chain
    is_whole: bool  # with the blobs that the database names
    members: Mapping[str, str] = field(repr=False)
    format: int = FORMAT


class BackupWriter:
    """Adds members one after the other, and remembers their digests."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.members: dict[str, str] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        digest = hashlib.sha256()
        with SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
            for chunk in chunks:
                digest.update(chunk)
                spool.write(chunk)
            member = tarfile.TarInfo(name)
            member.size, member.mode = spool.tell(), 0o600
            spool.seek(0)
            self._tar.addfile(member, spool)
        self.members[name] = digest.hexdigest()

    def close_with(self, manifest: Manifest) -> None:
        text = json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(text), 0o600
        self._tar.addfile(member, io.BytesIO(text))


@contextmanager
def new_backup(path: Path) -> Generator[BackupWriter]:
    """A file that appears under its name only when it is whole; never over another."""
    if path.exists():
        raise StoreError(f"{path} exists already. Name another file; backups are never replaced.")
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as tar:
                yield BackupWriter(tar)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}. Check its folder and the free "
            "space; nothing was kept."
        ) from error
    finally:
        draft.unlink(missing_ok=True)


class Backup:
    """A backup whose members all have the digests that its manifest names."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar = tar
        self.manifest = manifest

    def names(self, folder: str) -> list[str]:
        return sorted(name for name in self.manifest.members if name.startswith(f"{folder}/"))

    def has(self, name: str) -> bool:
        return name in self.manifest.members

    def open(self, name: str) -> IO[bytes]:
        return cast("IO[bytes]", self._tar.extractfile(name))

    def read(self, name: str) -> bytes:
        with self.open(name) as member:
            return member.read()


@contextmanager
def open_backup(path: Path) -> Generator[Backup]:
    """Raises BadSource for a file that is no backup, is damaged or of a newer format."""
    try:
        with tarfile.open(path, mode="r:gz") as tar:
            backup = Backup(tar, _manifest(tar, path))
            _verify(backup, tar, path)
            yield backup
    except FileNotFoundError:
        raise BadSource(f"There is no backup {path}.") from None
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BadSource(f"{path} is no whole backup: {error}. Use another copy of it.") from error


def _manifest(tar: tarfile.TarFile, path: Path) -> Manifest:
    try:
        member = tar.extractfile(MANIFEST)
    except KeyError:
        member = None
    if member is None:
        raise BadSource(f"{path} is no backup of Quartermaster: it has no {MANIFEST}.")
    written = json.load(member)
    if written.get("format") != FORMAT:
        raise BadSource(
            f"{path} is a backup of format {written.get('format')!r}, this program reads {FORMAT}. "
            "Restore it with the version that wrote it."
        )
    return Manifest(**written)


def _verify(backup: Backup, tar: tarfile.TarFile, path: Path) -> None:
    held = {member.name for member in tar.getmembers()} - {MANIFEST}
    if held != set(backup.manifest.members):
        raise BadSource(f"{path} does not hold what its manifest names. Use another copy of it.")
    for name, expected in sorted(backup.manifest.members.items()):
        with backup.open(name) as member:
            found = hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]  # a readable member
        if found != expected:
            raise BadSource(f"{name} in {path} is damaged. Use another copy of it.")
