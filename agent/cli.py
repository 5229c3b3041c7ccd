"""`qm`: thin commands over the services. Heavy imports stay inside the commands that need them."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import PlanningError

app = typer.Typer(
    name="qm",
    help="Quartermaster: an inventory planner you talk to. Start with: qm demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
db = typer.Typer(help="Create, migrate and look at the database.", no_args_is_help=True)
app.add_typer(db, name="db")

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Settings file; else $QM_CONFIG, else ./quartermaster.toml."),
]


def _show_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"quartermaster {version('quartermaster')}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    config: ConfigOption = None,
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=lambda v: _show_version(wanted=v), is_eager=True)
    ] = False,
) -> None:
    context.obj = config


@db.command("upgrade")
def db_upgrade(context: typer.Context, revision: str = "head") -> None:
    """Migrate up; an empty database is created."""
    from agent.bootstrap import connect_database
    from engine.store import migrate

    database = connect_database(context.obj)
    migrate.upgrade(database, revision)
    typer.echo(f"{database.shown_url()} is at revision {migrate.schema_status(database).current}")


@db.command("downgrade")
def db_downgrade(context: typer.Context, revision: str) -> None:
    """Migrate down to a revision; 'base' removes every table and its data."""
    from agent.bootstrap import connect_database
    from engine.store import migrate

    database = connect_database(context.obj)
    migrate.downgrade(database, revision)
    current = migrate.schema_status(database).current or "none"
    typer.echo(f"{database.shown_url()} is at revision {current}")


@db.command("status")
def db_status(context: typer.Context) -> None:
    """Say where the database stands."""
    from agent.bootstrap import connect_database
    from engine.store import migrate

    database = connect_database(context.obj)
    status = migrate.schema_status(database)
    verdict = "current" if status.is_current else f"needs {status.head}: run `qm db upgrade`"
    typer.echo(f"{database.shown_url()}: revision {status.current or 'none'}, {verdict}")


def main() -> None:
    """Run a command; a PlanningError is a sentence and exit code 2, anything else a crash."""
    try:
        app()
    except PlanningError as error:
        typer.secho(f"qm: {error}", fg="red", err=True)
        sys.exit(2)
