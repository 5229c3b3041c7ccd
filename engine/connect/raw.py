"""A source as it was read: text cells with the file and row they stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.connect.columns import Index, Mask, Text, nothing, stacked
from engine.errors import BadSource
from engine.model.finding import Finding


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where each row stands. Axis [row]; the header is row 1, as a spreadsheet counts."""

    files: tuple[str, ...]
    file: NDArray[np.int32]  # index into files
    row: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.row)

    def take(self, rows: Index | Mask) -> "Origin":
        return Origin(files=self.files, file=self.file[rows], row=self.row[rows])

    def name(self, row: int) -> str:
        return self.files[int(self.file[row])]


@dataclass(frozen=True, kw_only=True)
class BrokenLine:
    """A line that has more or fewer cells than the header names."""

    file: str
    row: int
    text: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """Text columns of one length, by the names the source gives them."""

    columns: Mapping[str, Text]
    origin: Origin
    broken: tuple[BrokenLine, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.origin)

    def take(self, rows: Index | Mask) -> "RawTable":
        return RawTable(
            columns={name: text.take(rows) for name, text in self.columns.items()},
            origin=self.origin.take(rows),
            broken=self.broken,
            findings=self.findings,
        )

    def with_columns(self, columns: Mapping[str, Text]) -> "RawTable":
        return RawTable(
            columns=columns, origin=self.origin, broken=self.broken, findings=self.findings
        )


def origin_of(file: str, rows: Sequence[int] | NDArray[np.int32]) -> Origin:
    numbers = np.asarray(rows, dtype=np.int32)
    return Origin(files=(file,), file=np.zeros(len(numbers), dtype=np.int32), row=numbers)


def stacked_origins(parts: Sequence[Origin]) -> Origin:
    files: list[str] = []
    codes: list[NDArray[np.int32]] = []
    for part in parts:
        codes.append(part.file + np.int32(len(files)))
        files.extend(part.files)
    return Origin(
        files=tuple(files),
        file=np.concatenate(codes),
        row=np.concatenate([part.row for part in parts]),
    )


def stacked_tables(parts: Sequence[RawTable]) -> RawTable:
    """Files of one pattern, one below the other; a column that a file lacks is empty there."""
    if len(parts) == 1:
        return parts[0]
    names = list(dict.fromkeys(name for part in parts for name in part.columns))
    return RawTable(
        columns={
            name: stacked([part.columns.get(name) or nothing(len(part)) for part in parts])
            for name in names
        },
        origin=stacked_origins([part.origin for part in parts]),
        broken=tuple(line for part in parts for line in part.broken),
        findings=tuple(finding for part in parts for finding in part.findings),
    )


def header_names(cells: Sequence[str | None], *, file: str, row: int) -> list[str]:
    """Column names as the header gives them; unnamed columns stay unnamed."""
    names = [(cell or "").lstrip("\ufeff").strip() for cell in cells]
    if not any(names):
        raise BadSource(f"{file} has no column names in row {row}. State `header_row`.")
    repeated = next((name for name in names if name and names.count(name) > 1), None)
    if repeated:
        raise BadSource(f"{file} names the column {repeated!r} twice. Rename one of them.")
    return names
