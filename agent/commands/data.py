"""`qm import` and `qm quarantine`: data in, and what could not be used of it."""

from pathlib import Path
from typing import Annotated

import typer

# \b is click's mark for a paragraph that keeps its lines.
IMPORT_HELP = """Read a folder of exports into a snapshot to plan from.

Files named after the tables of the data contract are read as they are.
A mapping translates foreign column names, wide tables, units, filters
and joins. The tables and their columns:

\b
  sales            date sku location channel order_id units net_revenue
   (required)      price kind
  items            sku name category unit_cost price currency status ...
  stock            date sku location on_hand reserved in_stock_fraction
  suppliers        supplier name currency order_days lead_time_days ...
  supplier_items   supplier sku unit_cost minimum_units case_pack tiers
  purchase_orders  po line supplier sku location ordered_on units ...
  receipts         po line received_on units rejected_units
  also             locations channels bundles promotions prices holidays
                   closures traffic backorders budgets fx_rates

Bad rows are quarantined with file, row, column, value and reason; every
row and every unit of the source is accounted for. The same data twice
is the same snapshot.

\b
  qm import exports/                    files named after the tables
  qm import exports/ --mapping m.yaml   anything else
  qm import --contract sales            what a table's columns mean
  qm import --mapping-help              what a mapping may say
"""


def register(app: typer.Typer) -> None:
    app.command("import", help=IMPORT_HELP)(import_data)
    app.command("quarantine")(quarantine)


def import_data(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of exports: CSV, TSV, XLSX, Parquet, also .gz.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="Mapping file; else mapping.yaml in the folder, else names decide."),
    ] = None,
    contract: Annotated[
        str | None,
        typer.Option(metavar="TABLE", help="Explain a table of the data contract, or 'all'."),
    ] = None,
    *,
    mapping_help: Annotated[
        bool, typer.Option("--mapping-help", help="Explain every key of a mapping file.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every finding with all its examples.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON instead.")
    ] = False,
) -> None:
    """Read a folder of exports into a snapshot; see IMPORT_HELP."""
    if contract or mapping_help:
        _explain(contract, mapping_help=mapping_help)
        return
    if folder is None:
        raise typer.BadParameter("Name the folder to import, or ask --contract all.")
    import sys

    from agent.bootstrap import open_company
    from agent.terminal.import_report import print_import, write_import_json
    from agent.terminal.progress import progress_bar
    from engine.service.importing import import_folder

    with open_company(context.obj) as company, progress_bar(quiet=as_json) as progress:
        report = import_folder(
            company.stores, folder, mapping=mapping, now=company.clock.now(), progress=progress
        )
    if as_json:
        write_import_json(report, sys.stdout)
    else:
        print_import(report, everything=everything)


def _explain(contract: str | None, *, mapping_help: bool) -> None:
    from agent.terminal.contract_help import print_contract, print_mapping_help

    if contract:
        print_contract(contract)
    if mapping_help:
        print_mapping_help()


def quarantine(
    context: typer.Context,
    table: Annotated[str | None, typer.Option(help="Only this table.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many rows to show.")] = 50,
    *,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print all of it as CSV, rows as JSON.")
    ] = False,
) -> None:
    """Show what the latest import could not use: file, row, column, value and reason."""
    import sys

    from agent.bootstrap import open_company
    from agent.terminal.harmless import visible
    from engine.service.data_state import latest_quarantine

    with open_company(context.obj) as company:
        cells = latest_quarantine(company.stores)
    chosen = cells if table is None else cells[cells["table"] == table]
    if as_csv:
        chosen.to_csv(sys.stdout, index=False)
        return
    for cell in chosen.head(limit).itertuples():
        kept = "cell left empty" if cell.row_kept else "row left out"
        told = (
            f"{cell.table}: {cell.file} row {cell.row}, {cell.column or 'line'} "
            f"{cell.value!r} {cell.reason} ({kept})"
        )
        typer.echo(visible(told))
    typer.echo(f"{len(chosen):,} in quarantine.")
