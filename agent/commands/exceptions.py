"""`qm exceptions`: what needs a person, and putting it off."""

from datetime import datetime
from typing import Annotated, Any

import typer

from agent.commands.purchase import As, Json

Sku = Annotated[str | None, typer.Option(help="Only this item's.")]
Supplier = Annotated[str | None, typer.Option(help="Only this supplier's.")]
Location = Annotated[str | None, typer.Option(help="Only there.")]
Kind = Annotated[str | None, typer.Option(help="Only this kind, such as 'overstock'.")]


def register(app: typer.Typer) -> None:
    exceptions = typer.Typer(
        help="What needs a person, most money first; put it off, wake it.", no_args_is_help=True
    )
    exceptions.command("list")(list_exceptions)
    exceptions.command("snooze")(snooze)
    exceptions.command("wake")(wake)
    exceptions.command("rules")(rules)
    app.add_typer(exceptions, name="exceptions")


def list_exceptions(
    context: typer.Context,
    sku: Sku = None,
    supplier: Supplier = None,
    location: Location = None,
    kind: Kind = None,
    top: Annotated[int, typer.Option(min=1, max=50, help="How many.")] = 20,
    skip: Annotated[int, typer.Option(min=0, help="Pass over so many.")] = 0,
    *,
    snoozed: Annotated[bool, typer.Option("--snoozed", help="Those put off.")] = False,
    act_as: As = None,
    as_json: Json = False,
) -> None:
    """Show what needs a person: new and open against the plan before, with the money at stake."""
    given = {
        "sku": sku, "supplier": supplier, "location": location, "kind": kind, "top": top,
        "skip": skip, "show": "snoozed" if snoozed else "needing",
    }  # fmt: skip
    _call(context, "list_exceptions", given, act_as, as_json=as_json)


def snooze(
    context: typer.Context,
    reason: Annotated[str, typer.Option(help="Why it can wait.")],
    sku: Sku = None,
    supplier: Supplier = None,
    location: Location = None,
    kind: Kind = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day on which it is back.")
    ] = None,
    grows: Annotated[
        float | None, typer.Option(min=0, help="Back when so many percent more is at stake.")
    ] = None,
    act_as: As = None,
) -> None:
    """Put exceptions off until a day, or until more is at stake; sealed in the audit."""
    given = {
        "sku": sku, "supplier": supplier, "location": location, "kind": kind, "reason": reason,
        "until": None if until is None else until.date().isoformat(),
        "grows_basis_points": None if grows is None else round(100 * grows),
    }  # fmt: skip
    _call(context, "snooze_exception", given, act_as, as_json=False)


def wake(
    context: typer.Context,
    sku: Sku = None,
    supplier: Supplier = None,
    location: Location = None,
    kind: Kind = None,
    act_as: As = None,
) -> None:
    """End a snooze before its time."""
    given = {"sku": sku, "supplier": supplier, "location": location, "kind": kind, "wake": True}
    _call(context, "snooze_exception", given, act_as, as_json=False)


def rules(context: typer.Context) -> None:
    """Print the thresholds and automation tiers in force, as a file to start from."""
    from agent.bootstrap import open_company
    from agent.plan_rules import as_yaml

    with open_company(context.obj) as company:
        typer.echo(as_yaml(company.plan_config), nl=False)


def _call(
    context: typer.Context,
    tool: str,
    given: dict[str, Any],
    act_as: str | None,
    *,
    as_json: bool,
) -> None:
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from agent.terminal.tool_report import print_tool

    with open_company(context.obj) as company:
        print_tool(company, person_at_terminal(company, act_as), tool, given, as_json=as_json)
