"""Stored tables as frames with the dtypes that `engine.model.snapshot.Snapshot` promises."""
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from engine.model.contract import BY_NAME, Column, Table

# In these tables a name repeats thousands of times; everywhere else text is plain.
CATEGORICAL_TABLES = frozenset({"sales", "stock", "traffic"})
CATEGORICAL_COLUMNS = frozenset({"sku", "location", "channel"})


def frame_of(table: str, stored: pa.Table) -> pd.DataFrame:
    """A stored table as a frame; which dtype a column has never depends on the data in it.

    A whole number that may be absent is float64 with NaN (exact up to 2**53); one that is required
    or has a default is int64. Dates are datetime64[ns]; text is object with None.
    """
    contract = BY_NAME[table]
    return pd.DataFrame(
        {
            column.stored: _cells(contract, column, _stored(stored, column))
            for column in contract.columns
        }
    )


def _stored(stored: pa.Table, column: Column) -> pa.ChunkedArray:
    """A column's cells; its default where the snapshot is older than the column."""
    if column.stored in stored.column_names:
        return stored[column.stored]
    if column.default is None or column.kind in {"text", "list"}:
        cells: Any = pa.array([column.default] * stored.num_rows, pa.string())
    else:
        cells = pa.array([float(column.default)] * stored.num_rows, pa.float64())
    return pa.chunked_array([cells])


def empty_frame(table: str) -> pd.DataFrame:
    """The frame of a table that the source did not have."""
    contract = BY_NAME[table]
    none: Any = pa.table({column.stored: pa.array([], pa.string()) for column in contract.columns})
    return frame_of(table, none)


def _cells(contract: Table, column: Column, cells: pa.ChunkedArray) -> Any:  # noqa: ANN401  a numpy array, a categorical or a list, as pandas takes them
    if column.kind in {"text", "list"}:
        if contract.name in CATEGORICAL_TABLES and column.name in CATEGORICAL_COLUMNS:
            return _categorical(cells)
        return cells.to_numpy().astype(object)
    if column.kind in {"date", "instant"}:
        return cells.cast(pa.timestamp("ns")).to_numpy()
    always = column.required or column.default is not None
    if column.kind in {"integer", "money"} and always:
        return cells.to_numpy().astype(np.int64)
    return cells.cast(pa.float64(), safe=False).to_numpy()


def _categorical(cells: pa.ChunkedArray) -> pd.Categorical:
    """Categories in alphabetical order, so that equal data gives equal codes."""
    encoded: Any = cells.cast(pa.string()).combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    names = np.asarray(encoded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(names.astype(str), kind="stable")
    rank = np.empty(len(names) + 1, dtype=np.int32)
    rank[order] = np.arange(len(names), dtype=np.int32)
    rank[-1] = -1
    codes: Any = rank[encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    return pd.Categorical.from_codes(codes, categories=pd.Index(names[order], dtype=object))
