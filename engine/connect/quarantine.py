"""Cells that could not be read: kept with their place, their reason and the row they stood in."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.connect.columns import Mask, Text, Typed
from engine.connect.raw import BrokenLine, Origin
from engine.model.counting import counted
from engine.model.finding import Finding

EXAMPLES = 5


@dataclass(frozen=True, kw_only=True)
class BadCell:
    """One cell; `row_kept` says whether its row went on without it or was left out."""

    table: str
    file: str
    row: int
    column: str
    value: str
    reason: str
    row_kept: bool
    record: str  # the row as JSON, by the contract's names
    at: int = -1  # where it was among the rows being taken; not stored

    def place(self) -> str:
        shown = self.value if len(self.value) <= 40 else f"{self.value[:37]}..."  # noqa: PLR2004  fits a line
        return f"{self.file} row {self.row}: {self.column} {shown!r} {self.reason}"


def bad_cells(
    *,
    table: str,
    column: str,
    rows: Mask,
    reasons: Text | str,
    fields: Mapping[str, Typed],
    origin: Origin,
    row_kept: bool,
) -> list[BadCell]:
    """A bad cell for each row of the mask."""
    return [
        BadCell(
            table=table,
            file=origin.name(row),
            row=int(origin.row[row]),
            column=column,
            value=_shown(fields.get(column), row) or "",
            reason=reasons if isinstance(reasons, str) else reasons.at(row) or "",
            row_kept=row_kept,
            record=json.dumps(
                {name: _shown(cells, row) for name, cells in fields.items()}, ensure_ascii=False
            ),
            at=row,
        )
        for row in np.flatnonzero(rows).tolist()
    ]


def broken_line(table: str, line: BrokenLine) -> BadCell:
    """A line that could not be cut into the header's columns."""
    return BadCell(
        table=table,
        file=line.file,
        row=line.row,
        column="",
        value=line.text,
        reason=line.reason,
        row_kept=False,
        record=json.dumps({"line": line.text}, ensure_ascii=False),
    )


def _shown(cells: Typed | None, row: int) -> str | None:
    if cells is None:
        return None
    if isinstance(cells, Text):
        return cells.at(row)
    if not cells.valid[row]:
        return None
    value = cells.cells[row]
    return str(value)[:19].removesuffix("T00:00:00") if value.dtype.kind == "M" else str(value)


def as_columns(cells: Sequence[BadCell]) -> dict[str, list[str] | list[int]]:
    """The quarantine as it is stored."""
    return {
        "table": [cell.table for cell in cells],
        "file": [cell.file for cell in cells],
        "row": [cell.row for cell in cells],
        "column": [cell.column for cell in cells],
        "value": [cell.value for cell in cells],
        "reason": [cell.reason for cell in cells],
        "row_kept": [int(cell.row_kept) for cell in cells],
        "record": [cell.record for cell in cells],
    }


def quarantine_findings(cells: Iterable[BadCell]) -> list[Finding]:
    """One finding per table, column and whether rows were left out, with the commonest reason."""
    groups: defaultdict[tuple[str, bool, str], list[BadCell]] = defaultdict(list)
    for cell in cells:
        groups[cell.table, cell.row_kept, cell.column].append(cell)
    return [_finding(*key, group) for key, group in sorted(groups.items())]


def _finding(table: str, row_kept: bool, column: str, cells: list[BadCell]) -> Finding:  # noqa: FBT001  the grouping key, spread
    reasons = Counter(cell.reason for cell in cells).most_common()
    reason, others = reasons[0][0], len(reasons) - 1
    if others:
        reason += f" (and {counted(others, 'other reason', 'other reasons')})"
    return Finding(
        code="bad_values" if row_kept else "bad_rows",
        severity="warning",
        table=table,
        rows=len(cells),
        message=f"{column or 'the line'} {reason}.",
        done="Left empty; the row is kept." if row_kept else "Quarantined with file and row.",
        examples=tuple(cell.place() for cell in cells[:EXAMPLES]),
    )
