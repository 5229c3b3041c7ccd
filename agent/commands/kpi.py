"""`qm kpi`: how we did, in key figures with their definitions, trends and parts."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.service.measure import KpiStory


def register(app: typer.Typer) -> None:
    app.command("kpi")(kpi)


def kpi(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="One figure, such as fill-rate or gmroi; default: all.")
    ] = None,
    by: Annotated[
        Literal["class", "category", "location", "supplier"] | None,
        typer.Option(help="Cut it: A/B/C by revenue, category, location or supplier."),
    ] = None,
    weeks: Annotated[int, typer.Option(min=1, max=104, help="Weeks of trend.")] = 8,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day; default: four weeks."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="Last day; default: yesterday's data."),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    picture: Annotated[
        Path | None, typer.Option(help="Also draw the weeks to this PNG file.")
    ] = None,
) -> None:
    """Key figures of the last four weeks beside the four before, each with its definition.

    One figure by name: its parts, week by week, and cut by class, category, location or supplier.

        qm kpi
        qm kpi fill-rate --by class --weeks 12 --picture fill.png
    """
    from agent.bootstrap import open_company
    from agent.terminal.kpi_report import print_figures
    from engine.measure import MEASURES
    from engine.service.kpi_names import kpi_name
    from engine.service.measure import kpi_report, kpi_stories, period_of

    names = tuple(MEASURES) if name is None else (kpi_name(name),)
    with open_company(context.obj) as company:
        stores, config = company.stores, company.plan_config
        locale = company.settings.terminal.locale
        period = period_of(stores, first and first.date(), last and last.date())
        if name is None and not (picture or as_json or by):
            days = {"start": period.start, "end": period.end}
            print_figures(kpi_report(stores, **days, config=config), locale)
            return
        stories = kpi_stories(stores, names, period=period, weeks=weeks, by=by, config=config)
    _tell(stories, locale, as_json=as_json, is_one=name is not None)
    if picture is not None:
        from agent.views.kpi_chart import kpi_picture

        kpi_picture(stories, picture)


def _tell(stories: "Sequence[KpiStory]", locale: str, *, as_json: bool, is_one: bool) -> None:
    from agent.terminal.kpi_report import kpi_json, print_figures, print_parts, print_story

    if as_json:
        typer.echo(kpi_json(stories))
    elif is_one:
        print_story(stories[0], locale)
    elif stories[0].by is not None:
        print_parts(stories, locale)
    else:
        print_figures(stories[0].report, locale, [story.kpi for story in stories],
                      [kpi for story in stories for kpi in story.report.before])  # fmt: skip
