"""`qm backorders`: customers who wait, who gets what, and the messages they get."""

from datetime import datetime
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
    backorders.command("transfer")(transfer)
    backorders.command("transferred")(transferred)
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


def transfer(
    context: typer.Context,
    sku: Annotated[str, typer.Argument(help="What has left.")],
    source: Annotated[str, typer.Argument(help="Location it left.")],
    target: Annotated[str, typer.Argument(help="Location it goes to.")],
    units: Annotated[int, typer.Argument(help="How many.")],
    arrives: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day it arrives.")],
    key: Annotated[
        str | None, typer.Option(help="Delivery note: telling it twice books it once.")
    ] = None,
    act_as: As = None,
) -> None:
    """Say that a transfer has left: it is promised for its day, and gone from where it left."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service.stock_transfers import Transfer, send_transfer

    day = arrives.date()
    name = key or f"{sku}:{source}:{target}:{units}:{day}"
    moving = Transfer(
        sku=sku, from_location=source, to_location=target, units=units, arrives_on=day, key=name
    )
    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        new = send_transfer(company.stores, moving, person=person, now=company.clock.now())
    typer.echo(f"Under way as {name}." if new else f"{name} was told before.")


def transferred(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="Its key, as it was printed or given.")],
    *,
    lost: Annotated[bool, typer.Option("--lost", help="It will never come.")] = False,
    act_as: As = None,
) -> None:
    """Say that a transfer has come, or never will."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service.stock_transfers import end_transfer

    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        end_transfer(company.stores, key, person=person, now=company.clock.now(), received=not lost)
    typer.echo("It will not come." if lost else "It is there.")
