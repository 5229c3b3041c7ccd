"""`qm promotion`: promotions that people plan beside those of the files."""

from typing import Annotated

import typer

from agent.commands.decided import Past, day_of, group, print_decided
from agent.commands.purchase import As, Json


def register(app: typer.Typer) -> None:
    group(app, "promotion", "Promotions that people plan.", add, listed)


def add(
    context: typer.Context,
    sku: Annotated[str, typer.Argument(help="The item; or a category path with --category.")],
    start: Annotated[str, typer.Option("--from", help="First day, 2026-12-01.")],
    end: Annotated[str, typer.Option("--to", help="Last day.")],
    off: Annotated[
        str | None, typer.Option(help="Off the price: 20% or 12.5%; else what is usual.")
    ] = None,
    kind: Annotated[
        str, typer.Option(help="discount, feature, display, influencer or drop.")
    ] = "discount",
    location: Annotated[str | None, typer.Option(help="Only this location.")] = None,
    channel: Annotated[str | None, typer.Option(help="Only this channel, such as web.")] = None,
    name: Annotated[str, typer.Option(help="What people call it.")] = "",
    act_as: As = None,
    *,
    category: Annotated[bool, typer.Option("--category", help="SKU names a category.")] = False,
) -> None:
    """Tell of a promotion; it counts from the next plan on."""
    from typing import get_args

    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.errors import InvalidInput
    from engine.model.people_plans import PlannedPromotion, PromotionKind
    from engine.service import promotions

    kinds = {each: each for each in get_args(PromotionKind)}
    if kind not in kinds:
        raise InvalidInput(f"{kind!r} is no kind of promotion; write {', '.join(kinds)}.")
    with open_company(context.obj) as company:
        wanted = PlannedPromotion(
            sku="" if category else sku, category=sku if category else "",
            location=location or "", channel=channel or "", name=name,
            start=day_of(start), end=day_of(end), kind=kinds[kind],
            depth=None if off is None else depth(off),
        )  # fmt: skip
        made = promotions.add_promotion(
            company.stores, wanted, person=person_at_terminal(company, act_as),
            now=company.clock.now(),
        )  # fmt: skip
        typer.echo(f"Decision {made.id}: {sku} is promoted {start} to {end}. Next: qm plan")


def listed(context: typer.Context, *, past: Past = False, as_json: Json = False) -> None:
    """Promotions that people told of, with their numbers."""
    print_decided(context, "promotion", past=past, as_json=as_json)


def depth(text: str) -> float:
    """`12.5%` or `12.5` as a share."""
    import re

    from engine.errors import InvalidInput

    said = re.fullmatch(r"-?(\d+(?:\.\d+)?)\s*%?", text.strip())
    if said is None:
        raise InvalidInput(f"{text!r} is no cut. Write 20% or 12.5%.")
    return float(said[1]) / 100.0
