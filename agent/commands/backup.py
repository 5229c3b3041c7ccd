"""`qm backup` and `qm restore`: a company in one file, and back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agent.sections import Settings
    from engine.service.backup import Home

File = Annotated[Path, typer.Argument(metavar="FILE", help="Such as company-2026-11-23.tar.gz.")]


def register(app: typer.Typer) -> None:
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    context: typer.Context,
    file: File,
    *,
    snapshots: Annotated[
        bool, typer.Option(help="With the snapshots, which a bucket of your own may keep already.")
    ] = True,
) -> None:
    """Write everything into one file while everything runs: one consistent point.

    Database, snapshots, the turns under way, the people file and the audit's anchor. Not the
    audit key, which belongs with your other secrets, and not quartermaster.toml.
    """
    from agent.bootstrap import open_company
    from agent.terminal.progress import progress_bar
    from engine.service.backup import keep

    with open_company(context.obj, create=False) as company, progress_bar() as progress:
        kept = keep(
            company.stores, home_of(company.settings), file,
            now=company.clock.now(), with_blobs=snapshots, progress=progress,
        )  # fmt: skip
    typer.echo(
        f"{file}: {kept.rows:,} rows, {kept.blobs:,} blobs, {kept.events:,} audit events, "
        f"{file.stat().st_size:,} bytes. Keep the audit key elsewhere: nothing restores without it."
    )


def restore(context: typer.Context, file: File) -> None:
    """Set a company up again in an empty home or database, and verify its audit.

    Put the audit key in place first: QM_AUDIT_KEY, or the file audit.key in home. A backup of
    SQLite may be restored to PostgreSQL and back; the schema is brought up to date.
    """
    from agent.bootstrap import open_bare_stores
    from agent.terminal.progress import progress_bar
    from engine.service.backup import restore as set_up_again

    settings, stores = open_bare_stores(context.obj)
    try:
        with progress_bar() as progress:
            kept = set_up_again(stores, home_of(settings), file, progress=progress)
    finally:
        stores.database.close()
    typer.echo(
        f"restored {kept.rows:,} rows and {kept.blobs:,} blobs; audit verified, "
        f"{kept.events:,} events; schema {kept.revision}"
    )


def home_of(settings: "Settings") -> "Home":
    from engine.service.backup import Home

    return Home(
        policy_file=settings.policy_file, checkpoints=settings.home_folder / "checkpoints.db"
    )
