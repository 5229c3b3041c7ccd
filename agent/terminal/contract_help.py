"""The data contract and the mapping grammar as help text."""

from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from engine.connect.mapping_file import PARTS, nearest
from engine.errors import InvalidInput
from engine.model.contract import BY_NAME, TABLES, Column, Table

KINDS = {
    "text": "text",
    "integer": "whole number",
    "money": "amount",
    "real": "number",
    "date": "date",
    "instant": "time",
    "flag": "true/false",
    "list": "list a|b|c",
}


def print_contract(table: str) -> None:
    """One table with its columns, or all tables where `table` is 'all'."""
    console = Console(highlight=False)
    if table == "all":
        for contract in TABLES:
            _print_table(console, contract)
        return
    if table not in BY_NAME:
        raise InvalidInput(f"The data contract has no table {table!r}.{nearest(table, BY_NAME)}")
    _print_table(console, BY_NAME[table])


def _print_table(console: Console, table: Table) -> None:
    needed = " [bold](required)[/bold]" if table.required else ""
    console.print(f"\n[bold]{table.name}[/bold]{needed}: {escape(table.doc)}")
    rows = "rows add up" if table.duplicates == "keep" else "of equal keys the last row counts"
    console.print(
        f"  file: {table.name}.csv (.csv.gz, .xlsx, .parquet); key: {' + '.join(table.key)}; {rows}"
    )
    grid = Grid(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    for column in table.columns:
        grid.add_row(column.name, KINDS[column.kind], escape(_about(column)))
    console.print(grid)


def _about(column: Column) -> str:
    extra = [
        "required" if column.required else "",
        f"one of {', '.join(column.choices)}" if column.choices else "",
        f"default {column.default}" if column.default is not None else "",
        f"at least {column.minimum:g}" if column.minimum is not None else "",
    ]
    kept = "; ".join(part for part in extra if part)
    return f"{column.doc} ({kept})" if kept else column.doc


def print_mapping_help() -> None:
    """Every key of a mapping file with what it means."""
    console = Console(highlight=False)
    console.print("A mapping is a YAML file: qm import FOLDER --mapping mapping.yaml")
    for part in PARTS:
        _print_part(console, part)


def _print_part(console: Console, part: type[BaseModel]) -> None:
    about = (part.__doc__ or "").split("\n", maxsplit=1)[0]
    console.print(f"\n[bold]{PARTS[part]}[/bold]: {escape(about)}")
    grid = Grid(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    for name, field in part.model_fields.items():
        grid.add_row(name, escape(field.description or ""))
    console.print(grid)
