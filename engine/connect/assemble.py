"""The sources of one table become the table: defaults filled, keys made unique, sources merged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from engine.connect.assembled import Assembled, Columns, gaps
from engine.connect.columns import (
    Numbers,
    Text,
    Typed,
    constant,
    filled,
    nothing,
    stacked,
    stacked_numbers,
)
from engine.connect.raw import stacked_origins
from engine.connect.repeats import identical_rows, last_of_each_key, merged_by_key
from engine.connect.take import Taken
from engine.connect.tally import Tally
from engine.model.contract import Column, Table
from engine.model.finding import Finding


def assemble(
    table: Table, takens: Sequence[Taken], *, defaults: Mapping[str, str], once: bool
) -> Assembled:
    """One table from its sources, in the order of the mapping.

    Within a source a repeated key means a correction: the later row wins. Between sources rows of
    one key complete each other, the later source winning where both speak. `defaults` override
    the contract's; `once` makes rows that are equal in every column count once.
    """
    unique = [_without_repeats(table, taken, defaults, once=once) for taken in takens]
    columns = {
        column.name: _stacked(column, [part.columns.get(column.name) for part in unique], unique)
        for column in table.columns
        if any(column.name in part.columns for part in unique)
    }
    tally = _sum_of(table, [part.tally for part in unique])
    origin = stacked_origins([part.origin for part in unique])
    if table.duplicates == "last" and len(unique) > 1:
        columns, origin, merged = merged_by_key(table, columns, origin)
        tally = replace(tally, merged=tally.merged.plus(merged))
    given = {name for taken in takens for name, c in taken.columns.items() if filled(c).any()}
    columns, assumed = _with_defaults(table, columns, defaults, given, len(origin))
    findings = [finding for part in unique for finding in part.findings]
    return Assembled(
        table=table,
        columns=columns,
        origin=origin,
        bad=tuple(cell for part in unique for cell in part.bad),
        tally=tally,
        findings=(*findings, *assumed),
        clocks=tuple(clock for part in unique for clock in part.clocks),
    )


def _sum_of(table: Table, tallies: Sequence[Tally]) -> Tally:
    total = Tally(table=table.name)
    for tally in tallies:
        total = Tally(
            table=table.name,
            read=total.read.plus(tally.read),
            filtered=total.filtered.plus(tally.filtered),
            quarantined=total.quarantined.plus(tally.quarantined),
            merged=total.merged.plus(tally.merged),
        )
    return total


def _without_repeats(
    table: Table, taken: Taken, defaults: Mapping[str, str], *, once: bool
) -> Assembled:
    """One source with its key columns filled and its repeated keys or rows set aside."""
    columns = dict(taken.columns)
    for name in table.key:
        default = defaults.get(name) or table.column(name).default
        cells = columns.get(name)
        if default is not None and not isinstance(cells, Numbers):
            given = cells or nothing(len(taken.origin))
            columns[name] = given.filled_with(default)
    part = Assembled(
        table=table,
        columns=columns,
        origin=taken.origin,
        bad=taken.bad,
        tally=taken.tally,
        findings=taken.findings,
        clocks=(taken.clock,) if taken.clock else (),
    )
    if len(part) == 0:
        return part
    if table.duplicates == "last":
        return last_of_each_key(part)
    return identical_rows(part, once=once)


def _stacked(column: Column, cells: Sequence[Typed | None], parts: Sequence[Assembled]) -> Typed:
    """A column of all sources; those that lack it have gaps."""
    numbers = [part for part in cells if isinstance(part, Numbers)]
    if column.kind in {"text", "list"}:
        texts = [
            part if isinstance(part, Text) else nothing(len(rows))
            for part, rows in zip(cells, parts, strict=True)
        ]
        return texts[0] if len(texts) == 1 else stacked(texts)
    like = numbers[0].cells.dtype
    return stacked_numbers(
        [
            part if isinstance(part, Numbers) else gaps(len(rows), like)
            for part, rows in zip(cells, parts, strict=True)
        ]
    )


def _with_defaults(
    table: Table, columns: Columns, defaults: Mapping[str, str], given: set[str], rows: int
) -> tuple[Columns, list[Finding]]:
    """Columns with a default have no gaps; which of them the source lacks is a finding."""
    complete = dict(columns)
    lacking: list[str] = []
    for column in table.columns:
        default = defaults.get(column.name) or column.default
        if default is None:
            continue
        if column.name not in given:
            lacking.append(f"{column.name} ({default})")
        complete[column.name] = _with_default(column, columns.get(column.name), default, rows)
    if not lacking or rows == 0:
        return complete, []
    finding = Finding(
        code="assumed_defaults",
        severity="info",
        table=table.name,
        rows=rows,
        message=f"The source does not give {', '.join(lacking)}.",
        done="Filled with the value in brackets.",
    )
    return complete, [finding]


def _with_default(column: Column, cells: Typed | None, default: str, rows: int) -> Typed:
    if isinstance(cells, Numbers) or column.kind == "integer":
        given = cells if isinstance(cells, Numbers) else gaps(rows, np.dtype(np.int64))
        value = np.asarray(int(default), dtype=given.cells.dtype)
        return Numbers(
            cells=np.where(given.valid, given.cells, value), valid=np.ones(rows, dtype=np.bool_)
        )
    return constant(default, rows) if cells is None else cells.filled_with(default)
