"""`qm db`: create, migrate and look at the database."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from engine.store.database import Database


def register(app: typer.Typer) -> None:
    db = typer.Typer(help="Create, migrate and look at the database.", no_args_is_help=True)
    db.command("init")(init)
    db.command("upgrade")(upgrade)
    db.command("downgrade")(downgrade)
    db.command("status")(status)
    app.add_typer(db, name="db")


def init(
    context: typer.Context,
    admin_url: Annotated[
        str,
        typer.Option(
            "--admin-url", envvar="QM_ADMIN_URL", help="PostgreSQL as whoever owns the tables."
        ),
    ],
) -> None:
    """Make the login of database.url one that can do no harm, and bring the tables up to date.

    Each unit of work then takes the role qm_read or qm_write; the audit, revisions and decisions
    can be added to and read, never changed or deleted. Repeat it after every update.
    """
    from agent.settings import load_settings
    from engine.store.roles import init_roles

    settings = load_settings(context.obj).settings
    login = init_roles(admin_url, settings.database_url)
    typer.echo(f"{login} reads as qm_read and writes as qm_write; tables are up to date.")


def upgrade(
    context: typer.Context,
    revision: str = "head",
    *,
    backup: Annotated[
        bool, typer.Option(help="Keep the database in home/backups before it is changed.")
    ] = True,
) -> None:
    """Migrate up; an empty database is created, one with decisions in it is backed up first."""
    from agent.bootstrap import connect_database
    from engine.store import migrate

    database = connect_database(context.obj)
    status = migrate.schema_status(database)
    if backup and not status.is_current and migrate.has_decisions(database):
        typer.echo(f"kept as it was in {_keep(context.obj)}")
    migrate.upgrade(database, revision)
    typer.echo(f"{database.shown_url()} is at revision {migrate.schema_status(database).current}")


def _keep(config: "Path | None") -> "Path":
    """A backup of the database before it changes; snapshots never do, so they stay."""
    from agent.bootstrap import open_bare_stores
    from agent.clock import SystemClock
    from agent.commands.backup import home_of
    from engine.service.backup import keep

    settings, stores = open_bare_stores(config)
    now = SystemClock().now()
    file = settings.home_folder / "backups" / f"before-upgrade-{now:%Y%m%dT%H%M%SZ}.tar.gz"
    keep(stores, home_of(settings), file, now=now, with_blobs=False)
    stores.database.close()
    return file


def downgrade(
    context: typer.Context,
    revision: str,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; for scripts.")] = False,
) -> None:
    """Migrate down to a revision; 'base' removes every table and its data. Asks first."""
    from agent.bootstrap import connect_database
    from engine.store import migrate

    database = connect_database(context.obj)
    if not yes:
        typer.echo(_lost(database, revision))
        typer.confirm(f"Migrate {database.shown_url()} down to {revision}?", abort=True)
    migrate.downgrade(database, revision)
    current = migrate.schema_status(database).current or "none"
    typer.echo(f"{database.shown_url()} is at revision {current}")


def _lost(database: "Database", revision: str) -> str:
    """What going down takes away: everything, table by table, or what newer revisions added."""
    if revision != "base":
        return f"The tables and columns that came after revision {revision} go, with their data."
    import sqlalchemy as sa

    with database.read() as look:
        names = [n for n in sa.inspect(look).get_table_names() if n != "alembic_version"]
        rows = {
            name: look.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()
            for name in sorted(names)
        }
    held = ", ".join(f"{name} ({count:,})" for name, count in rows.items() if count)
    if not held:
        return f"All {len(rows)} tables go; they are empty."
    return (
        f"All {len(rows)} tables go, with the rows that they hold: {held}. Orders, decisions "
        "and their audit cannot be restored without a backup."
    )


def status(context: typer.Context) -> None:
    """Say where the database stands."""
    from agent.bootstrap import connect_database
    from engine.store import migrate

    database = connect_database(context.obj)
    schema = migrate.schema_status(database)
    verdict = "current" if schema.is_current else f"needs {schema.head}: run `qm db upgrade`"
    typer.echo(f"{database.shown_url()}: revision {schema.current or 'none'}, {verdict}")
