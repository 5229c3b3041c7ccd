"""Folders of exports, as a merchant's systems write them."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from textwrap import dedent

from engine.connect.importer import ImportedData, read_folder
from engine.connect.mapping import Mapping
from engine.connect.mapping_file import load_mapping
from engine.model.finding import Finding

COMPANY = "company: {name: Acme, base_currency: GBP, time_zone: Europe/London}\n"
MONDAY = date(2026, 8, 3)
SALES = "date,sku,location,channel,order_id,units,net_revenue,price,kind\n"


def exports(folder: Path, *, mapping: str = COMPANY, **files: str | bytes) -> Path:
    """A folder with a mapping and files; sales_csv="..." writes sales.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mapping.yaml").write_text(mapping)
    for name, content in files.items():
        path = folder / name.replace("_csv", ".csv").replace("_gz", ".gz")
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(dedent(content), encoding="utf-8")
    return folder


def daily_sales(
    *, days: int = 60, skus: Sequence[str] = ("LAMP", "VASE"), units: int = 3, first: date = MONDAY
) -> str:
    """A CSV file with one line per SKU and day at 10.00 a unit."""
    lines = [
        f"{first + timedelta(days=day)},{sku},LEEDS,web,W{day}-{sku},{units},{units * 10},10,sale"
        for day in range(days)
        for sku in skus
    ]
    return SALES + "\n".join(lines) + "\n"


def read(folder: Path, mapping: Mapping | None = None) -> ImportedData:
    """Read a folder with its own mapping."""
    return read_folder(folder, mapping or load_mapping(folder / "mapping.yaml"))


def finding(data: ImportedData, code: str, table: str | None = None) -> Finding:
    """The one finding of a code; fails when there is none or more than one."""
    (found,) = [f for f in data.findings if f.code == code and table in {None, f.table}]
    return found


def codes(data: ImportedData) -> set[str]:
    return {found.code for found in data.findings}
