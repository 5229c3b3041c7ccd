"""Wide tables made long, and columns of one file looked up from another."""

import re

import numpy as np

from engine.connect.columns import Text, constant, expand, group_rows, recoded, stacked
from engine.connect.mapping import Wide
from engine.connect.raw import Origin, RawTable
from engine.errors import BadSource


def made_long(raw: RawTable, wide: Wide) -> RawTable:
    """Each cell of the wide columns becomes a row; the other columns repeat. Row order stays."""
    across = [name for name in raw.columns if re.search(wide.columns, name)]
    if not across:
        raise BadSource(
            f"{raw.origin.files[0]} has no column that matches {wide.columns!r}. "
            f"Columns: {', '.join(list(raw.columns)[:8])}. Correct `wide: columns`."
        )
    rows, width = len(raw), len(across)
    repeat = np.repeat(np.arange(rows), width)
    columns = {n: text.take(repeat) for n, text in raw.columns.items() if n not in across}
    below = stacked([raw.columns[name] for name in across])
    columns[wide.values_to] = below.take(np.arange(rows * width).reshape(width, rows).T.ravel())
    columns[wide.names_to] = recoded(np.tile(np.arange(width, dtype=np.int32), rows), across)
    return RawTable(
        columns=columns,
        origin=raw.origin.take(repeat),
        broken=raw.broken,
        findings=raw.findings,
    )


def looked_up(left: RawTable, right: RawTable, on: dict[str, str]) -> tuple[RawTable, int]:
    """The left rows with the right table's columns beside them; also how many rows found none.

    Where several right rows share a key, the first counts. Names that both have keep the left's.
    """
    keys = [stacked([_named(left, ours), _named(right, theirs)]) for ours, theirs in on.items()]
    groups, _ = group_rows(keys)
    row_of = np.full(int(groups.max(initial=-1)) + 1, -1, dtype=np.int32)
    backwards = np.arange(len(right) - 1, -1, -1, dtype=np.int32)
    row_of[groups[len(left) :][backwards]] = backwards
    found = row_of[groups[: len(left)]]
    columns = dict(left.columns)
    for name, text in right.columns.items():
        if name not in columns and name not in on.values():
            codes = expand(text.codes, found, empty=-1)
            columns[name] = Text(codes=codes, distinct=text.distinct)
    return left.with_columns(columns), int((found < 0).sum())


def _named(raw: RawTable, name: str) -> Text:
    if name not in raw.columns:
        raise BadSource(
            f"{raw.origin.files[0]} has no column {name!r} to join on. "
            f"Columns: {', '.join(n for n in raw.columns if not n.startswith('file.'))}."
        )
    return raw.columns[name]


def with_file_columns(raw: RawTable, file_date: str | None) -> RawTable:
    """Adds file.name and, where a pattern finds one, file.date."""
    origin = raw.origin
    columns = {**raw.columns, "file.name": _of_files(origin, list(origin.files))}
    if file_date is not None:
        columns["file.date"] = _of_files(origin, [_date(file_date, f) for f in origin.files])
    return raw.with_columns(columns)


def _of_files(origin: Origin, values: list[str | None] | list[str]) -> Text:
    return recoded(origin.file, values) if len(values) else constant("", 0)


def _date(pattern: str, file: str) -> str:
    found = re.search(pattern, file)
    if found is None:
        raise BadSource(f"The file name {file!r} does not match file_date {pattern!r}.")
    return found.group(1) if found.groups() else found.group()
