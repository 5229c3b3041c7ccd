"""What the database's own errors mean to whoever runs it."""

import sqlite3

from sqlalchemy import exc

from engine.errors import StoreError
from engine.store.address import without_credentials

BUSY = "is busy: another program kept writing for {seconds} s. Try again when it has ended."
FULL = "has no space left. Free some on its disk; nothing was half written."
READ_ONLY = "cannot be written: {reason}. Check its rights, or set QM_HOME to a writable folder."
DAMAGED = "is damaged or no database at all: {reason}. Restore it from a backup."
LOST = "stopped answering: {reason}. Check that its server runs; nothing was half written."
CLASH = "was changed by somebody else at the same moment. Nothing was done; try again."
_SQLITE = (
    ("SQLITE_BUSY", BUSY),
    ("SQLITE_LOCKED", BUSY),
    ("SQLITE_FULL", FULL),
    ("SQLITE_READONLY", READ_ONLY),
    ("SQLITE_CANTOPEN", READ_ONLY),
    ("SQLITE_IOERR", LOST),
    ("SQLITE_CORRUPT", DAMAGED),
    ("SQLITE_NOTADB", DAMAGED),
)
# By the beginning of the SQLSTATE; PostgreSQL documentation, appendix A.
_POSTGRES = (
    ("08", LOST),  # connection exceptions
    ("57P", LOST),  # the administrator shut it down, it crashed, it is starting
    ("53100", FULL),
    ("53", LOST),  # too many connections, out of memory
    ("25006", READ_ONLY),
    ("42501", READ_ONLY),  # this login lacks a right
    ("40", CLASH),  # serialisation failure, deadlock
    ("55P03", BUSY),
    ("XX001", DAMAGED),
    ("XX002", DAMAGED),
)


def explain(error: exc.DBAPIError, shown_url: str, busy_seconds: int) -> StoreError | None:
    """The sentence for an error that an operator can fix; None for a fault of this program."""
    sentence = _sentence(error)
    if sentence is None:
        return None
    reason = one_line(error)
    told = sentence.format(reason=reason, seconds=busy_seconds)
    return StoreError(f"The database {shown_url} {told}")


def one_line(error: exc.DBAPIError) -> str:
    """The driver's own words, without the statement, hints of several lines and passwords."""
    lines = [line.strip() for line in str(error.orig).splitlines() if line.strip()]
    told = lines[0].rstrip(".") if lines else type(error.orig).__name__
    return without_credentials(told)


def _sentence(error: exc.DBAPIError) -> str | None:
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return _first(_SQLITE, getattr(original, "sqlite_errorname", ""))
    # psycopg carries the code of the server; without one the connection itself broke.
    code = getattr(original, "sqlstate", None)
    if code is None:
        return LOST if error.connection_invalidated else None
    return _first(_POSTGRES, code)


def _first(meanings: tuple[tuple[str, str], ...], code: str) -> str | None:
    return next((told for beginning, told in meanings if code.startswith(beginning)), None)
