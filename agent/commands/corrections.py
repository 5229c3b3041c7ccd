"""`qm corrections`: what cleaning changed, and how a person undoes it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, cast

import typer

from agent.commands.purchase import As, Json

if TYPE_CHECKING:
    from engine.model.panel import CorrectionKind

Sku = Annotated[str, typer.Argument(help="The item's SKU.")]


def register(app: typer.Typer) -> None:
    corrections = typer.Typer(
        help="What was corrected in recorded demand; undo it, take it up again.",
        no_args_is_help=True,
    )
    corrections.command("list")(list_corrections)
    corrections.command("reverse")(reverse)
    corrections.command("restore")(restore)
    app.add_typer(corrections, name="corrections")


def list_corrections(
    context: typer.Context,
    sku: Annotated[str | None, typer.Argument(help="One item; without: totals by kind.")] = None,
    location: Annotated[str | None, typer.Option(help="Only there.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Show what was changed of recorded demand, period by period, with the reason of each."""
    from agent.bootstrap import open_company
    from agent.terminal.corrections import print_corrections, print_reversals, print_totals
    from engine.model.canonical import canonical_json
    from engine.service import corrections, data_health, reading
    from engine.service.correction_tables import corrections_of
    from engine.service.items import item_rows

    with open_company(context.obj) as company:
        stores, now = company.stores, company.clock.now()
        run = reading.latest_run(stores)
        if sku is None:
            health = data_health.data_health(stores, run, now)
            typer.echo(canonical_json(health)) if as_json else print_totals(health)
        else:
            item_rows(stores, run, sku)  # says which SKUs are close where there is none
            made = corrections_of(stores, run, sku, location)
            typer.echo(canonical_json(made)) if as_json else print_corrections(made)
        if not as_json:
            print_reversals(corrections.reversals(stores, now), sku)


def reverse(
    context: typer.Context,
    sku: Sku,
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day; else the same.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="Only this kind, such as 'stockout' or 'spike'; else all.")
    ] = None,
    location: Annotated[str, typer.Option(help="Only there; else everywhere.")] = "",
    reason: Annotated[str, typer.Option(help="Why what was recorded is right.")] = "",
    act_as: As = None,
) -> None:
    """Keep demand of these days as it was recorded, from the next plan on."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.model.people_plans import KeepAsRecorded
    from engine.service import corrections

    with open_company(context.obj) as company:
        decision = corrections.reverse(
            company.stores,
            KeepAsRecorded(
                sku=sku, location=location, start=first.date(), end=(last or first).date(),
                kind=_kind(kind), reason=reason,
            ),
            person=person_at_terminal(company, act_as),
            now=company.clock.now(),
        )  # fmt: skip
        typer.echo(
            f"Kept as recorded from the next plan on (decision {decision.id}). Take it up again: "
            f"qm corrections restore {decision.id}"
        )


def restore(
    context: typer.Context,
    decision: Annotated[int, typer.Argument(help="Number of the decision.")],
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    act_as: As = None,
) -> None:
    """Let cleaning correct again what a person had kept as recorded."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service import corrections

    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        now = company.clock.now()
        corrections.restore(company.stores, decision, person=person, now=now, reason=reason)
        typer.echo("Corrected again from the next plan on.")


def _kind(named: str | None) -> "CorrectionKind | None":
    from typing import get_args

    from engine.errors import UnknownName
    from engine.model.panel import CorrectionKind

    if named is None:
        return None
    wanted = named.strip().casefold().replace("-", " ")
    if wanted not in get_args(CorrectionKind):
        raise UnknownName("kind of correction", named, list(get_args(CorrectionKind)))
    return cast("CorrectionKind", wanted)
