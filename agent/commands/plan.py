"""`qm plan`: run the plan of the week and show what it would buy."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agent.bootstrap import Company


def register(app: typer.Typer) -> None:
    app.command("plan")(plan)


def plan(
    context: typer.Context,
    budget: Annotated[
        str | None,
        typer.Option(help="Cap on the buys in the base currency, such as 50k or 20000.50."),
    ] = None,
    snapshot: Annotated[
        str | None, typer.Option(help="Plan this snapshot; default: the latest import.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes that share the work; changes no figure."),
    ] = None,
    top: Annotated[int, typer.Option(min=0, help="How many lines to show.")] = 15,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the whole plan as JSON instead.")
    ] = False,
) -> None:
    """Forecast, rank what to buy inside the budget, and store the result.

    The same data, decisions and settings give the same run, byte for byte: planning twice costs
    nothing and orders nothing twice. Without --budget the cap in force this week counts.

        qm plan --budget 50k
    """
    import sys

    from agent.bootstrap import open_company
    from agent.terminal.plan_report import print_plan, write_plan_json
    from agent.terminal.progress import progress_bar
    from engine.service.planning import run_plan

    with open_company(context.obj) as company, progress_bar(quiet=as_json) as progress:
        run = run_plan(
            company.stores,
            company.plan_config,
            now=company.clock.now(),
            snapshot_id=snapshot,
            budget_minor=cap(budget, company, snapshot),
            workers=workers or company.settings.plan.workers,
            progress=progress,
        )
    if as_json:
        write_plan_json(company.stores, run, sys.stdout)
    else:
        print_plan(company.stores, run, top)


def cap(budget: str | None, company: "Company", snapshot: str | None) -> int | None:
    """The amount a person typed, in minor units of the company's base currency."""
    if budget is None:
        return None
    from agent.language.figures import figures, unclear_amount
    from engine.errors import InvalidInput
    from engine.model.money import to_minor
    from engine.store.snapshots import snapshot_header

    if unclear_amount(budget) is not None:
        raise InvalidInput(
            f"--budget {budget!r} could be read in more than one way. Which amount is "
            "meant? Write 1500, 1,500 or 1.5k."
        )
    with company.stores.database.read() as look:
        currency = snapshot_header(look, snapshot).company.base_currency
    found = figures(budget)
    if len(found) != 1 or found[0].value <= 0 or found[0].currency not in (None, currency):
        raise InvalidInput(
            f"--budget {budget!r} is no amount of {currency}; write something like 50k or 20000.50."
        )
    return to_minor(found[0].value, currency)
