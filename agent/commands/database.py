"""`qm db`: create, migrate and look at the database."""

import typer


def register(app: typer.Typer) -> None:
    db = typer.Typer(help="Create, migrate and look at the database.", no_args_is_help=True)
    db.command("upgrade")(upgrade)
    db.command("downgrade")(downgrade)
    db.command("status")(status)
    app.add_typer(db, name="db")


def upgrade(context: typer.Context, revision: str = "head") -> None:
    """Migrate up; an empty database is created."""
    from agent.bootstrap import connect_database
    from engine.store import migrate

    database = connect_database(context.obj)
    migrate.upgrade(database, revision)
    typer.echo(f"{database.shown_url()} is at revision {migrate.schema_status(database).current}")


def downgrade(context: typer.Context, revision: str) -> None:
    """Migrate down to a revision; 'base' removes every table and its data."""
    from agent.bootstrap import connect_database
    from engine.store import migrate

    database = connect_database(context.obj)
    migrate.downgrade(database, revision)
    current = migrate.schema_status(database).current or "none"
    typer.echo(f"{database.shown_url()} is at revision {current}")


def status(context: typer.Context) -> None:
    """Say where the database stands."""
    from agent.bootstrap import connect_database
    from engine.store import migrate

    database = connect_database(context.obj)
    schema = migrate.schema_status(database)
    verdict = "current" if schema.is_current else f"needs {schema.head}: run `qm db upgrade`"
    typer.echo(f"{database.shown_url()}: revision {schema.current or 'none'}, {verdict}")
