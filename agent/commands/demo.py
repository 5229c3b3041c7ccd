"""`qm demo`: from nothing to an approved purchase order, on a laptop, without a key."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    as_: Annotated[
        str, typer.Option("--as", help="Who you are: buyer, manager, deputy or finance.")
    ] = "buyer",
    seed: Annotated[int, typer.Option(help="Another seed makes another company history.")] = 7,
    *,
    fresh: Annotated[bool, typer.Option(help="Forget this week's demo and start again.")] = False,
    scripted: Annotated[
        bool,
        typer.Option(help="Play a conversation instead of waiting for yours."),
    ] = False,
) -> None:
    """Meet a made-up retailer: its data, this week's plan and digest, and a conversation.

    Nothing is needed: no key, no Slack, no database server. Without a terminal a scripted
    conversation is played, up to an approved order and a verified audit. In a second terminal,
    `qm demo --as manager` approves; `/as manager` in the chat does too.
    """
    import sys

    from agent.clock import SystemClock
    from agent.demo import stage
    from agent.demo.prepare import demo_place, forget, open_demo, prepare
    from agent.logging import configure_logging
    from agent.settings import model_variables
    from agent.terminal.progress import progress_bar

    scripted = scripted or not sys.stdin.isatty()
    place = demo_place(context.obj, seed, SystemClock().now().date(), scripted=scripted)
    if fresh or scripted:
        forget(place)
    with open_demo(place, model_variables()) as company:
        configure_logging(company.settings, name="demo", least="error")
        with progress_bar() as progress:
            run = prepare(company, place, progress)
        stage.introduce(company, place, run)
        if scripted:
            stage.play(company, run, as_)
        else:
            stage.talk(company, as_)
