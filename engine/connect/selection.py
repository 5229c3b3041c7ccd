"""Which rows and columns of a source the contract gets: mapped, filtered, condensed; still text."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process

from engine.connect.columns import Mask, Text, constant
from engine.connect.condense import condensed
from engine.connect.conditions import rows_where
from engine.connect.derive import contract_columns, plain_name
from engine.connect.mapping import Source
from engine.connect.quarantine import EXAMPLES
from engine.connect.raw import Origin, RawTable
from engine.errors import BadSource
from engine.model.contract import Table
from engine.model.counting import counted
from engine.model.finding import Finding

# What foreign files call the columns that must be there; only used to say what is close.
_OFTEN_CALLED = {
    "units": ("quantity", "qty", "units_sold", "amount", "pieces"),
    "sku": ("product", "item", "article", "stockcode", "product_id", "item_id"),
    "date": ("day", "invoicedate", "order_date", "week", "timestamp"),
    "location": ("store", "warehouse", "site", "branch"),
    "supplier": ("vendor", "supplier_id", "manufacturer"),
    "po": ("order", "order_number", "po_number", "purchase_order"),
}


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Rows on their way: text by the contract's names. Counts are of rows that are gone already."""

    fields: Mapping[str, Text]
    origin: Origin
    kept: Mask  # not left out by the mapping
    dropped: int = 0
    merged: int = 0


def select_rows(
    raw: RawTable,
    table: Table,
    source: Source,
    decimal: str,
    absent: Mapping[str, str],
    findings: list[Finding],
) -> Selection:
    """The contract's columns, and the rows that the mapping lets through."""
    fields = contract_columns(raw, table, source.columns, decimal)
    for name, value in absent.items():
        if name not in fields:
            fields[name] = constant(value, len(raw))
            findings.append(_stands_in(table, name, value, len(raw)))
    _require_columns(table, fields, raw)
    if not source.columns:
        findings += _ignored_columns(table, raw)
    kept = np.ones(len(raw), dtype=np.bool_)
    for drop in source.drop:
        rows = kept & rows_where(raw, drop.where)
        findings.append(_dropped_finding(table, drop.reason, rows, raw.origin))
        kept &= ~rows
    if not source.one_row_per_key:
        return Selection(fields=fields, origin=raw.origin, kept=kept)
    chosen = {name: text.take(kept) for name, text in fields.items()}
    condensed_fields, first = condensed(chosen, table.key, source.columns)
    return Selection(
        fields=condensed_fields,
        origin=raw.origin.take(kept).take(first),
        kept=np.ones(len(first), dtype=np.bool_),
        dropped=int((~kept).sum()),
        merged=int(kept.sum()) - len(first),
    )


def _stands_in(table: Table, column: str, value: str, rows: int) -> Finding:
    return Finding(
        code="assumed",
        severity="warning",
        table=table.name,
        rows=rows,
        message=f"The source does not give the {column} of the {table.name}.",
        done=f"Assumed: {value}, the last day of sales. State it in the mapping.",
    )


def _ignored_columns(table: Table, raw: RawTable) -> list[Finding]:
    """Columns that the contract does not know, where nothing maps them."""
    known = {column.name: column.name for column in table.columns}
    strange = [n for n in raw.columns if plain_name(n) not in known and not n.startswith("file.")]
    if not strange:
        return []
    meant = [
        f"{name} (did you mean {close[0]}?)"
        for name in strange
        if (close := process.extractOne(plain_name(name), list(known), score_cutoff=85))
        and close[0] not in {plain_name(other) for other in raw.columns}
    ]
    return [
        Finding(
            code="ignored_columns",
            severity="warning" if meant else "info",
            table=table.name,
            rows=0,
            message=f"{counted(len(strange), 'column is', 'columns are')} "
            f"not read: {', '.join(meant or strange)}.",
            done="Left out; rename them, or name them in a mapping.",
        )
    ]


def _require_columns(table: Table, fields: Mapping[str, Text], raw: RawTable) -> None:
    needed = [column.name for column in table.columns if column.required]
    missing = [name for name in needed if name not in fields]
    if missing:
        close = [hit for name in missing if (hit := _close(name, raw))]
        hint = f" Close: {', '.join(close)}." if close else ""
        raise BadSource(
            f"{raw.origin.files[0]} has no column for {', '.join(missing)} of the table "
            f"{table.name} (it needs {', '.join(needed)}).{hint} "
            f"It has: {', '.join(name for name in raw.columns if name != 'file.name')}. "
            "Rename the column, or name it in a mapping."
        )


def _close(name: str, raw: RawTable) -> str | None:
    """The source column that looks most like the wanted one, or is often called so."""
    called = {plain_name(column): column for column in raw.columns if column != "file.name"}
    for other in (name, *_OFTEN_CALLED.get(name, ())):
        if other in called:
            return repr(called[other])
    match = process.extractOne(name, list(called), score_cutoff=70)
    return repr(called[match[0]]) if match else None


def _dropped_finding(table: Table, reason: str, rows: Mask, origin: Origin) -> Finding:
    places = [
        f"{origin.name(row)} row {origin.row[row]}" for row in np.flatnonzero(rows)[:EXAMPLES]
    ]
    return Finding(
        code="filtered_rows",
        severity="info",
        table=table.name,
        rows=int(rows.sum()),
        message=f"The mapping leaves rows out: {reason}.",
        done="Left out and counted in the reconciliation.",
        examples=tuple(places),
    )
