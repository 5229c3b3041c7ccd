"""`qm slack`: connect Slack, check it, and look at what it would be sent."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agent.health.check import Check


def register(app: typer.Typer) -> None:
    area = typer.Typer(help="Live in Slack, connect it, and look at what it is sent.")
    area.callback(invoke_without_command=True)(live)
    area.command("manifest")(manifest)
    area.command("check")(check)
    area.command("preview")(preview)
    area.command("reseal")(reseal)
    area.command("match")(match)
    app.add_typer(area, name="slack")


def live(context: typer.Context) -> None:
    """Answer and take decisions in Slack until it is stopped, over Socket Mode.

    Needs slack.app_token, and slack.bot_token or workspaces that have installed it. Start as many
    as you like: the database hands every event to one of them. Orders leave, and jobs run, only
    while a `qm worker` runs as well.
    """
    if context.invoked_subcommand is not None:
        return
    from agent.bootstrap import open_company
    from agent.logging import configure_logging
    from agent.slack.run import run_socket_mode

    with open_company(context.obj) as company:
        configure_logging(company.settings)
        run_socket_mode(company)


def manifest(
    url: Annotated[
        str | None,
        typer.Option(help="Public address of `qm serve`, for HTTP; without it: Socket Mode."),
    ] = None,
    *,
    many: Annotated[
        bool, typer.Option("--many", help="For workspaces that install it themselves.")
    ] = False,
) -> None:
    """Print the app manifest: paste it where Slack asks for one ("Create from a manifest")."""
    from agent.slack.manifest import manifest as written

    if many and url is None:
        raise typer.BadParameter(
            "--many needs --url: the browser comes back to it", param_hint="--many"
        )
    typer.echo(json.dumps(written(url=url and url.rstrip("/"), many=many), indent=2))


def reseal(context: typer.Context) -> None:
    """Seal the tokens of every workspace with the first key of slack.seal_key."""
    from agent.bootstrap import open_company
    from agent.slack.installing import reseal as sealed_anew
    from agent.slack.sealing import sealer_of

    with open_company(context.obj) as company:
        count = sealed_anew(company, sealer_of(company.settings))
    typer.echo(f"The tokens of {count} workspaces are sealed with the first key.")


def check(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Try tokens, scopes, clock, channels and people; each failure names its fix.

    Exit code 1 when something fails.
    """
    import asyncio
    from dataclasses import asdict

    from agent.bootstrap import open_company
    from agent.commands.doctor import printed
    from agent.health.check import worst
    from agent.slack.check import checks

    async def every() -> "list[Check]":
        return [each async for each in checks(company)]

    with open_company(context.obj) as company:
        found = asyncio.run(every())
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in found], indent=2))
    else:
        found = list(printed(found))
    if worst(found) == "fail":
        raise typer.Exit(1)


def match(context: typer.Context) -> None:
    """Look for people of the people file by e-mail address; print the Slack ids to write there.

    Nothing is taken over by itself: write what is right into the people file, then `qm policy
    install`. Guests, apps and whoever has not confirmed the address are named and left out.
    """
    import asyncio

    from agent.bootstrap import open_company
    from agent.slack.matching import matches
    from agent.slack.workspaces import workspaces_of
    from agent.threads import Threads

    async def every() -> list[str]:
        threads = Threads(1)
        client = await workspaces_of(company, threads).client(company.settings.slack.team)
        team = str((await client.call("auth.test"))["team_id"])
        try:
            return [found.line(team) async for found in matches(company, client, team)]
        finally:
            threads.close()

    with open_company(context.obj) as company:
        lines = asyncio.run(every())
    typer.echo("\n".join(lines) or "Everybody with an address has a Slack id already.")


def preview(
    context: typer.Context,
    to: Annotated[Path, typer.Option(help="The page to write.")] = Path("slack-preview.html"),
    as_: Annotated[str | None, typer.Option("--as", help="Whose App Home and answers.")] = None,
) -> None:
    """Draw digest, answer, approval card, forms and App Home as one page, without Slack.

    Every message is held against Slack's limits first; what Slack would refuse is named, and the
    command ends with an error.
    """
    from agent.assistant import open_assistant
    from agent.bootstrap import open_company
    from agent.slack.preview import page, preview as pieces_of
    from agent.terminal.identity import person_at_terminal
    from engine.errors import PlanningError

    with open_company(context.obj) as company, open_assistant(company) as assistant:
        pieces = list(pieces_of(assistant, person_at_terminal(company, as_)))
    to.write_text(page(pieces), encoding="utf-8")
    wrong = [f"{piece.name}: {problem}" for piece in pieces for problem in piece.problems]
    if wrong:
        raise PlanningError("Slack would refuse this:\n  " + "\n  ".join(wrong))
    typer.echo(f"{len(pieces)} surfaces are in {to}.")
