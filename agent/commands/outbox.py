"""`qm outbox`: what waits to leave, and a person's word where nobody else can know."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from engine.service.outbox import Message

Number = Annotated[str, typer.Argument(help="Order number, such as PO-1001 or 1001.")]
As = Annotated[str | None, typer.Option("--as", help="Act as this person; in a demo company only.")]


def register(app: typer.Typer) -> None:
    outbox = typer.Typer(
        help="What waits to leave the house, and what is in doubt.", no_args_is_help=True
    )
    outbox.command("list")(list_messages)
    outbox.command("arrived")(arrived)
    outbox.command("again")(again)
    app.add_typer(outbox, name="outbox")


def list_messages(context: typer.Context) -> None:
    """Count messages by state, and name each that needs a person.

    'unconfirmed' was handed over, but the answer was lost: ask the supplier, then say which with
    `qm outbox arrived` or `qm outbox again`. 'dead' could not be sent, or was withdrawn.
    """
    from agent.bootstrap import open_company
    from engine.service import outbox

    with open_company(context.obj) as company:
        counted = outbox.counts(company.stores.database)
        waiting = outbox.needs_person(company.stores.database)
    typer.echo(", ".join(f"{state} {n}" for state, n in sorted(counted.items())) or "empty")
    for message in waiting:
        typer.echo(_told(message))


def arrived(
    context: typer.Context,
    number: Number,
    note: Annotated[str, typer.Option(help="How you know, such as who confirmed it.")],
    act_as: As = None,
) -> None:
    """Say that the supplier has this order; it is not sent again."""
    _settle(context, number, "arrived", note, act_as)


def again(
    context: typer.Context,
    number: Number,
    note: Annotated[str, typer.Option(help="Why, such as who says it never came.")],
    act_as: As = None,
) -> None:
    """Send this order once more; a running `qm worker` does it."""
    _settle(context, number, "send_again", note, act_as)


def _settle(
    context: typer.Context,
    number: str,
    outcome: Literal["arrived", "send_again"],
    note: str,
    act_as: str | None,
) -> None:
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service.order_doubt import settle_doubt

    with open_company(context.obj) as company:
        view = settle_doubt(
            company.stores,
            number,
            outcome=outcome,
            note=note,
            person=person_at_terminal(company, act_as),
            now=company.clock.now(),
        )
    typer.echo(f"{view.number} is {view.state.value.replace('_', ' ')}.")


def _told(message: "Message") -> str:
    return f"{message.state}  {message.key}  {message.last_error or ''}".rstrip()
