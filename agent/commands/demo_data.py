"""`qm demo-data`: make up a merchant whose data the planner can be tried on."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.simulate.company import DemoCompany

DEFAULT_SEED = 7


def register(app: typer.Typer) -> None:
    app.command("demo-data")(demo_data)


def demo_data(
    folder: Annotated[Path, typer.Argument(help="Folder to write; new or empty.")],
    seed: Annotated[int, typer.Option(help="Another seed makes another history.")] = DEFAULT_SEED,
    end: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Last day of sales; else the last Sunday."),
    ] = None,
    skus: Annotated[int, typer.Option(help="Items, gift sets included.")] = 400,
    truth: Annotated[
        Path | None,
        typer.Option(help="Also write the true demand, which no merchant knows, to this CSV file."),
    ] = None,
    *,
    compress: Annotated[bool, typer.Option("--gzip", help="Write .csv.gz files.")] = False,
    force: Annotated[bool, typer.Option(help="Replace earlier demo data in the folder.")] = False,
) -> None:
    """Generate Alder & Wick Home, a retailer in Leeds and London with two years of history.

    Writes the tables of the data contract as CSV files, mapping.yaml (company) and people.yaml
    (a buyer, two managers, finance). The same seed, end and size give the same bytes. Then:

        qm import FOLDER
    """
    from agent.clock import SystemClock
    from engine.connect.write_folder import csv_bytes, write_folder
    from engine.simulate.company import generate
    from engine.simulate.company.team import PEOPLE_FILE

    last_day = end.date() if end else last_sunday(SystemClock().now().date())
    company = generate(seed, last_day, skus=skus)
    written = write_folder(
        folder,
        company.profile,
        company.tables,
        files={"people.yaml": PEOPLE_FILE},
        replace=force,
        compress=compress,
    )
    if truth is not None:
        truth.parent.mkdir(parents=True, exist_ok=True)
        truth.write_bytes(csv_bytes("truth", company.truth, compress=truth.suffix == ".gz"))
    typer.echo(_summary(company, folder, last_day, len(written)))


def last_sunday(today: date) -> date:
    """The end of the last whole week: today, where today is a Sunday, is not over yet."""
    return today - timedelta(days=today.weekday() + 1)


def _summary(company: "DemoCompany", folder: Path, last_day: date, files: int) -> str:
    tables = company.tables
    return (
        f"{company.profile.name}: {len(tables['items'])} items, "
        f"{len(tables['locations'])} locations, {len(tables['suppliers'])} suppliers, "
        f"{len(tables['sales']):,} sales lines to {last_day}.\n"
        f"{files} files in {folder}. Next: qm import {folder}\n"
        f"To draft and approve, copy {folder / 'people.yaml'} to the folder of QM_HOME."
    )
