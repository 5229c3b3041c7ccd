"""A warehouse or 3PL that leaves files: receipts, shipping notices (ASN) and stock, as CSV.

Files are named by what they hold (`receipts-2026-11-23.csv`, `asn_0815.csv`, `stock.csv`) and have
the columns below, in any order. Each file is read once: a name with the same content again is a
replay and counts for nothing, also when it comes weeks later.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from engine.connect.sources.port import About, Key, Page, Row, SourceRefused

# What a file of each kind must have, and what it may have besides.
NEEDED = {
    "receipts": ("po", "line", "received_on", "units"),
    "asn": ("po", "line", "shipped_on"),
    "stock": ("date", "sku", "on_hand"),
}
ALSO = {
    "receipts": ("rejected_units",),
    "asn": ("expected_on",),
    "stock": ("location", "reserved"),
}
LARGEST = 200_000_000  # bytes


@dataclass(frozen=True, kw_only=True)
class Found:
    """A file in the folder; `version` changes when it does."""

    name: str
    version: str


class Folder(Protocol):
    """Where the files are left."""

    @property
    def place(self) -> str: ...

    def files(self) -> list[Found]: ...

    def content(self, name: str) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class Warehouse:
    """Read only: files are left where they are."""

    folder: Folder = field(repr=False)
    name: str = "warehouse"
    tables: tuple[str, ...] = ("receipts", "asn", "stock")

    def check(self) -> About:
        self.folder.files()
        return About(name="")

    def read(self, table: str, cursor: str) -> Iterator[Page]:
        """A page per file, oldest name first; the cursor remembers every content it has seen."""
        done: dict[str, str] = json.loads(cursor) if cursor else {}
        for found in sorted(self.folder.files(), key=lambda each: each.name):
            if _kind(found.name) != table or done.get(found.name) == found.version:
                continue
            content = self.folder.content(found.name)
            print_ = hashlib.sha256(content).hexdigest()
            is_replay = f"sha:{print_}" in done
            done = {**done, found.name: found.version, f"sha:{print_}": found.name}
            told = json.dumps(done, sort_keys=True)
            page = Page(table=_table(table)) if is_replay else _page(table, found.name, content)
            yield Page(table=page.table, rows=page.rows, updates=page.updates, cursor=told)


def _kind(name: str) -> str:
    """What a file holds by its name; "" for one that is none of ours."""
    plain = name.lower()
    if not plain.endswith((".csv", ".txt")):
        return ""
    return next((kind for kind in NEEDED if plain.startswith(kind)), "")


def _table(kind: str) -> str:
    return "purchase_orders" if kind == "asn" else kind


def _page(kind: str, name: str, content: bytes) -> Page:
    rows = _rows(kind, name, content)
    if kind == "asn":
        updates = {(row["po"], row["line"]): _notice(row) for row in rows}
        return Page(table="purchase_orders", updates=updates)
    if kind == "stock":
        return Page(table="stock", rows={_stock_key(row): row for row in rows})
    # Two deliveries of a line on one day are two, so each row of each file has a key of its own.
    return Page(table="receipts", rows={(name, str(n)): row for n, row in enumerate(rows)})


def _stock_key(row: Row) -> Key:
    return (row["date"], row["sku"], row.get("location", ""))


def _notice(row: Row) -> Row:
    """What a shipping notice adds to an order line: the day it left, and when it is expected."""
    told = {"po": row["po"], "line": row["line"], "shipped_on": row["shipped_on"]}
    return told | ({"confirmed_on": row["expected_on"]} if row.get("expected_on") else {})


def _rows(kind: str, name: str, content: bytes) -> list[Row]:
    """Raises SourceRefused for a file without the columns; odd cells are told by the import."""
    if len(content) > LARGEST:
        raise SourceRefused(f"{name} has {len(content):,} bytes; split it (at most {LARGEST:,}).")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    sample = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in sample else ",")
    names = {
        (each or "").strip().lower().replace(" ", "_"): each for each in reader.fieldnames or ()
    }
    lacking = [column for column in NEEDED[kind] if column not in names]
    if lacking:
        raise SourceRefused(
            f"{name} lacks the column {lacking[0]!r}; a file of {kind} has "
            f"{', '.join(NEEDED[kind])} and may have {', '.join(ALSO[kind])}."
        )
    wanted = [column for column in (*NEEDED[kind], *ALSO[kind]) if column in names]
    return [
        {column: (row[names[column]] or "").strip() for column in wanted if row[names[column]]}
        for row in reader
        if all((row[names[column]] or "").strip() for column in NEEDED[kind][:2])
    ]
