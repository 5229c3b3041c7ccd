"""Rows that share a key: corrections within a source, completions between sources."""

from dataclasses import replace

import numpy as np

from engine.connect.assembled import Assembled, Columns
from engine.connect.columns import Index, Mask, Numbers, Text, Typed, expand, filled, group_rows
from engine.connect.raw import Origin
from engine.connect.tally import Part, part_of
from engine.model.contract import Table
from engine.model.counting import counted
from engine.model.finding import Finding


def last_of_each_key(part: Assembled) -> Assembled:
    keys = [part.columns[name] for name in part.table.key if name in part.columns]
    groups, _ = group_rows(keys)
    last = np.zeros(int(groups.max()) + 1, dtype=np.int64)
    last[groups] = np.arange(len(groups))
    earlier = last[groups] != np.arange(len(groups))
    if not earlier.any():
        return part
    shown = " and ".join(part.table.key)
    finding = Finding(
        code="duplicate_keys",
        severity="warning",
        table=part.table.name,
        rows=int(earlier.sum()),
        message=f"{counted(int(earlier.sum()), 'row repeats', 'rows repeat')} a key ({shown}).",
        done="The last row of each key counts; the earlier ones are quarantined.",
        examples=part.places(earlier),
    )
    reason = f"is repeated by a later row with the same {shown}"
    found = replace(part, findings=(*part.findings, finding))
    return found.without(earlier, column=part.table.key[0], reason=reason)


def identical_rows(part: Assembled, *, once: bool) -> Assembled:
    """Rows equal in every column: a double export, or an order that really lists a thing twice."""
    groups, first = group_rows(list(part.columns.values()))
    later = first[groups] != np.arange(len(groups))
    if not later.any():
        return part
    finding = Finding(
        code="identical_rows",
        severity="warning",
        table=part.table.name,
        rows=int(later.sum()),
        message=f"{counted(int(later.sum()), 'row equals', 'rows equal')} "
        "an earlier row in every column"
        f"{_across_files(part, first[groups], later)}.",
        done="Counted once; the repeats are quarantined."
        if once
        else "All are counted; set `checks: identical_sales: once` if they were exported twice.",
        examples=part.places(later),
    )
    found = replace(part, findings=(*part.findings, finding))
    if not once:
        return found
    return found.without(later, column=part.table.key[0], reason="repeats an earlier row")


def _across_files(part: Assembled, first: Index, later: Mask) -> str:
    """Overlapping exports repeat rows of another file; that is never a real second sale."""
    elsewhere = int((part.origin.file[first][later] != part.origin.file[later]).sum())
    return f", {elsewhere:,} of them from another file" if elsewhere else ""


def merged_by_key(table: Table, columns: Columns, origin: Origin) -> tuple[Columns, Origin, Part]:
    """Rows of one key made one: each column keeps its last value. Also what was overwritten."""
    groups, first = group_rows([columns[name] for name in table.key if name in columns])
    if len(first) == len(groups):
        return columns, origin, Part()
    merged: Columns = {}
    overwritten: Columns = {}
    for name, cells in columns.items():
        last = np.full(len(first), -1, dtype=np.int64)
        given = np.flatnonzero(filled(cells))
        last[groups[given]] = given
        merged[name] = _at(cells, last)
        lost = filled(cells) & (last[groups] != np.arange(len(groups)))
        overwritten[name] = cells.take(lost)
    sums = {
        name: part_of(table.name, {name: cells}).sums.get(name, 0)
        for name, cells in overwritten.items()
        if name in part_of(table.name, {name: cells}).sums
    }
    return merged, origin.take(first), Part(rows=len(groups) - len(first), sums=sums)


def _at(cells: Typed, rows: Index) -> Typed:
    """The cells of some rows; a gap where the row is -1."""
    if isinstance(cells, Text):
        return Text(
            codes=expand(cells.codes, rows.astype(np.int32), empty=-1), distinct=cells.distinct
        )
    return Numbers(cells=cells.cells[rows], valid=cells.valid[rows] & (rows >= 0))
