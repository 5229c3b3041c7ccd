"""Where every seal is kept outside the database: a file or bucket object that only grows.

The line is written after the commit, so a crash between the two leaves an anchor that lags by that
unit of work; the next one goes on. An anchor that is gone, begins late, lags further or knows a
seal which the database does not have is never explained away: a person looks into it and says so
(`engine.service.reanchor`).
"""

import json
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

import fsspec
from fsspec.implementations.local import LocalFileSystem

from engine.errors import StoreError


@dataclass(frozen=True, kw_only=True)
class Anchored:
    """The heads an anchor has seen, by sequence number, and lines that cannot be read."""

    seals: dict[int, frozenset[str]]
    unreadable: int

    @property
    def newest(self) -> int:
        return max(self.seals, default=0)

    @property
    def oldest(self) -> int:
        return min(self.seals, default=0)


@dataclass(frozen=True, kw_only=True)
class HeadsToAnchor:
    """The seals of one unit of work, to be anchored when it is committed."""

    anchor: str
    heads: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])

    def __call__(self) -> None:
        append_heads(self.anchor, self.heads)


def append_heads(anchor: str, heads: Sequence[tuple[int, str]]) -> None:
    """Add seals (seq, mac) to the anchor and wait until they are on disk.

    The decision it belongs to is committed already, so neither a full disk nor a bucket that does
    not answer may look like a failed decision: it is a warning, and every verification shows the
    lag.
    """
    # A line that a crash cut short must not swallow the next one, hence the leading line break.
    lines = [f"\n{json.dumps({'seq': seq, 'mac': mac})}\n" for seq, mac in heads]
    try:
        _append(anchor, "".join(lines).encode())
    except Exception as error:  # noqa: BLE001  a bucket's library raises what it likes
        warnings.warn(
            f"The audit anchor {anchor} cannot be written: {type(error).__name__}: {error}. The "
            "decision stands and nothing is lost; mend the place and look with `qm audit anchor`.",
            RuntimeWarning,
            stacklevel=2,
        )


def read_anchor(anchor: str) -> Anchored:
    """Every head the anchor has seen; an anchor that does not exist has seen none.

    Raises StoreError for one that cannot be read.
    """
    try:
        filesystem, path = _place(anchor)
        text = cast("bytes", filesystem.cat_file(path)).decode(errors="replace")
    except FileNotFoundError:
        return Anchored(seals={}, unreadable=0)
    except Exception as error:
        raise StoreError(
            f"The audit anchor {anchor} cannot be read: {type(error).__name__}: {error}. Check the "
            "setting audit.anchor and that its place answers."
        ) from error
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
