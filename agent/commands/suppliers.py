"""`qm suppliers`: how reliable they are, and what a better spread would free."""

from typing import Annotated

import typer

from agent.commands.purchase import Json


def register(app: typer.Typer) -> None:
    app.command("suppliers")(suppliers)


def suppliers(
    context: typer.Context,
    supplier: Annotated[str | None, typer.Argument(help="One supplier, by its code.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Scorecards of suppliers over the last year, the least reliable first.

    On time in full, lead times stated, promised, confirmed and as they are, their spread and
    trend, prices, rejects, cancellations, and the money in safety stock that a better spread
    would free.
    """
    from agent.bootstrap import open_company
    from agent.terminal.supplier_report import print_card, print_scorecards
    from engine.model.canonical import canonical_json
    from engine.service import reading
    from engine.service.suppliers import supplier_report

    with open_company(context.obj) as company:
        run = reading.latest_run(company.stores)
        report = supplier_report(company.stores, company.plan_config, run.id)
        locale = company.settings.terminal.locale
        if as_json:
            typer.echo(canonical_json(report if supplier is None else report.of(supplier)))
        elif supplier is None:
            print_scorecards(report, locale)
        else:
            print_card(report, report.of(supplier), locale)
