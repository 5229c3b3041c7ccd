"""Where a turn that is under way is kept: a file of its own, or the team's PostgreSQL."""

import sqlite3
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from engine.store.database import Database

# LangGraph takes half a second to import; a prompt is shown before it is needed.
if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

    Saver = BaseCheckpointSaver[Any]


class Checkpoints:
    """A saver that is opened when it is first needed, once for all threads, and closed once."""

    def __init__(self, opening: "Callable[[], AbstractContextManager[Saver]]") -> None:
        self._opening = opening
        self._stack = ExitStack()
        self._saver: Saver | None = None
        self._lock = Lock()

    @staticmethod
    def holding(saver: "Saver") -> "Checkpoints":
        return Checkpoints(lambda: nullcontext(saver))

    @property
    def saver(self) -> "Saver":
        with self._lock:
            if self._saver is None:
                self._saver = self._stack.enter_context(self._opening())
            return self._saver

    def close(self) -> None:
        self._stack.close()


@contextmanager
def open_checkpoints(database: Database, folder: Path) -> "Generator[Saver, None, None]":
    """A saver beside the database: SQLite in `folder`, PostgreSQL in the same database."""
    opening = _on_postgresql if database.dialect == "postgresql" else _in_a_file
    with opening(database, folder) as saver:
        yield saver


@contextmanager
def _on_postgresql(database: Database, _folder: Path) -> "Generator[Saver, None, None]":
    from langgraph.checkpoint.postgres import PostgresSaver
    from psycopg import Connection
    from psycopg.conninfo import make_conninfo
    from psycopg.rows import dict_row

    url = database.engine.url
    # By name and not as one address: a password may hold what an address cannot.
    parts = url.translate_connect_args(username="user", database="dbname")
    named: dict[str, Any] = {**parts, **url.query}
    address = make_conninfo(**named)
    connecting = Connection[dict[str, Any]].connect(
        address, autocommit=True, prepare_threshold=0, row_factory=dict_row
    )
    with connecting as connection:
        # The schema of a login that owns nothing else (engine.store.roles).
        own = connection.execute("SELECT to_regnamespace('qm_checkpoints') IS NOT NULL AS own")
        found = own.fetchone()
        if found is not None and found["own"]:
            connection.execute("SET search_path TO qm_checkpoints, public")
        saver = PostgresSaver(connection, serde=plain_serializer())
        saver.setup()
        yield saver


@contextmanager
def _in_a_file(_database: Database, folder: Path) -> "Generator[Saver, None, None]":
    from langgraph.checkpoint.sqlite import SqliteSaver

    folder.mkdir(parents=True, exist_ok=True)
    # Used from the turn's own thread and from LangGraph's: the saver holds a lock of its own.
    connection = sqlite3.connect(folder / "checkpoints.db", check_same_thread=False, timeout=30)
    try:
        saver = SqliteSaver(connection, serde=plain_serializer())
        saver.setup()
        yield saver
    finally:
        connection.close()


def plain_serializer() -> "JsonPlusSerializer":
    """Plain data only. The default would call whatever a checkpoint names while loading it."""
    from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

    return JsonPlusSerializer(allowed_msgpack_modules=None)
