"""`qm privacy`: what is kept of a person, and forgetting it."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from agent.bootstrap import Company
    from engine.service.privacy import Forgotten

Who = Annotated[str, typer.Argument(help="The person's id, as in the people file.")]
As = Annotated[str | None, typer.Option("--as", help="Act as this person; in a demo company only.")]


def register(app: typer.Typer) -> None:
    privacy = typer.Typer(help="What is kept of a person.", no_args_is_help=True)
    privacy.command("export")(export)
    privacy.command("forget")(forget)
    app.add_typer(privacy, name="privacy")


def export(context: typer.Context, person: Who, act_as: As = None) -> None:
    """Print all that is kept of a person as JSON: name, contacts, chat, notices.

    People may export what is kept of themselves; for others it takes the right to administer.
    """
    import json

    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service import privacy

    with open_company(context.obj) as company:
        by = person_at_terminal(company, act_as)
        kept = privacy.export(company.stores, person, by=by)
    typer.echo(json.dumps(kept, ensure_ascii=False, indent=2))


def forget(
    context: typer.Context,
    person: Who,
    act_as: As = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
) -> None:
    """Delete a person's name, contacts and chat; their decisions stay, under an id alone.

    Takes the right to administer, and cannot be undone. `qm audit verify` passes before and after.
    """
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service import privacy

    if not yes:
        typer.confirm(f"Forget {person} for good?", abort=True)
    with open_company(context.obj) as company:
        by = person_at_terminal(company, act_as)
        gone = privacy.forget(company.stores, person, by=by, now=company.clock.now())
        _forget_beside(company, gone)
        still = company.policy_file if gone.is_in_policy else None
    typer.echo(f"Forgot {person}: {len(gone.turn_ids)} turns and {gone.heard} messages are gone.")
    if still is not None:
        typer.echo(_still_named(person, still))


def _forget_beside(company: "Company", gone: "Forgotten") -> None:
    """What lies outside the database: turns that never ended, and lines typed at a prompt."""
    from agent.checkpoints import open_checkpoints

    home = company.settings.home_folder
    with open_checkpoints(company.stores.database, home) as saver:
        for turn_id in gone.turn_ids:
            saver.delete_thread(turn_id)
    (home / f"chat-history-{gone.person_id}").unlink(missing_ok=True)


def _still_named(person: str, file: "Path") -> str:
    return (
        f"The policy in force still knows {person}, and {file} may name them: remove them there "
        "and run `qm policy install`, or they come back with the next one."
    )
