"""`qm backorders`: customers who wait, who gets what, and the messages they get."""

from pathlib import Path
from typing import Annotated

import typer

from agent.commands.purchase import As, Json

Sku = Annotated[str | None, typer.Option(help="Only this item's.")]
Location = Annotated[str | None, typer.Option(help="Only there.")]
Line = Annotated[str, typer.Argument(help="Order line, such as W900000-1.")]


def register(app: typer.Typer) -> None:
    backorders = typer.Typer(
        help="Customers who wait: windows, allocation, messages.", no_args_is_help=True
    )
    backorders.command("list")(list_lines)
    backorders.command("allocate")(allocate)
    backorders.command("ledger")(ledger)
    backorders.command("cancel")(cancel)
    backorders.command("policy")(policy)
    app.add_typer(backorders, name="backorders")


def list_lines(
    context: typer.Context, sku: Sku = None, location: Location = None, *, as_json: Json = False
) -> None:
    """Show who waits, in the order in which they are served, with the window of each."""
    from agent.bootstrap import open_company
    from agent.terminal.backorder_report import print_queue
    from engine.model.canonical import canonical_json
    from engine.service.backorders import queue

    with open_company(context.obj) as company:
        found = queue(company.stores, sku=sku, location=location)
        if as_json:
            typer.echo(canonical_json(found))
        else:
            print_queue(found, company.settings.terminal.locale)


def allocate(context: typer.Context, *, as_json: Json = False) -> None:
    """Share out what has come, and bring every window up to date; a running worker does it too."""
    from agent.bootstrap import open_company
    from agent.promising import promise_policy
    from agent.worker.tasks.promise import bring_up_to_date
    from engine.model.canonical import canonical_json

    with open_company(context.obj) as company:
        rules = promise_policy(company.settings.promises)
        done = company.compute.call(
            bring_up_to_date, company.stores, company.plan_config, rules, company.clock.now()
        )
    if as_json:
        typer.echo(canonical_json(done))
    elif not done.is_new:
        typer.echo("Nothing has changed since the last allocation.")
    else:
        typer.echo(
            f"{done.waiting} lines wait. Given: {done.given} units; taken back: "
            f"{done.taken_back}. Windows moved for {done.told} customers; "
            f"{done.changes} changes in the feed."
        )


def ledger(
    context: typer.Context,
    line: Annotated[str | None, typer.Option(help="Only this order line's.")] = None,
    sku: Sku = None,
    top: Annotated[int, typer.Option(min=1, max=10_000, help="The newest so many.")] = 50,
    *,
    as_json: Json = False,
) -> None:
    """Show who was given which units, when and why; nothing in it is ever changed."""
    from agent.bootstrap import open_company
    from agent.terminal.backorder_report import print_ledger
    from engine.model.canonical import canonical_json
    from engine.service.backorders import ledger as entries

    with open_company(context.obj) as company:
        found = entries(company.stores, order_line=line, sku=sku, limit=top)
        if as_json:
            typer.echo(canonical_json(found))
        else:
            print_ledger(found, company.settings.terminal.locale)


def cancel(
    context: typer.Context,
    line: Line,
    reason: Annotated[str, typer.Option(help="Why; it goes into the record.")],
    act_as: As = None,
) -> None:
    """Take a customer out of the queue; what the line held goes to the next."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service.backorders import cancel_backorder

    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        new = cancel_backorder(
            company.stores, line, person=person, now=company.clock.now(), reason=reason
        )
    typer.echo(f"{line} is cancelled." if new else f"{line} was cancelled before.")


def policy(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="A promise policy to check; default: the one in force.")
    ] = None,
) -> None:
    """Show what is promised to customers, or check a file without putting it in force."""
    import yaml

    from agent.bootstrap import open_company
    from agent.promising import promise_policy
    from engine.model.canonical import plain
    from engine.service.promise_policy import read_promise_policy

    with open_company(context.obj) as company:
        rules = read_promise_policy(file) if file else promise_policy(company.settings.promises)
    typer.echo(yaml.safe_dump(plain(rules), sort_keys=False, allow_unicode=True).rstrip())
