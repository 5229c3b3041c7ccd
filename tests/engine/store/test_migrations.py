"""One line of migrations, up and down on both databases."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.errors import WrongSchema
from engine.store import migrate
from engine.store.database import Database
from engine.store.tables import metadata


def test_migrations_form_one_line() -> None:
    script = ScriptDirectory.from_config(migrate._config())
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1
    assert all(not revision.is_merge_point for revision in script.walk_revisions())


def test_migrations_go_up_and_down_and_up(empty_database: Database) -> None:
    migrate.upgrade(empty_database)
    migrate.downgrade(empty_database, "base")
    left = set(sa.inspect(empty_database.engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    migrate.upgrade(empty_database)
    assert migrate.schema_status(empty_database).is_current


def test_the_migrated_schema_is_the_declared_one(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_database_from_a_newer_version_is_a_clear_error(database: Database) -> None:
    with database.write() as work:
        work.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WrongSchema, match="9999"):
        migrate.require_current_schema(database)


def test_a_database_without_tables_says_how_to_make_them(empty_database: Database) -> None:
    with pytest.raises(WrongSchema, match="qm db upgrade"):
        migrate.require_current_schema(empty_database)
