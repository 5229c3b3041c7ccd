"""`qm override`: forecasts that people set, and taking any decision about demand back."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.commands.purchase import As, Json

if TYPE_CHECKING:
    from datetime import date

    from agent.bootstrap import Company
    from engine.model.people_plans import Override


def register(app: typer.Typer) -> None:
    override = typer.Typer(help="Forecasts that people set.", no_args_is_help=True)
    override.command("add")(add)
    override.command("list")(listed)
    override.command("withdraw")(withdraw)
    app.add_typer(override, name="override")


def add(
    context: typer.Context,
    sku: Annotated[str, typer.Argument(help="The item.")],
    change: Annotated[
        str,
        typer.Argument(help="+20% or -15%, 300/week, 40/day, 1200 in all, or 200-300/week."),
    ],
    start: Annotated[str | None, typer.Option(help="First day, 2026-12-01; else now.")] = None,
    end: Annotated[str | None, typer.Option(help="Last day; else until it expires.")] = None,
    expires: Annotated[
        str | None, typer.Option(help="Day from which it no longer counts, whatever its end.")
    ] = None,
    location: Annotated[str | None, typer.Option(help="Only this location.")] = None,
    reason: Annotated[str, typer.Option(help="Why; it stands beside the forecast.")] = "",
    act_as: As = None,
) -> None:
    """Set a forecast; it counts from the next plan on."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service import overrides

    with open_company(context.obj) as company:
        wanted = _override(company, sku, change, start, end, location, reason)
        made = overrides.add_override(
            company.stores, wanted, expires_on=None if expires is None else _day(expires),
            person=person_at_terminal(company, act_as), now=company.clock.now(),
        )  # fmt: skip
        typer.echo(f"Decision {made.id}: {sku} is set until {made.expires_on}. Next: qm plan")


def listed(
    context: typer.Context,
    *,
    past: Annotated[bool, typer.Option(help="Also those expired or withdrawn.")] = False,
    as_json: Json = False,
) -> None:
    """Overrides, planned promotions, launches and prices, with their numbers."""
    from agent.bootstrap import open_company
    from engine.model.canonical import canonical_json
    from tools.decisions_shown import shown_decisions

    with open_company(context.obj) as company:
        every = shown_decisions(company.stores, company.clock.now())
        found = [each for each in every if past or each.state == "in force"]
    if as_json:
        typer.echo(canonical_json(found))
        return
    for each in found:
        what = each.sku or each.category
        size = "" if each.change is None else f" {each.change:+.0%}"
        units = "" if not each.units else f" {'-'.join(f'{u:g}' for u in each.units)}/{each.per}"
        until = f" to {each.last}" if each.last else " on"
        why = f" ({each.reason})" if each.reason else ""
        typer.echo(
            f"{each.id}: {each.kind} of {what}{size}{units}, {each.first}{until}, by "
            f"{each.author}, {each.state}{why}"
        )
    if not found:
        typer.echo("Nobody has set or planned anything for demand.")


def withdraw(
    context: typer.Context,
    decision: Annotated[int, typer.Argument(help="Its number: qm override list.")],
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    act_as: As = None,
) -> None:
    """Take back an override, promotion, launch or price; its history stays."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service import demand_decisions

    with open_company(context.obj) as company:
        demand_decisions.withdraw(
            company.stores, decision, person=person_at_terminal(company, act_as),
            now=company.clock.now(), reason=reason,
        )  # fmt: skip
        typer.echo(f"Decision {decision} no longer counts. Next: qm plan")


def _override(
    company: "Company", sku: str, change: str, start: str | None, end: str | None,
    location: str | None, reason: str,
) -> "Override":  # fmt: skip
    from engine.model.people_plans import Override
    from engine.service.reading import latest_run

    return Override(
        sku=sku, location=location or "",
        start=latest_run(company.stores).as_of if start is None else _day(start),
        end=None if end is None else _day(end), reason=reason, **_size(change),
    )  # fmt: skip


def _size(text: str) -> dict[str, Any]:
    """What `+20%`, `300/week` or `200-300/day` sets."""
    import re

    from engine.errors import InvalidInput

    said = text.replace(" ", "").lower()
    share = re.fullmatch(r"([+-]\d+(?:\.\d+)?)%", said)
    if share is not None:
        return {"factor": 1.0 + float(share[1]) / 100.0}
    units = re.fullmatch(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?(?:/(week|day))?", said)
    if units is None:
        raise InvalidInput(
            f"{text!r} sets nothing. Write +20%, -15%, 300/week, 40/day, 1200 or 200-300/week."
        )
    per = units[3] or "period"
    if units[2] is None:
        return {"units": float(units[1]), "per": per}
    return {"low": float(units[1]), "high": float(units[2]), "per": per}


def _day(text: str) -> "date":
    from datetime import date

    from engine.errors import InvalidInput

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text!r} is no day; write it as 2026-12-01.") from None
