"""`qm config`: what is set, where it came from, and what could be."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.setting_report import SettingRow
    from agent.settings import Loaded

WIDE = 140  # columns of a screen that also shows what each setting means
PIPE_WIDTH = 240  # a file or a pipe does not wrap
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def register(app: typer.Typer) -> None:
    config = typer.Typer(
        help="Look at the settings and where they come from.", no_args_is_help=True
    )
    config.command("show")(show)
    config.command("path")(path)
    config.command("example")(example)
    app.add_typer(config, name="config")


def show(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Print every setting with its value and origin; secrets stay hidden.

    A setting is written in quartermaster.toml as [section] key = value, or given as the variable
    QM_SECTION_KEY. Secrets may also stand in a file named by QM_SECTION_KEY_FILE.
    """
    from agent.setting_report import settings_report
    from agent.settings import load_settings

    rows = settings_report(load_settings(context.obj))
    if as_json:
        typer.echo(json.dumps([row.as_json() for row in rows], indent=2))
        return
    _print_table(rows)


def path(context: typer.Context) -> None:
    """Print the settings file in use, and the home of local data."""
    from agent.settings import CONFIG_NAME, load_settings

    loaded = load_settings(context.obj)
    typer.echo(f"settings  {_file_of(loaded) or f'none; ./{CONFIG_NAME} would be read'}")
    typer.echo(f"home      {loaded.settings.home_folder}")


def example() -> None:
    """Print a settings file with every setting as a comment; save it as quartermaster.toml."""
    from agent.setting_report import example_file

    typer.echo(example_file())


def _print_table(rows: "Sequence[SettingRow]") -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PIPE_WIDTH)
    headings = ["setting", "value", "origin"]
    # On a narrow screen the meaning would squeeze the values; `qm config example` has it too.
    headings += ["meaning"] if console.width >= WIDE else []
    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        cells = [row.key, row.shown, row.origin, row.description][: len(headings)]
        table.add_row(*map(escape, cells), style=None if row.is_default else "bold")
    console.print(table)


def _file_of(loaded: "Loaded") -> Path | None:
    return loaded.file.absolute() if loaded.file else None
