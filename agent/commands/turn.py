"""`qm turn`: what was asked and answered, told again from its record."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead.")]


def register(app: typer.Typer) -> None:
    turn = typer.Typer(help="What was asked and answered, from its record.", no_args_is_help=True)
    turn.command("list")(list_turns)
    turn.command("show")(show)
    app.add_typer(turn, name="turn")


def list_turns(
    context: typer.Context,
    person: Annotated[str | None, typer.Option(help="Only what this person asked (id).")] = None,
    thread: Annotated[str | None, typer.Option(help="Only this conversation.")] = None,
    top: Annotated[int, typer.Option(min=1, max=1_000, help="How many, the newest first.")] = 20,
) -> None:
    """The newest turns: id, person, outcome and the first words."""
    from agent.bootstrap import open_company
    from agent.redaction import redaction_for
    from engine.service.tallies import newest_turns

    with open_company(context.obj) as company:
        redaction = redaction_for(company.settings)
        found = newest_turns(company.stores.database, person=person, thread=thread, top=top)
    for each in found:
        words = redaction.clean(" ".join(each.text.split()))[:60]
        typer.echo(
            f"{each.id:<28} {each.person_id:<12} {each.outcome or 'not answered':<12} {words}"
        )
    if not found:
        typer.echo("Nothing was asked yet.")


def show(
    context: typer.Context,
    turn_id: Annotated[str, typer.Argument(help="As in the list or in a log line: THREAD/N.")],
    *,
    as_json: Json = False,
) -> None:
    """Replay a turn from its record; secrets are hidden.

    Shows the question, calls with arguments and times, facts with their runs and formulas, what
    grounding refused, tokens, and the answer.
    """
    import json

    from agent.bootstrap import open_company
    from agent.redaction import redaction_for
    from agent.turn_record import lines_of, record_of

    with open_company(context.obj) as company:
        redaction = redaction_for(company.settings)
        if as_json:
            record = record_of(company.stores, turn_id, redaction)
            typer.echo(json.dumps(record, ensure_ascii=False, indent=2))
        else:
            typer.echo("\n".join(lines_of(company.stores, turn_id, redaction)))
