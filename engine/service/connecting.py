"""Read other systems into folders that `qm import` takes: incrementally, and safe to repeat."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from engine.connect.sources.landing import Landing
from engine.connect.sources.port import Source
from engine.errors import PlanningError
from engine.service.stores import Stores
from engine.store.claims import insert_once
from engine.store.tables.storefront import connections

LONGEST_ERROR = 300
FLUSHED_EVERY = 20  # pages; a table is written whole, so not after each


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """`changed` rows by table of the contract; nothing in it: there was no news."""

    source: str
    folder: Path
    pages: int
    changed: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Connection:
    """How far a system was read, and what went wrong last."""

    name: str
    read_at: datetime | None
    last_error: str | None
    streams: tuple[str, ...]


def pull(stores: Stores, source: Source, folder: Path, *, now: datetime) -> Pulled:
    """Read what is new of every stream into the source's folder.

    A cursor is kept after the rows of its page: whenever this stops, the next pull goes on from
    there, and rows that come twice replace themselves. Raises what the source raises, once it is
    recorded.
    """
    landing, pages, changed = Landing(folder=folder), 0, dict[str, int]()
    _know(stores, source.name)
    try:
        landing.introduce(source.check())
        for stream in source.tables:
            kept = cursor = _cursor(stores, source.name, stream)
            for page in source.read(stream, kept):
                changed[page.table] = changed.get(page.table, 0) + landing.land(page)
                pages, cursor = pages + 1, page.cursor
                if pages % FLUSHED_EVERY == 0 and cursor != kept:
                    landing.flush()
                    _keep(stores, source.name, stream, cursor)
                    kept = cursor
            landing.flush()
            _keep(stores, source.name, stream, cursor)
    except PlanningError as error:
        _record(stores, source.name, last_error=str(error)[:LONGEST_ERROR])
        raise
    _record(stores, source.name, read_at=now, last_error=None)
    some = {table: count for table, count in sorted(changed.items()) if count}
    return Pulled(source=source.name, folder=folder, pages=pages, changed=some)


def connected(stores: Stores) -> tuple[Connection, ...]:
    """Every system that was ever read, by name."""
    with stores.database.read() as look:
        rows = look.execute(sa.select(connections).order_by(connections.c.name)).all()
    return tuple(
        Connection(
            name=row.name, read_at=row.read_at, last_error=row.last_error,
            streams=tuple(sorted(row.cursors)),
        )
        for row in rows
    )  # fmt: skip


def forget(stores: Stores, name: str) -> bool:
    """Read from the beginning the next time; what has landed stays."""
    with stores.database.write() as work:
        mine = connections.c.name == name
        return work.execute(sa.delete(connections).where(mine)).rowcount > 0


def _know(stores: Stores, name: str) -> None:
    with stores.database.write() as work:
        insert_once(work, connections, {"name": name, "cursors": {}})


def _cursor(stores: Stores, name: str, stream: str) -> str:
    query = sa.select(connections.c.cursors).where(connections.c.name == name)
    with stores.database.read() as look:
        cursors: dict[str, str] | None = look.execute(query).scalar()
    return "" if cursors is None else cursors.get(stream, "")


def _keep(stores: Stores, name: str, stream: str, cursor: str) -> None:
    mine = connections.c.name == name
    with stores.database.write() as work:
        query = sa.select(connections.c.cursors).where(mine).with_for_update()
        known = dict(work.execute(query).scalar_one())
        if known.get(stream, "") != cursor:
            values = {"cursors": {**known, stream: cursor}}
            work.execute(sa.update(connections).where(mine).values(values))


def _record(stores: Stores, name: str, **values: object) -> None:
    with stores.database.write() as work:
        work.execute(sa.update(connections).where(connections.c.name == name).values(values))
