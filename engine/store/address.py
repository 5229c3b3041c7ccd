"""Database addresses: read without ever repeating one that may hold a password."""

import re

import sqlalchemy as sa
from sqlalchemy import exc

from engine.errors import StoreError

WRITE = "Write sqlite:///path/file.db or postgresql+psycopg://user@host/name."
HIDDEN = "[hidden]"
# user:password@, which a driver may repeat from an address that it could not read.
_CREDENTIALS = re.compile(r"[^\s/:@'\"]+:\S*@")


def parse_address(address: str) -> sa.URL:
    """The address in its parts; raises StoreError without a word of it where it cannot be read."""
    try:
        parsed = sa.make_url(address)
        known = parsed.get_backend_name() in {"sqlite", "postgresql"}
    except (exc.ArgumentError, ValueError):  # ValueError: a port that is no number
        known, parsed = False, None
    # SQLite has no host, and a host no @: a slash or an @ stands where it should not.
    if parsed is not None and known:
        strange = bool(parsed.host) and (parsed.get_backend_name() == "sqlite" or _torn(parsed))
        if not strange:
            return parsed
    # Raised outside the handler: the cause would repeat the address in a crash report.
    raise StoreError(
        "database.url is no address of an sqlite or postgresql database; it is not shown, because "
        f"it may hold a password. {WRITE} In a password, @ is written %40."
    )


def show_address(url: sa.URL) -> str:
    """The address without its password, wherever it stands."""
    if "password" in url.query:
        url = url.update_query_dict({"password": "***"})
    return url.render_as_string(hide_password=True)


def without_credentials(text: str) -> str:
    """The text with everything hidden that looks like user:password@."""
    return _CREDENTIALS.sub(f"{HIDDEN}@", text)


def _torn(url: sa.URL) -> bool:
    return "@" in f"{url.host}{url.database or ''}"
