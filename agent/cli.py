"""`qm`: thin commands over the services. Heavy imports stay inside the commands that need them."""

import os
import sys
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.core import TyperGroup

from agent.commands import (
    api_key,
    approve,
    audit,
    backorders,
    backup,
    budget,
    chat,
    config,
    connect,
    corrections,
    data,
    database,
    demo,
    demo_data,
    doctor,
    exceptions,
    explain,
    kpi,
    launch,
    learn,
    messages,
    outbox,
    override,
    plan,
    policy,
    privacy,
    promotion,
    purchase,
    replay,
    review,
    rollout,
    serve,
    slack,
    suppliers,
    turn,
    webhooks,
)
from agent.terminal.harmless import visible
from engine.errors import PlanningError

# What `qm --help` teaches: panels in the order in which a newcomer needs them.
PANELS = {
    "Start": (demo, demo_data, connect, data, doctor, rollout),
    "Buy": (plan, explain, exceptions, chat, purchase, approve, budget, suppliers),
    "Promise": (backorders, messages, api_key, webhooks),
    "Look back": (kpi, review, learn, replay),
    "Look after": (override, promotion, launch, corrections, policy, audit, outbox, turn, privacy),
    "Run": (serve, slack, config, database, backup),
}
OTHERS = "Measure"  # what other packages offer


def build_app() -> typer.Typer:
    app = typer.Typer(
        name="qm",
        cls=InOrder,
        help="Quartermaster: an inventory planner you talk to. Start with: qm demo",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(root)
    for panel, areas in PANELS.items():
        for area in areas:
            area.register(app)
        _put_in_panel(app, panel)
    return app


def _put_in_panel(app: typer.Typer, panel: str) -> None:
    """Everything registered since the last panel was filled."""
    for entry in (*app.registered_commands, *app.registered_groups):
        if not isinstance(entry.rich_help_panel, str):
            entry.rich_help_panel = panel


class InOrder(TyperGroup):
    """Lists commands panel by panel; typer itself lists all groups after all commands."""

    def list_commands(self, ctx: typer.Context) -> list[str]:
        order = [*PANELS, OTHERS]

        def place(name: str) -> int:
            return order.index(str(getattr(self.commands[name], "rich_help_panel", OTHERS)))

        return sorted(super().list_commands(ctx), key=place)


def _show_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"quartermaster {version('quartermaster')}")
        raise typer.Exit


def root(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(help="Settings file; else $QM_CONFIG, else ./quartermaster.toml."),
    ] = None,
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version and exit.",
            callback=lambda value: _show_version(wanted=value),
            is_eager=True,
        ),
    ] = False,
) -> None:
    context.obj = config


def _with_lazy_commands(app: typer.Typer, arguments: list[str]) -> typer.Typer:
    """Add the commands other packages offer, loading only the one that is called.

    The agent never imports `evals`; an entry point is how `qm eval` finds its way.
    """
    for offered in entry_points(group="quartermaster.commands"):
        if arguments[:1] == [offered.name]:
            app.add_typer(offered.load(), name=offered.name, rich_help_panel=OTHERS)
        else:
            told = f"See: qm {offered.name} --help"
            app.command(offered.name, help=told, rich_help_panel=OTHERS)(_not_called)
    return app


def _not_called() -> None:
    """Stands in for a command of another package while a different one is called."""


def main() -> None:
    """Run a command; a PlanningError is a sentence and exit code 2, anything else a crash."""
    try:
        _with_lazy_commands(build_app(), sys.argv[1:])()
    except PlanningError as error:
        typer.secho(f"qm: {visible(str(error))}", fg="red", err=True)
        _leave(2)
    except KeyboardInterrupt:
        _leave(130)  # as a shell reports an interrupted program
    except SystemExit as ending:
        _leave(ending.code)
    except Exception as error:  # noqa: BLE001  the outermost edge: log and answer a reference
        from agent.clock import SystemClock
        from agent.crash import config_named, explain_crash

        told = explain_crash(error, config_named(sys.argv[1:]), SystemClock().now())
        typer.secho(f"qm: {told}", fg="red", err=True)
        _leave(1)


def _leave(code: str | int | None) -> NoReturn:
    """Exit, quietly also when the reader of a pipe (`| head`) has gone before the last line."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more while it ends, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
