"""`qm chat`: talk to the planner in a terminal, from a pipe, or with messages given beforehand."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command("chat")(chat)


def chat(
    context: typer.Context,
    as_: Annotated[
        str | None,
        typer.Option("--as", help="Who you are: an id, name or role. Demo companies only."),
    ] = None,
    message: Annotated[
        list[str] | None,
        typer.Option(help="Say this instead of asking for input; may be given several times."),
    ] = None,
    thread: Annotated[
        str | None, typer.Option(help="Go on with a conversation of this name; default: a new one.")
    ] = None,
    *,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per answer, for programs.")
    ] = False,
) -> None:
    """Ask what to buy, why, and how sure; draft orders; decide on what waits for you.

    For example: qm chat --as buyer --message "What should I buy this week with 50k?"

    In a pipe it reads a message per line. `approve 1` decides on the request shown as 1: that is
    your own decision, never the language model's.
    """
    import sys

    from rich.console import Console

    from agent.assistant import open_assistant
    from agent.bootstrap import open_company
    from agent.logging import configure_logging
    from agent.terminal import loop
    from agent.terminal.identity import person_at_terminal
    from agent.terminal.session import Session

    interactive = message is None and not json and sys.stdin.isatty()
    console = Console() if sys.stdout.isatty() else Console(width=loop.PLAIN_WIDTH)
    printer = loop.JsonPrinter() if json else loop.ScreenPrinter(console)
    with open_company(context.obj) as company, open_assistant(company) as assistant:
        configure_logging(company.settings, name="chat", least="error")
        person = person_at_terminal(company, as_)
        name = thread or _new_thread()
        session = Session(assistant=assistant, person=person, thread_id=name)
        if interactive and isinstance(printer, loop.ScreenPrinter):
            loop.greet(session, console)
            loop.converse(
                session, printer, company.settings.home_folder / f"chat-history-{person.id}"
            )
        else:
            loop.play(session, sys.stdin if message is None else message, printer)


def _new_thread() -> str:
    from uuid import uuid4

    return f"terminal-{uuid4().hex[:12]}"
