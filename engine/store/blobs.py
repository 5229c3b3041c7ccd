"""Content-addressed blobs in a folder or bucket: the same bytes have one name, for ever."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import cast
from uuid import uuid4

import fsspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.errors import StoreError


@dataclass(frozen=True, kw_only=True)
class BlobStore:
    """Immutable blobs under any fsspec URL; a plain path is a local folder."""

    url: str

    def put(self, content: bytes, suffix: str) -> str:
        """Store bytes and return their name; storing the same bytes again writes nothing.

        The bytes arrive under a temporary name and are moved, so a crash leaves no half blob.
        """
        name = f"{hashlib.sha256(content).hexdigest()}{suffix}"
        filesystem, root = self._place()
        place = f"{root}/{name[:2]}/{name}"
        if not filesystem.exists(place):
            self._write(f"{root}/{name[:2]}", name, content)
        return name

    def check_writable(self) -> None:
        """Write and remove a few bytes; raises StoreError when that fails."""
        filesystem, root = self._place()
        name = f"write-check-{uuid4().hex}"
        self._write(root, name, b"check")
        filesystem.rm_file(f"{root}/{name}")

    def _write(self, folder: str, name: str, content: bytes) -> None:
        filesystem, _ = self._place()
        # A name of its own per writer: two processes may store the same content at once.
        draft = f"{folder}/{name}.{uuid4().hex}.part"
        try:
            filesystem.makedirs(folder, exist_ok=True)
            filesystem.pipe_file(draft, content)
            filesystem.mv(draft, f"{folder}/{name}")
        except OSError as error:
            with suppress(OSError):
                filesystem.rm_file(draft)
            raise StoreError(
                f"The snapshot store {self.url} cannot be written: {error.strerror or error}. "
                "Check the setting data.snapshots, its rights and the free space."
            ) from error

    def _place(self) -> tuple[fsspec.AbstractFileSystem, str]:
        return cast("tuple[fsspec.AbstractFileSystem, str]", fsspec.core.url_to_fs(self.url))

    def get(self, name: str) -> bytes:
        """The bytes of a blob, verified against their name."""
        filesystem, root = self._place()
        try:
            content = cast("bytes", filesystem.cat_file(f"{root}/{name[:2]}/{name}"))
        except FileNotFoundError:
            raise StoreError(
                f"The snapshot store {self.url} lacks {name}. Is data.snapshots the folder that "
                "this database was used with?"
            ) from None
        if not name.startswith(hashlib.sha256(content).hexdigest()):
            raise StoreError(
                f"{name} in {self.url} is damaged: its content does not match its name."
            )
        return content

    def put_table(self, table: pa.Table, row_group_size: int = 65_536) -> str:
        """Store a table as Parquet; the same rows in the same order give the same name.

        Small row groups let `find_rows` skip most of a table that is sorted by what it looks for.
        """
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd", row_group_size=row_group_size)
        return self.put(sink.getvalue().to_pybytes(), ".parquet")

    def get_table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        return pq.read_table(pa.BufferReader(self.get(name)), columns=columns)

    def schema(self, name: str) -> pa.Schema:
        """Columns and metadata of a stored table, without its rows."""
        filesystem, root = self._place()
        return pq.read_schema(f"{root}/{name[:2]}/{name}", filesystem=filesystem)

    def find_rows(self, name: str, equal: Mapping[str, str | int]) -> pa.Table:
        """The rows of a stored table in which every named column has the given value.

        Only the row groups that can hold them are read, so the content is not verified here.
        """
        filesystem, root = self._place()
        condition = pc.scalar(value=True)
        for column, value in sorted(equal.items()):
            condition &= pc.field(column) == value
        return pq.read_table(f"{root}/{name[:2]}/{name}", filters=condition, filesystem=filesystem)
