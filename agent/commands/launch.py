"""`qm launch`: items that people say will go on sale."""

from typing import Annotated

import typer

from agent.commands.decided import Past, day_of, group, print_decided
from agent.commands.purchase import As, Json


def register(app: typer.Typer) -> None:
    group(app, "launch", "Launches that people plan.", add, listed)


def add(
    context: typer.Context,
    sku: Annotated[str, typer.Argument(help="The item; it may be a new one.")],
    on: Annotated[str, typer.Option(help="First day on sale, 2026-12-01.")],
    like: Annotated[str | None, typer.Option(help="SKU that it should sell like.")] = None,
    sibling: Annotated[
        list[str] | None, typer.Option(help="SKU that loses sales to it; may be repeated.")
    ] = None,
    category: Annotated[str | None, typer.Option(help="Category path of a new item.")] = None,
    location: Annotated[str | None, typer.Option(help="Only this location.")] = None,
    weekly: Annotated[float | None, typer.Option(help="Expected units a week.")] = None,
    name: Annotated[str, typer.Option(help="Name of a new item.")] = "",
    act_as: As = None,
) -> None:
    """Tell of a launch; it counts from the next plan on."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.model.people_plans import PlannedLaunch
    from engine.service import launches

    with open_company(context.obj) as company:
        wanted = PlannedLaunch(
            sku=sku, launch_on=day_of(on), analogue=like or "", siblings=tuple(sibling or ()),
            category=category or "", location=location or "", weekly_units=weekly, name=name,
        )  # fmt: skip
        made = launches.add_launch(
            company.stores, wanted, person=person_at_terminal(company, act_as),
            now=company.clock.now(),
        )  # fmt: skip
        typer.echo(f"Decision {made.id}: {sku} is launched on {on}. Next: qm plan")


def listed(context: typer.Context, *, past: Past = False, as_json: Json = False) -> None:
    """Launches that people told of, with their numbers."""
    print_decided(context, "launch", past=past, as_json=as_json)
