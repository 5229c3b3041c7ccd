"""`qm doctor`: what is well, what is not, and the next step for each."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from agent.health.check import Check

MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(
    context: typer.Context,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead: area, name, verdict, finding.")
    ] = False,
    model: Annotated[
        bool, typer.Option("--model", help="Also ask the model server; costs a few tokens.")
    ] = False,
) -> None:
    """Explain the state of settings, connections, people, data and background work.

    Works on a machine where nothing is set up. Each line that is not well
    names the next step. Exit code 1 when something fails.
    """
    from dataclasses import asdict
    from itertools import chain

    from agent.clock import SystemClock
    from agent.health.check import worst
    from agent.health.doctor import examine

    checks = examine(context.obj, SystemClock().now())
    if model:
        checks = chain(checks, _of_model(context.obj))
    if as_json:
        checks = list(checks)
        typer.echo(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        checks = list(printed(checks))
    if worst(checks) == "fail":
        raise typer.Exit(1)


def _of_model(config: "Path | None") -> "Iterable[Check]":
    """Settings that cannot be read have failed as a check of their own by then."""
    from agent.health.model_server import model_server_checks
    from agent.settings import load_settings
    from engine.errors import BadSettings

    try:
        settings = load_settings(config).settings
    except BadSettings:
        return
    yield from model_server_checks(settings.model)


def printed(checks: "Iterable[Check]") -> "Iterable[Check]":
    """Print each as it is answered: a slow connection shows where it waits."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(highlight=False)
    area = ""
    for check in checks:
        if check.area != area:
            area = check.area
            console.print(Text(f"\n{area}", style="bold"))
        mark, colour = MARKS[check.verdict]
        console.print(Text.assemble((f" {mark} ", colour), (check.name, "bold")))
        console.print(Padding(Text(check.finding), (0, 0, 0, 4)))
        if check.next_step:
            console.print(Padding(Text(f"→ {check.next_step}", style="cyan"), (0, 0, 0, 4)))
        yield check
