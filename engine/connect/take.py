"""From the raw rows of one source to typed rows: filtered, parsed, the bad ones set aside."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.connect.columns import Mask, Numbers, Text, Typed, constant, filled
from engine.connect.local_days import on_local_days
from engine.connect.mapping import Checks, Reading, Source
from engine.connect.parse import Locale, ParsedColumn, parse_column
from engine.connect.quarantine import BadCell, bad_cells, broken_line
from engine.connect.raw import Origin, RawTable
from engine.connect.rules import refusals, with_returns, with_revenue
from engine.connect.selection import Selection, select_rows
from engine.connect.tally import Part, Tally, part_of
from engine.model.contract import Table
from engine.model.counting import counted
from engine.model.finding import Finding

NO_ZONES: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Clock:
    """When sales were recorded: wall-clock times and how many rows carry each."""

    times: NDArray[np.datetime64]
    rows: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The rows of one source that are good, and the account of the others."""

    columns: Mapping[str, Typed]  # those the source gives, and what follows from them
    origin: Origin
    bad: tuple[BadCell, ...]
    tally: Tally  # without its accepted part, which is counted in the finished table
    findings: tuple[Finding, ...]
    clock: Clock | None = None


def take(
    raw: RawTable,
    table: Table,
    source: Source,
    *,
    reading: Reading,
    checks: Checks,
    company_zone: str,
    absent: Mapping[str, str],
    zones: Mapping[str, str] = NO_ZONES,
) -> Taken:
    """Good rows of a source as typed columns. `absent` stands for columns that the source lacks.

    `zones` are those that locations state (engine.connect.local_days).

    Raises BadSource where a needed column is missing.
    """
    findings = list(raw.findings)
    rows = select_rows(raw, table, source, reading.decimal or ".", absent, findings)
    locale = Locale(
        decimal=reading.decimal,
        date_format=reading.date_format,
        source_zone=reading.time_zone,
        company_zone=company_zone,
    )
    parsed = {
        name: parse_column(table, table.column(name), text, locale)
        for name, text in rows.fields.items()
    }
    parsed = on_local_days(table, parsed, rows.fields.get("date"), locale, zones)
    findings += _decisions(table, parsed)
    columns = _completed(table, parsed, rows, findings)
    bad = _unreadable(table, parsed, rows)
    good = rows.kept.copy()
    good[[cell.at for cell in bad if not cell.row_kept]] = False
    for refusal in refusals(table, columns, checks):
        refused = refusal.rows & good
        bad += _cells(table, refusal.column, refused, refusal.reason, rows, row_kept=False)
        good &= ~refused
    return Taken(
        columns={name: cells.take(good) for name, cells in columns.items()},
        origin=rows.origin.take(good),
        bad=(*(broken_line(table.name, line) for line in raw.broken), *bad),
        tally=_tally(table, columns, rows, good, broken=len(raw.broken)),
        findings=tuple(findings),
        clock=_clock(parsed.get("date"), rows.fields.get("date"), good),
    )


def _decisions(table: Table, parsed: Mapping[str, ParsedColumn]) -> list[Finding]:
    """How numbers and dates were understood, where the source left a choice."""
    return [
        Finding(
            code="format_decided",
            severity="warning",
            table=table.name,
            rows=0,
            message=f"{name} is {column.note}.",
            done="State `decimal` or `date_format` in the mapping to be sure.",
        )
        for name, column in parsed.items()
        if column.note
    ]


def _completed(
    table: Table, parsed: Mapping[str, ParsedColumn], rows: Selection, findings: list[Finding]
) -> dict[str, Typed]:
    """Parsed columns, and for sales what follows from them: revenue, and what is a return."""
    columns: dict[str, Typed] = {name: column.cells for name, column in parsed.items()}
    if table.name != "sales":
        return columns
    stated = parsed.get("net_revenue")
    unreadable = stated.reasons.filled if stated else np.zeros(len(rows.kept), dtype=np.bool_)
    columns, derived = with_revenue(columns, unreadable)
    if derived:
        findings.append(_derived_revenue(derived))
    kind, units = columns.get("kind"), columns["units"]
    if isinstance(units, Numbers):
        kind = kind if isinstance(kind, Text) else constant("sale", len(units))
        columns["kind"], returned = with_returns(kind.filled_with("sale"), units)
        if returned:
            findings.append(_became_returns(returned))
    return columns


def _derived_revenue(rows: int) -> Finding:
    return Finding(
        code="derived_revenue",
        severity="info",
        table="sales",
        rows=rows,
        message=f"{counted(rows, 'row states', 'rows state')} no revenue.",
        done="Taken as units times price.",
    )


def _became_returns(rows: int) -> Finding:
    return Finding(
        code="negative_units",
        severity="info",
        table="sales",
        rows=rows,
        message=f"{counted(rows, 'sales row has', 'sales rows have')} negative units.",
        done="Kept as returns.",
    )


def _unreadable(table: Table, parsed: Mapping[str, ParsedColumn], rows: Selection) -> list[BadCell]:
    """Cells that cannot be read, and required cells that are empty.

    A row that is lost is lost for one reason; a row that is kept may lack several cells.
    """
    bad: list[BadCell] = []
    left = rows.kept.copy()
    for name, column in parsed.items():
        contract = table.column(name)
        costs_row = contract.required or contract.default is not None
        unreadable = left & column.reasons.filled
        bad += _cells(table, name, unreadable, column.reasons, rows, row_kept=not costs_row)
        if contract.required:
            empty = left & ~filled(column.cells) & ~unreadable
            bad += _cells(table, name, empty, "is empty, but required", rows, row_kept=False)
            left &= ~empty
        if costs_row:
            left &= ~unreadable
    return bad


def _cells(
    table: Table, column: str, at: Mask, reasons: Text | str, rows: Selection, *, row_kept: bool
) -> list[BadCell]:
    return bad_cells(
        table=table.name,
        column=column,
        rows=at,
        reasons=reasons,
        fields=rows.fields,
        origin=rows.origin,
        row_kept=row_kept,
    )


def _tally(
    table: Table, columns: Mapping[str, Typed], rows: Selection, good: Mask, *, broken: int
) -> Tally:
    everywhere = part_of(table.name, columns)
    return Tally(
        table=table.name,
        read=everywhere.plus(Part(rows=rows.dropped + rows.merged + broken)),
        filtered=part_of(table.name, columns, ~rows.kept).plus(Part(rows=rows.dropped)),
        quarantined=part_of(table.name, columns, rows.kept & ~good).plus(Part(rows=broken)),
        merged=Part(rows=rows.merged),
    )


def _clock(parsed: ParsedColumn | None, text: Text | None, good: Mask) -> Clock | None:
    if parsed is None or parsed.times is None or text is None:
        return None
    codes = text.codes[good & text.filled]
    return Clock(times=parsed.times, rows=np.bincount(codes, minlength=len(parsed.times)))
