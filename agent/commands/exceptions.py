"""`qm exceptions`: what needs a person, and putting it off."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.commands.purchase import As, Json

if TYPE_CHECKING:
    from agent.bootstrap import Company

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
    exceptions.command("assign")(assign)
    exceptions.command("release")(release)
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
    """Show what needs a person: new and open against the plan before, with the money at stake.

    Orders that could not be sent, may or may not have been, or came back changed stand first.
    """
    if not (as_json or snoozed or sku or location or kind):
        _print_troubles(context, supplier)
    given = {
        "sku": sku, "supplier": supplier, "location": location, "kind": kind, "top": top,
        "skip": skip, "show": "snoozed" if snoozed else "needing",
    }  # fmt: skip
    _call(context, "list_exceptions", given, act_as, as_json=as_json)


def _print_troubles(context: typer.Context, supplier: str | None) -> None:
    from agent.bootstrap import open_company
    from agent.terminal.order_report import print_troubles
    from engine.service.company import company_profile
    from engine.service.order_troubles import order_troubles

    with open_company(context.obj) as company:
        found = [t for t in order_troubles(company.stores) if supplier in (None, t.supplier)]
        if found:
            with company.stores.database.read() as look:
                profile = company_profile(look)
            base = profile.base_currency if profile else ""
            print_troubles(found, base, company.settings.terminal.locale)


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


def assign(
    context: typer.Context,
    to: Annotated[str, typer.Option(help="The id of whoever shall look after them.")],
    sku: Sku = None,
    supplier: Supplier = None,
    location: Location = None,
    kind: Kind = None,
    due: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the reminder.")
    ] = None,
    note: Annotated[str, typer.Option(help="What to do.")] = "",
    act_as: As = None,
) -> None:
    """Give exceptions to a person, who is told at once and reminded on the day."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service import assignments

    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        run_id, keys = _meant(company, sku, supplier, location, kind)
        made = assignments.assign(
            company.stores, run_id, keys, assignee=to, due=due and due.date(), note=note,
            person=person, now=company.clock.now(),
        )  # fmt: skip
    for each in made:
        typer.echo(f"{each.key}: {each.assignee} looks after it")


def release(
    context: typer.Context,
    sku: Sku = None,
    supplier: Supplier = None,
    location: Location = None,
    kind: Kind = None,
    act_as: As = None,
) -> None:
    """Take exceptions back from whoever looks after them."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service import assignments

    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        _, keys = _meant(company, sku, supplier, location, kind)
        ended = assignments.release(company.stores, keys, person=person, now=company.clock.now())
    for each in ended:
        typer.echo(f"{each.key}: nobody looks after it")


def _meant(
    company: "Company",
    sku: str | None,
    supplier: str | None,
    location: str | None,
    kind: str | None,
) -> tuple[str, list[str]]:
    """The plan of record and the keys of its exceptions that fit; InvalidInput for none."""
    from engine.errors import InvalidInput
    from engine.service.reading import exceptions, latest_run
    from tools.exception_rows import in_words

    run = latest_run(company.stores)
    found = exceptions(company.stores, run.id)
    wanted = {"sku": sku, "supplier": supplier, "location": location}
    for name, code in wanted.items():
        if code is not None:
            found = found[found[name] == code]
    if kind is not None:
        found = found[found["code"].map(in_words) == in_words(kind)]
    if not any((*wanted.values(), kind)) or found.empty:
        raise InvalidInput(
            "That names no exception. Say --sku, --supplier, --location or --kind as "
            "`qm exceptions list` shows them."
        )
    return run.id, list(found["key"])


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
