"""Columns while they are being read: text by its distinct values, numbers with their gaps.

A sales file has a million rows but few distinct dates, SKUs or quantities. Text is therefore kept
as codes into its distinct values: everything that looks at text (trimming, translating, parsing)
runs once per distinct value instead of once per row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

G = TypeVar("G", bound=np.generic)
Mask = NDArray[np.bool_]
Index = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Text:
    """Axis [row]: `codes` point into `distinct`; -1 is an empty cell."""

    codes: NDArray[np.int32]
    distinct: list[str]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def filled(self) -> Mask:
        return self.codes >= 0

    def take(self, rows: Index | Mask) -> "Text":
        return Text(codes=self.codes[rows], distinct=self.distinct)

    def at(self, row: int) -> str | None:
        code = int(self.codes[row])
        return None if code < 0 else self.distinct[code]

    def used(self) -> list[str]:
        """The values that occur, in order; rows that were taken away may leave some behind."""
        codes: list[int] = np.unique(self.codes[self.filled]).tolist()
        return sorted(self.distinct[code] for code in codes)

    def where(self, wanted: Sequence[bool] | Mask) -> Mask:
        """Rows whose distinct value is wanted; empty cells are not."""
        return expand(np.asarray(wanted, dtype=np.bool_), self.codes, empty=False)

    def edited(self, change: Callable[[str], str | None]) -> "Text":
        """Every value changed; values that become equal are merged, None becomes empty."""
        return recoded(self.codes, [change(value) for value in self.distinct])

    def filled_with(self, value: str) -> "Text":
        """Empty cells get a value."""
        if bool(self.filled.all()):
            return self
        known = {text: code for code, text in enumerate(self.distinct)}
        code = known.get(value, len(self.distinct))
        values = self.distinct if value in known else [*self.distinct, value]
        return Text(codes=np.where(self.filled, self.codes, np.int32(code)), distinct=values)


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Axis [row]: int64, float64, bool or datetime64[ns]; meaningless where not `valid`."""

    cells: NDArray[np.generic]
    valid: Mask

    def __len__(self) -> int:
        return len(self.cells)

    def take(self, rows: Index | Mask) -> "Numbers":
        return Numbers(cells=self.cells[rows], valid=self.valid[rows])


Typed = Text | Numbers


def filled(column: Typed) -> Mask:
    """Rows that have a value."""
    return column.filled if isinstance(column, Text) else column.valid


def expand(by_value: NDArray[G], codes: NDArray[np.int32], *, empty: object) -> NDArray[G]:
    """What holds of each distinct value, per row; `empty` for rows without a value."""
    return np.append(by_value, np.asarray([empty], dtype=by_value.dtype))[codes]


def recoded(codes: NDArray[np.int32], values: Sequence[str | None]) -> Text:
    """Text whose values may repeat or be None, made distinct again."""
    numbers: dict[str, int] = {}
    renumber = np.full(len(values) + 1, -1, dtype=np.int32)
    for old, value in enumerate(values):
        if value is not None:
            renumber[old] = numbers.setdefault(value, len(numbers))
    return Text(codes=renumber[codes], distinct=list(numbers))


def text_of(cells: Sequence[str | None]) -> Text:
    """Text from one cell per row."""
    return recoded(np.arange(len(cells), dtype=np.int32), cells)


def constant(value: str, rows: int) -> Text:
    return Text(codes=np.zeros(rows, dtype=np.int32), distinct=[value])


def nothing(rows: int) -> Text:
    """An empty column."""
    return Text(codes=np.full(rows, -1, dtype=np.int32), distinct=[])


def stacked(parts: Sequence[Text]) -> Text:
    """Text columns one below the other."""
    values: list[str | None] = []
    codes: list[NDArray[np.int32]] = []
    for part in parts:
        codes.append(np.where(part.filled, part.codes + np.int32(len(values)), np.int32(-1)))
        values.extend(part.distinct)
    return recoded(np.concatenate(codes) if codes else np.empty(0, np.int32), values)


def crossed(parts: Sequence[Text], build: Callable[[Sequence[str | None]], str | None]) -> Text:
    """One text per row from several; `build` sees each combination that occurs once."""
    groups, first = group_rows(parts)
    built = [build([part.at(int(row)) for part in parts]) for row in first]
    return recoded(groups.astype(np.int32), built)


def group_rows(columns: Sequence[Typed]) -> tuple[Index, Index]:
    """Rows that agree in all columns get one number; also the first row of each number.

    Numbers follow the order of appearance. Empty cells agree with each other.
    """
    if not columns:
        raise ValueError("group_rows needs at least one column")
    groups = _codes(columns[0])
    for column in columns[1:]:
        codes = _codes(column)
        groups = _dense(groups) * (int(codes.max(initial=-1)) + 2) + codes + 1
    numbers = _dense(groups)
    first = np.full(int(numbers.max(initial=-1)) + 1, -1, dtype=np.int64)
    backwards = np.arange(len(numbers) - 1, -1, -1, dtype=np.int64)
    first[numbers[backwards]] = backwards
    return numbers, first


def _dense(groups: Index) -> Index:
    return pd.factorize(groups)[0].astype(np.int64)


def _codes(column: Typed) -> Index:
    if isinstance(column, Text):
        return column.codes.astype(np.int64)
    codes = pd.factorize(column.cells)[0].astype(np.int64)
    return np.where(column.valid, codes, -1)


def stacked_numbers(parts: Sequence[Numbers]) -> Numbers:
    return Numbers(
        cells=np.concatenate([part.cells for part in parts]),
        valid=np.concatenate([part.valid for part in parts]),
    )


def sort_key(column: Typed) -> NDArray[np.generic]:
    """Values to sort by: text in its alphabetical order, gaps before everything else."""
    if isinstance(column, Text):
        rank = np.full(len(column.distinct) + 1, -1, dtype=np.int64)
        rank[
            np.asarray(sorted(range(len(column.distinct)), key=column.distinct.__getitem__), int)
        ] = np.arange(len(column.distinct))
        return rank[column.codes]
    numbers = column.cells.astype(np.int64) if column.cells.dtype.kind == "M" else column.cells
    lowest = np.iinfo(np.int64).min if numbers.dtype.kind == "i" else -np.inf
    return np.where(column.valid, numbers, lowest)


def sorted_rows(columns: Mapping[str, Typed], key: Sequence[str]) -> Index:
    """Row order by the key, then by every other column: the same rows give the same order."""
    rest = [name for name in columns if name not in key]
    keys = [sort_key(columns[name]) for name in (*key, *rest)]
    return np.lexsort(keys[::-1]).astype(np.int64)
