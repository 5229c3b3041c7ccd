"""Where the newest seal is kept outside the database: a file or bucket object that only grows.

The line is written after the commit, so a crash between the two leaves an anchor that lags. That
is harmless: the next line, or `qm audit verify`, catches up. An anchor that knows a seal which
the database does not have is never harmless.
"""

import json
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import fsspec
from fsspec.implementations.local import LocalFileSystem


@dataclass(frozen=True, kw_only=True)
class Anchored:
    """The heads an anchor has seen, by sequence number, and lines that cannot be read."""

    seals: dict[int, frozenset[str]]
    unreadable: int

    @property
    def newest(self) -> int:
        return max(self.seals, default=0)


def append_head(anchor: str, seq: int, mac: str) -> None:
    """Add a head to the anchor and wait until it is on disk.

    The decision it belongs to is committed already, so a full disk must not look like a failed
    decision: it is a warning, and the lag shows in every verification.
    """
    # A line that a crash cut short must not swallow the next one, hence the leading line break.
    line = "\n" + json.dumps({"seq": seq, "mac": mac}) + "\n"
    try:
        _append(anchor, line.encode())
    except OSError as error:
        warnings.warn(
            f"The audit anchor {anchor} cannot be written: {error}. Nothing is lost; free the "
            "place and run `qm audit verify`.",
            RuntimeWarning,
            stacklevel=2,
        )


def read_anchor(anchor: str) -> Anchored:
    """Every head the anchor has seen; an anchor that does not exist has seen none."""
    filesystem, path = _place(anchor)
    try:
        text = cast("bytes", filesystem.cat_file(path)).decode(errors="replace")
    except FileNotFoundError:
        return Anchored(seals={}, unreadable=0)
    seals: dict[int, frozenset[str]] = {}
    unreadable = 0
    for line in filter(None, (line.strip() for line in text.splitlines())):
        try:
            head = json.loads(line)
            seq, mac = int(head["seq"]), str(head["mac"])
        except (ValueError, TypeError, KeyError):
            unreadable += 1
            continue
        seals[seq] = seals.get(seq, frozenset()) | {mac}
    return Anchored(seals=seals, unreadable=unreadable)


def _append(anchor: str, line: bytes) -> None:
    filesystem, path = _place(anchor)
    if not isinstance(filesystem, LocalFileSystem):
        with cast("BinaryIO", filesystem.open(path, "ab")) as sink:
            sink.write(line)
        return
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    # One write to a file opened for appending: lines of several processes do not mix.
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _place(anchor: str) -> tuple[fsspec.AbstractFileSystem, str]:
    return cast("tuple[fsspec.AbstractFileSystem, str]", fsspec.core.url_to_fs(anchor))
