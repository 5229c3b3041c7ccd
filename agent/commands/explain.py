"""`qm explain` and `qm whatif`: why a quantity, and what another world would do to the plan."""

from decimal import Decimal
from typing import Annotated, Any

import typer

from agent.commands.purchase import As, Json


def register(app: typer.Typer) -> None:
    app.command("explain")(explain)
    app.command("whatif")(whatif)


def explain(
    context: typer.Context,
    sku: Annotated[str, typer.Argument(help="The item's SKU.")],
    location: Annotated[str | None, typer.Option(help="Only there.")] = None,
    instead: Annotated[
        int | None, typer.Option(min=0, help="A quantity to compare with, in units.")
    ] = None,
    *,
    act_as: As = None,
    as_json: Json = False,
) -> None:
    """Show how a quantity comes about, to the unit, and what a pack more or less would do."""
    given = {"sku": sku, "location": location, "instead_units": instead}
    _call(context, "explain_order", given, act_as, as_json=as_json)


def whatif(
    context: typer.Context,
    supplier: Annotated[str | None, typer.Option(help="Whose lead time or terms.")] = None,
    slower: Annotated[int | None, typer.Option(min=0, help="So many days longer.")] = None,
    faster: Annotated[int | None, typer.Option(min=0, help="So many days less.")] = None,
    spread: Annotated[
        float | None, typer.Option(min=0, help="Lead times spread so much as now: 2 is twice.")
    ] = None,
    service: Annotated[float | None, typer.Option(help="Service aimed at, in percent: 98.")] = None,
    sku: Annotated[str | None, typer.Option(help="Whose terms.")] = None,
    minimum: Annotated[int | None, typer.Option(min=1, help="Another minimum, units.")] = None,
    no_break: Annotated[
        int | None, typer.Option(min=1, help="The price break from so many units is gone.")
    ] = None,
    price: Annotated[
        float | None, typer.Option(min=0, help="Another unit price, in the supplier's currency.")
    ] = None,
    budget: Annotated[
        int | None, typer.Option(min=1, help="Another budget, whole units of the currency.")
    ] = None,
    *,
    act_as: As = None,
    as_json: Json = False,
) -> None:
    """Show what would change if a supplier, the service, a minimum or the budget were another.

    For example: qm whatif --supplier MEIER --slower 21
    """
    given = {
        "supplier": supplier, "slower_days": slower, "faster_days": faster, "sku": sku,
        "spread_basis_points": None if spread is None else round(10_000 * spread),
        "service_basis_points": None if service is None else round(100 * service),
        "minimum_units": minimum, "no_break_units": no_break,
        "budget_minor": None if budget is None else _minor(context, budget),
        "price_minor": None if price is None else _minor(context, price),
    }  # fmt: skip
    _call(context, "what_if", given, act_as, as_json=as_json)


def _minor(context: typer.Context, amount: float) -> int:
    from agent.bootstrap import open_company
    from engine.model.money import to_minor
    from engine.service.reading import latest_run

    with open_company(context.obj) as company:
        return to_minor(Decimal(str(amount)), latest_run(company.stores).currency)


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
