"""One door to the transactional store: SQLite by default, PostgreSQL by one setting."""

import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.pool import QueuePool
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

from engine.errors import StoreError
from engine.store.address import parse_address, show_address
from engine.store.failures import BUSY, explain, one_line
from engine.store.forks import forget_in_children
from engine.store.role_use import RoleUse
from engine.store.turns import Turns, WaitedTooLong

Dialect = Literal["sqlite", "postgresql"]
BUSY_TIMEOUT_SECONDS = 30
_AFTER_COMMIT = "qm_after_commit"
_MEMORY = "qm_memory"


@dataclass(frozen=True, kw_only=True)
class Database:
    """A connected store. `read()` and `write()` are the units of work; nothing else opens one."""

    engine: sa.Engine
    turns: Turns = field(default_factory=Turns, repr=False, compare=False)
    roles: RoleUse = field(default_factory=RoleUse, repr=False, compare=False)

    @property
    def dialect(self) -> Dialect:
        return "sqlite" if self.engine.dialect.name == "sqlite" else "postgresql"

    @contextmanager
    def read(self) -> Generator[sa.Connection, None, None]:
        """A consistent look at the store; what it changed, if anything, is rolled back.

        All statements see one moment: SQLite's transactions do, PostgreSQL's must be told to.
        """
        with self._connection(write=False) as connection:
            yield connection
            connection.rollback()

    @contextmanager
    def write(self, *, is_urgent: bool = False) -> Generator[sa.Connection, None, None]:
        """One unit of work: committed whole when the block ends well, else rolled back whole.

        What was handed to `after_commit` runs once the work is on disk, and only then. What is
        urgent goes before other writers of this process; it must be short.
        """
        with self._turn(is_urgent=is_urgent), self._connection(write=True) as connection:
            connection.info.pop(_AFTER_COMMIT, None)
            yield connection
            connection.commit()
            calls = connection.info.pop(_AFTER_COMMIT, {})
        for call in calls.values():
            call()

    @contextmanager
    def _turn(self, *, is_urgent: bool) -> Generator[None, None, None]:
        """SQLite has one writer at a time; PostgreSQL's own queue of row locks is fair."""
        if self.dialect != "sqlite":
            yield
            return
        try:
            with self.turns.taken(BUSY_TIMEOUT_SECONDS, is_urgent=is_urgent):
                yield
        except WaitedTooLong:
            told = BUSY.format(seconds=BUSY_TIMEOUT_SECONDS)
            raise StoreError(f"The database {self.shown_url()} {told}") from None

    @contextmanager
    def _connection(self, *, write: bool) -> Generator[sa.Connection, None, None]:
        with self._connect().execution_options(qm_write=write) as connection:
            try:
                if not write and self.dialect == "postgresql":
                    connection.execution_options(isolation_level="REPEATABLE READ")
                connection.begin()
                connection.info[_MEMORY] = {}
                if self.dialect == "postgresql":
                    self.roles.take(connection, write=write)
                yield connection
            except exc.DBAPIError as error:
                told = explain(error, self.shown_url(), BUSY_TIMEOUT_SECONDS)
                if told is None:
                    raise
                raise told from error

    def _connect(self) -> sa.Connection:
        try:
            return self.engine.connect()
        except exc.DBAPIError as error:
            raise StoreError(
                f"The database {self.shown_url()} cannot be opened: {one_line(error)}. Check the "
                "setting database.url, that the place is writable or the server runs, and the "
                "password."
            ) from error

    def shown_url(self) -> str:
        """The address without its password."""
        return show_address(self.engine.url)

    def close(self) -> None:
        self.engine.dispose()

    def __reduce__(self) -> tuple[Callable[[str], "Database"], tuple[str]]:
        """A worker process opens the same address anew; a connection cannot travel."""
        return open_database, (self.engine.url.render_as_string(hide_password=False),)


def memory(work: sa.Connection) -> dict[str, Any]:
    """What this unit of work has read under a lock it holds and need not read again.

    Emptied when the next one begins on the same connection.
    """
    found: dict[str, Any] = work.info.setdefault(_MEMORY, {})
    return found


def after_commit(work: sa.Connection, name: str, call: Callable[[], None]) -> None:
    """Run `call` when this unit of work has been committed; a rolled back one drops it.

    A later call under the same name replaces the earlier one.
    """
    work.info.setdefault(_AFTER_COMMIT, {})[name] = call


def waiting_call(work: sa.Connection, name: str) -> Callable[[], None] | None:
    """What this unit of work is to run after its commit under a name; None: nothing yet."""
    return work.info.get(_AFTER_COMMIT, {}).get(name)


def open_database(url: str) -> Database:
    """Open the store at an SQLAlchemy URL; `sqlite:///file` or `postgresql+psycopg://...`.

    Raises StoreError for another address, without repeating it.
    """
    parsed = parse_address(url)
    if parsed.get_backend_name() == "sqlite":
        return Database(engine=_sqlite_engine(parsed))
    # A pooled connection may have died with a restarted server; it is replaced unseen.
    # Kept for as many people as decide at once: opening one takes longer than a decision.
    engine = sa.create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=20,
        max_overflow=20,
    )
    forget_in_children(engine)
    return Database(engine=engine)


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    """An SQLite file in WAL mode with foreign keys; writers take the lock when they begin.

    A deferred transaction that reads first and writes later fails at once when another writer
    came in between, whatever the busy timeout; BEGIN IMMEDIATE waits instead.
    """
    # An SQLite URI (file:...?mode=ro) names a file that is there already.
    if url.database and not url.database.startswith("file:"):
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder of {url.database} cannot be made: {error.strerror}. "
                "Set QM_HOME to a writable folder."
            ) from error
    # Connections are kept: opening one parses the schema, and closing the last one writes the
    # whole log back into the file, which a click would wait for.
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=-1,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )
    forget_in_children(engine)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi_connection: Any, _record: Any) -> None:  # noqa: ANN401  SQLAlchemy's own hook types
    # The driver must not open transactions of its own: _begin_sqlite decides how they begin.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Keep the log beside the file; tries again while another process makes the same switch.

    A new file is switched once, under a lock that SQLite asks for without its busy timeout.
    """
    patient = Retrying(
        retry=retry_if_exception(_is_busy),
        wait=wait_random(0.005, 0.05),
        stop=stop_after_delay(BUSY_TIMEOUT_SECONDS),
        reraise=True,
    )
    patient(cursor.execute, "PRAGMA journal_mode=WAL")


def _is_busy(error: BaseException) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("qm_write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
