"""Files that are handed over by lying in a folder: whole or not at all, and never changed."""

import os
from pathlib import Path

from engine.errors import StoreError


def hand_over_file(folder: Path, name: str, content: bytes) -> Path:
    """Write a file under its name and return its path; the same file again is no second one.

    It is written and flushed under another name and then linked, so a reader never sees half of
    it and a crash leaves at most a hidden draft. Raises StoreError when it cannot be written, or
    when another file lies there under this name.
    """
    path = folder / name
    draft = folder / f".{name}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_through(draft, content)
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            _require_same(path, content)
        finally:
            draft.unlink(missing_ok=True)
        _flush_folder(folder)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}. Check the setting "
            "outbox.folder, its rights and the free space."
        ) from error
    return path


def _write_through(path: Path, content: bytes) -> None:
    try:
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _require_same(path: Path, content: bytes) -> None:
    if path.read_bytes() != content:
        raise StoreError(
            f"{path} is there already with another content. Move it away if it is not ours."
        )


def _flush_folder(folder: Path) -> None:
    # Without this a power cut may forget the name although the content is on the disk.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
