"""`qm webhooks`: systems that are told what moved for new customers."""

from typing import Annotated

import typer

from agent.commands.purchase import As, Json


def register(app: typer.Typer) -> None:
    hooks = typer.Typer(
        help="Systems that are posted each change of what is promised.", no_args_is_help=True
    )
    hooks.command("add")(add)
    hooks.command("list")(list_hooks)
    hooks.command("end")(end)
    app.add_typer(hooks, name="webhooks")


def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Where changes are posted; https.")],
    act_as: As = None,
) -> None:
    """Post what changes from now on to an address; a running worker does it."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service.feed_hooks import subscribe

    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        number, secret = subscribe(company.stores, url, person=person, now=company.clock.now())
    typer.echo(secret)
    typer.echo(f"Webhook {number}. Keep the secret: it signs every post, and is shown only now.",
               err=True)  # fmt: skip


def list_hooks(context: typer.Context, *, as_json: Json = False) -> None:
    """Show who is told, how far behind each is, and what went wrong last."""
    from agent.bootstrap import open_company
    from agent.terminal.backorder_report import print_rows
    from engine.model.canonical import canonical_json
    from engine.service.feed_hooks import subscriptions

    with open_company(context.obj) as company:
        found = subscriptions(company.stores)
    if as_json:
        typer.echo(canonical_json(found))
        return
    rows = [
        (str(h.id), h.url.split("?")[0], str(h.behind), str(h.failures), h.last_error or "")
        for h in found
    ]
    headers = ("No.", "Address", "Behind", "Failures", "Last error")
    print_rows("Who is told what is promised", headers, rows,
               numeric={"No.", "Behind", "Failures"})  # fmt: skip


def end(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="Number of the webhook, from the list.")],
    act_as: As = None,
) -> None:
    """Tell it nothing more."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service.feed_hooks import unsubscribe

    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        unsubscribe(company.stores, number, person=person, now=company.clock.now())
    typer.echo(f"Webhook {number} is told nothing more.")
