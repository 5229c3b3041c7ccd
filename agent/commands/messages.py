"""`qm messages`: what customers are told when their window moves."""

from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.purchase import As, Json

if TYPE_CHECKING:
    from collections.abc import Generator
    from datetime import datetime

    from agent.bootstrap import Company
    from engine.model.people import Person

Numbers = Annotated[list[int], typer.Argument(help="Numbers of messages, from the list.")]
Number = Annotated[int, typer.Argument(help="Number of the message, from the list.")]
Contact = Annotated[str, typer.Argument(help="Reference of the customer, as in the data.")]


def register(app: typer.Typer) -> None:
    messages = typer.Typer(help="Messages to customers whose window moved.", no_args_is_help=True)
    for command in (show, send, dismiss, arrived):
        messages.command(command.__name__)(command)
    messages.command("list")(list_messages)
    messages.command("opt-out")(opt_out)
    messages.command("opt-in")(opt_in)
    app.add_typer(messages, name="messages")


def list_messages(context: typer.Context, *, as_json: Json = False) -> None:
    """Show drafts, those in doubt or that failed, and customers who cannot be written to."""
    from agent.bootstrap import open_company
    from agent.terminal.message_report import print_messages
    from engine.model.canonical import canonical_json
    from engine.service.notices import notices

    with open_company(context.obj) as company:
        found = notices(company.stores)
        if as_json:
            typer.echo(canonical_json(found))
        else:
            print_messages(found, company.settings.terminal.locale)


def show(context: typer.Context, number: Number) -> None:
    """Print a message as the customer would read it."""
    from agent.bootstrap import open_company
    from agent.worker.notice_route import letters
    from engine.service.notice_delivery import notice_letter
    from engine.service.notices import notice_row

    with open_company(context.obj) as company:
        settings = company.settings
        locale = settings.promises.locale or settings.terminal.locale
        row = notice_row(company.stores, number)
        written = notice_letter(
            company.stores, row, locale, letters(settings.promises), company.clock.now()
        )
    typer.echo(f"{written.subject}\n\n{written.text}")


def send(context: typer.Context, numbers: Numbers, act_as: As = None) -> None:
    """Have drafts sent by a running worker; also one that failed or is in doubt, once more."""
    from agent.worker.notice_route import require_notice_route
    from engine.service.notices import send_notice

    for company, person, now in _acting(context, act_as):
        require_notice_route(company)
        for number in numbers:
            send_notice(company.stores, number, person=person, now=now)
            typer.echo(f"Message {number} is on its way.")


def dismiss(
    context: typer.Context,
    numbers: Numbers,
    reason: Annotated[str, typer.Option(help="Why nobody is told.")],
    act_as: As = None,
) -> None:
    """Tell nobody; said again only once the window has moved further."""
    from engine.service.notices import dismiss_notice

    for company, person, now in _acting(context, act_as):
        for number in numbers:
            dismiss_notice(company.stores, number, person=person, now=now, reason=reason)
            typer.echo(f"Message {number} is dismissed.")


def arrived(
    context: typer.Context,
    number: Number,
    note: Annotated[str, typer.Option(help="How you know.")],
    act_as: As = None,
) -> None:
    """Say that a message in doubt arrived; it is not sent again."""
    from engine.service.notices import notice_arrived

    for company, person, now in _acting(context, act_as):
        notice_arrived(company.stores, number, person=person, now=now, note=note)
        typer.echo(f"Message {number} arrived.")


def opt_out(context: typer.Context, contact: Contact, act_as: As = None) -> None:
    """This customer wants no such messages; they are listed for a person instead."""
    _want(context, contact, act_as, wanted=True)


def opt_in(context: typer.Context, contact: Contact, act_as: As = None) -> None:
    """This customer wants messages again."""
    _want(context, contact, act_as, wanted=False)


def _want(context: typer.Context, contact: str, act_as: str | None, *, wanted: bool) -> None:
    from engine.service import notices

    for company, person, now in _acting(context, act_as):
        changed = notices.opt_out(company.stores, contact, person=person, now=now, wanted=wanted)
        typer.echo("Noted." if changed else "That was so before.")


def _acting(
    context: typer.Context, act_as: str | None
) -> "Generator[tuple[Company, Person, datetime]]":
    """The company, who acts, and the moment; once."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal

    with open_company(context.obj) as company:
        yield company, person_at_terminal(company, act_as), company.clock.now()
