"""Every table as lines of JSON, and back: the same text from SQLite and PostgreSQL.

Tables are read as they are in the database, not as this program declares them, so that a database
of an older schema can be dumped before it is upgraded. Instants are UTC with their zone.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

VERSIONS = "alembic_version"
AT_ONCE = 1_000  # rows


def reflected(connection: sa.Connection) -> list[sa.Table]:
    """The tables of the database, referenced ones first; not Alembic's, not LangGraph's."""
    found = sa.MetaData()
    found.reflect(connection, only=lambda name, _: _is_ours(name))
    return found.sorted_tables


def _is_ours(name: str) -> bool:
    return name != VERSIONS and not name.startswith("checkpoint")


def rows_of(look: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """One JSON line per row, in the order of the primary key."""
    query = sa.select(table).order_by(*table.primary_key.columns)
    for row in look.execution_options(yield_per=AT_ONCE).execute(query):
        cells = {
            column.name: _written(value) for column, value in zip(table.columns, row, strict=True)
        }
        yield (json.dumps(cells, ensure_ascii=False, sort_keys=True) + "\n").encode()


def insert_rows(work: sa.Connection, table: sa.Table, lines: Iterable[bytes]) -> int:
    """Insert what `rows_of` wrote; the number of rows."""
    count, batch = 0, list[dict[str, Any]]()
    types = {column.name: column.type for column in table.columns}
    for line in lines:
        cells: dict[str, Any] = json.loads(line)
        batch.append({name: _read(types[name], cell) for name, cell in cells.items()})
        if len(batch) == AT_ONCE:
            work.execute(sa.insert(table), batch)
            count, batch = count + len(batch), []
    if batch:
        work.execute(sa.insert(table), batch)
    return count + len(batch)


def count_on(work: sa.Connection, tables: Iterable[sa.Table]) -> None:
    """PostgreSQL's own counters go on after the rows that were inserted with their numbers."""
    if work.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.columns:
            sequence = work.scalar(
                sa.select(sa.func.pg_get_serial_sequence(f'"{table.name}"', column.name))
            )
            highest = work.scalar(sa.select(sa.func.max(column))) if sequence else None
            if highest is not None:
                work.execute(sa.select(sa.func.setval(sequence, highest)))


def _written(value: object) -> object:
    if isinstance(value, datetime):
        # SQLite has no zones; every instant was stored in UTC.
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _read(kind: "sa.types.TypeEngine[Any]", cell: Any) -> Any:  # noqa: ANN401  a cell of any column
    if cell is None:
        return None
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat(cell)
    return date.fromisoformat(cell) if isinstance(kind, sa.Date) else cell
