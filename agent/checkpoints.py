"""Where a turn that is under way is kept: a file of its own, or the team's PostgreSQL."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver

from engine.store.database import Database


@contextmanager
def open_checkpoints(
    database: Database, folder: Path
) -> Generator[BaseCheckpointSaver[Any], None, None]:
    """A saver beside the database: SQLite in `folder`, PostgreSQL in the same database."""
    if database.dialect == "postgresql":
        from langgraph.checkpoint.postgres import PostgresSaver
        from psycopg import Connection
        from psycopg.rows import dict_row

        url = database.engine.url.set(drivername="postgresql")
        address = url.render_as_string(hide_password=False)
        with Connection.connect(
            address, autocommit=True, prepare_threshold=0, row_factory=dict_row
        ) as connection:
            saver = PostgresSaver(connection, serde=plain_serializer())
            saver.setup()
            yield saver
        return
    folder.mkdir(parents=True, exist_ok=True)
    # Used from the turn's own thread and from LangGraph's: the saver holds a lock of its own.
    connection = sqlite3.connect(folder / "checkpoints.db", check_same_thread=False, timeout=30)
    try:
        saver = SqliteSaver(connection, serde=plain_serializer())
        saver.setup()
        yield saver
    finally:
        connection.close()


def plain_serializer() -> JsonPlusSerializer:
    """Plain data only. The default would call whatever a checkpoint names while loading it."""
    return JsonPlusSerializer(allowed_msgpack_modules=None)
