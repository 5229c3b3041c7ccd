"""`qm override`: forecasts that people set, and taking any decision about demand back."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.commands.decided import Past, day_of, group, print_decided
from agent.commands.purchase import As, Json

if TYPE_CHECKING:
    from agent.bootstrap import Company
    from engine.model.people_plans import Override


def register(app: typer.Typer) -> None:
    group(app, "override", "Forecasts that people set.", add, listed, takes_minus=True)


def add(
    context: typer.Context,
    sku: Annotated[str, typer.Argument(help="The item.")],
    change: Annotated[
        str,
        typer.Argument(help="+20% or -15%, 300/week, 40/day, 1200 (in all), or 200-300/week."),
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
            company.stores, wanted, expires_on=None if expires is None else day_of(expires),
            person=person_at_terminal(company, act_as), now=company.clock.now(),
        )  # fmt: skip
        typer.echo(f"Decision {made.id}: {sku} is set until {made.expires_on}. Next: qm plan")


def listed(context: typer.Context, *, past: Past = False, as_json: Json = False) -> None:
    """Overrides, planned promotions, launches and prices, with their numbers."""
    print_decided(context, None, past=past, as_json=as_json)


def _override(
    company: "Company", sku: str, change: str, start: str | None, end: str | None,
    location: str | None, reason: str,
) -> "Override":  # fmt: skip
    from engine.model.people_plans import Override
    from engine.service.reading import latest_run

    return Override(
        sku=sku, location=location or "",
        start=latest_run(company.stores).as_of if start is None else day_of(start),
        end=None if end is None else day_of(end), reason=reason, **_size(change),
    )  # fmt: skip


def _size(text: str) -> dict[str, Any]:
    """What `+20%`, `300/week` or `200-300/day` sets."""
    import re

    from engine.errors import InvalidInput

    said = re.sub(r"\(?inall\)?$", "", text.replace(" ", "").lower())
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
