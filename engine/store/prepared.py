"""Many rows made ready before the unit of work that inserts them.

Turning values into what a driver takes (JSON, dates, money) needs the interpreter and takes longer
than inserting them. SQLite has one writer at a time, so a process that did this inside its unit of
work, at low priority at that, would keep a click waiting in another process for as long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True, kw_only=True)
class PreparedRows:
    """An INSERT in the database's own words and what it inserts; empty: there is nothing to do."""

    statement: str
    rows: Sequence[Any] = field(repr=False)  # tuples or mappings, as the driver wants them

    def insert(self, work: sa.Connection) -> None:
        if self.rows:
            work.exec_driver_sql(self.statement, list(self.rows))


def prepared_rows(
    engine: sa.Engine, table: sa.Table, rows: Sequence[Mapping[str, object]]
) -> PreparedRows:
    """Every row names the same columns; those that it does not name must have no default here."""
    if not rows:
        return PreparedRows(statement="", rows=())
    dialect = engine.dialect
    statement = sa.insert(table).compile(dialect=dialect, column_keys=list(rows[0]))
    convert = {name: _converter(table.c[name], dialect) for name in rows[0]}
    ready = [{name: convert[name](row[name]) for name in convert} for row in rows]
    order = getattr(statement, "positiontup", None)  # of a dialect whose parameters have no names
    if order is None:
        return PreparedRows(statement=str(statement), rows=ready)
    return PreparedRows(
        statement=str(statement), rows=[tuple(row[name] for name in order) for row in ready]
    )


def _converter(column: sa.Column[Any], dialect: sa.Dialect) -> Any:  # noqa: ANN401  SQLAlchemy's own type
    return column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: object) -> object:
    return value
