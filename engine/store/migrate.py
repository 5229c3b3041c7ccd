"""Bring a database to the schema this program knows, or say why not."""

from dataclasses import dataclass

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.errors import WrongSchema
from engine.store.database import Database

MIGRATION_LOCK = 0x514D_0001  # any number nobody else locks; "QM", then a counter


@dataclass(frozen=True, kw_only=True)
class SchemaStatus:
    current: str | None  # None: an empty database
    head: str

    @property
    def is_current(self) -> bool:
        return self.current == self.head


def schema_status(database: Database) -> SchemaStatus:
    """Where the database stands; raises WrongSchema when it was made by a newer program."""
    script = ScriptDirectory.from_config(_config())
    with database.read() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    head = script.get_current_head()
    assert head is not None, "the wheel carries at least one revision"  # noqa: S101  a broken build
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise WrongSchema(
            f"The database {database.shown_url()} is at revision {current}, which this version "
            f"does not know (its newest is {head}). Install the newer Quartermaster that wrote it."
        )
    return SchemaStatus(current=current, head=head)


def knows(revision: str) -> bool:
    """Whether this program has a migration of that name."""
    script = ScriptDirectory.from_config(_config())
    return revision in {known.revision for known in script.walk_revisions()}


def has_decisions(database: Database) -> bool:
    """Whether anybody has decided anything in it: its audit has events. At any revision."""
    with database.read() as look:
        if not sa.inspect(look).has_table("audit_events"):
            return False
        return look.execute(sa.text("SELECT 1 FROM audit_events LIMIT 1")).first() is not None


def require_current_schema(database: Database) -> None:
    """Raise WrongSchema unless the database is at this program's newest revision."""
    status = schema_status(database)
    if not status.is_current:
        raise WrongSchema(
            f"The database {database.shown_url()} is at revision {status.current or 'none'}, this "
            f"program needs {status.head}. Run: qm db upgrade"
        )


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate up in one transaction; an empty database is created."""
    schema_status(database)
    with database.write() as connection:
        _wait_for_turn(connection)
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Migrate down in one transaction; 'base' removes every table."""
    schema_status(database)
    with database.write() as connection:
        _wait_for_turn(connection)
        command.downgrade(_config(connection), revision)


def _wait_for_turn(connection: sa.Connection) -> None:
    """Programs that start at once migrate one after the other; SQLite's writers queue anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "engine.store:migrations")
    config.attributes["connection"] = connection
    return config
