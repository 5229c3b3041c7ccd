"""Rows that the import itself adds to a table."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.connect.assembled import Assembled, Columns, gaps
from engine.connect.columns import Numbers, Text, Typed, nothing, stacked, stacked_numbers
from engine.connect.raw import Origin, stacked_origins
from engine.connect.tally import Tally
from engine.model.contract import Column, Table

DERIVED = "derived"  # where rows that no file gives are said to stand


def empty_columns(table: Table, rows: int) -> Columns:
    return {column.name: _empty(column, rows) for column in table.columns}


def _empty(column: Column, rows: int) -> Typed:
    if column.kind in {"text", "list"}:
        return nothing(rows)
    dtypes = {"real": np.float64, "date": "datetime64[ns]", "instant": "datetime64[ns]"}
    return gaps(rows, np.dtype(dtypes.get(column.kind, np.int64)))


def whole_numbers(values: list[int] | np.ndarray[tuple[int], np.dtype[np.int64]]) -> Numbers:
    cells = np.asarray(values, dtype=np.int64)
    return Numbers(cells=cells, valid=np.ones(len(cells), dtype=np.bool_))


def appended(table: Table, part: Assembled | None, new: Mapping[str, Typed]) -> Assembled:
    """A table with rows added below; columns not named get the contract's default or a gap."""
    rows = len(next(iter(new.values())))
    complete = empty_columns(table, rows)
    complete |= {c.name: _default(c, rows) for c in table.columns if c.default is not None}
    complete |= dict(new)
    origin = Origin(
        files=(DERIVED,), file=np.zeros(rows, np.int32), row=np.arange(1, rows + 1, dtype=np.int32)
    )
    if part is None:
        return Assembled(
            table=table,
            columns=complete,
            origin=origin,
            bad=(),
            tally=Tally(table=table.name),
            findings=(),
        )
    above = empty_columns(table, len(part)) | part.columns
    columns = {name: _below(above[name], complete[name]) for name in complete}
    return replace(part, columns=columns, origin=stacked_origins([part.origin, origin]))


def _default(column: Column, rows: int) -> Typed:
    if column.kind == "integer":
        return whole_numbers(np.full(rows, int(column.default or 0), dtype=np.int64))
    return nothing(rows).filled_with(column.default or "")


def _below(above: Typed, below: Typed) -> Typed:
    if isinstance(above, Text) and isinstance(below, Text):
        return stacked([above, below])
    assert isinstance(above, Numbers), "a column keeps its kind"  # noqa: S101  an invariant
    assert isinstance(below, Numbers), "a column keeps its kind"  # noqa: S101  an invariant
    return stacked_numbers([above, below])
