"""The one place that speaks to pyarrow: files into text columns, columns into Arrow tables."""
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
import pyarrow.parquet as pq

from engine.connect.columns import Text, Typed, nothing, recoded
from engine.errors import BadSource
from engine.model.contract import Column, Kind, Table

if TYPE_CHECKING:
    import numpy as np

# One record may be as long as a block; wide files have thousands of date columns.
_BLOCK_BYTES = 1 << 23
_TYPES: Mapping[Kind, Any] = {
    "text": pa.string(),
    "list": pa.string(),
    "integer": pa.int64(),
    "money": pa.int64(),
    "real": pa.float64(),
    "flag": pa.bool_(),
    "date": pa.timestamp("ns"),
    "instant": pa.timestamp("ns"),
}


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Records of a delimited file. `broken` holds (record, cells, text) of those left out."""

    columns: tuple[Text, ...]
    broken: tuple[tuple[int, int, str], ...]


def read_delimited(
    content: bytes, *, cells: int, skip_lines: int, delimiter: str, file: str
) -> Lines:
    """Records after the first `skip_lines` lines, each of `cells` cells, all as trimmed text.

    Records count from 1 and include broken ones. Read on one thread: only then does the parser
    number the records it leaves out, and at 100 MB a second it is not what an import waits for.
    """
    broken: list[tuple[int, int, str]] = []

    def leave_out(row: pv.InvalidRow) -> Literal["skip"]:
        broken.append((int(row.number or 0), row.actual_columns, row.text.replace("\0", "")))
        return "skip"

    names = [str(number) for number in range(cells)]
    text = pa.dictionary(pa.int32(), pa.string())
    try:
        table = pv.read_csv(
            BytesIO(content),
            read_options=pv.ReadOptions(
                column_names=names,
                skip_rows=skip_lines,
                use_threads=False,
                block_size=_BLOCK_BYTES,
            ),
            parse_options=pv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=leave_out,
            ),
            convert_options=pv.ConvertOptions(column_types=dict.fromkeys(names, text)),
        )
    except pa.ArrowInvalid as error:
        raise BadSource(
            f"{file} cannot be read as delimited text: {str(error).rstrip('.')}. "
            "Look for a quotation mark that is never closed."
        ) from None
    return Lines(columns=tuple(_text(table[name]) for name in names), broken=tuple(broken))


def read_parquet(path: Path) -> dict[str, Text]:
    """Every plain column of a Parquet file as text; nested columns are left out."""
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise BadSource(
            f"{path.name} is no complete Parquet file: {str(error).rstrip('.')}. Export it again."
        ) from None
    return {
        name: _text(_as_string(table[name]))
        for name in table.column_names
        if not pa.types.is_nested(table.schema.field(name).type)
    }


def _as_string(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column.cast(pa.string())


def _text(column: pa.ChunkedArray) -> Text:
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    if len(column) == 0:
        return nothing(0)
    array: Any = column.unify_dictionaries().combine_chunks()
    codes = cast("np.ndarray", array.indices.fill_null(-1).to_numpy(zero_copy_only=False))
    # No spaces around a text, and no zero bytes in it: no database takes them.
    tidy: Any = pc.utf8_trim_whitespace(pc.replace_substring(array.dictionary, "\0", ""))
    texts = cast("list[str]", tidy.to_pylist())
    if tidy.equals(array.dictionary) and "" not in texts:
        return Text(codes=codes, distinct=texts)  # the usual case: distinct as they are
    return recoded(codes, [text or None for text in texts])


def to_table(contract: Table, columns: Mapping[str, Typed]) -> pa.Table:
    """A table of exactly the contract's columns; those not given are null."""
    rows = len(next(iter(columns.values()))) if columns else 0
    arrays = [_array(column, columns.get(column.name), rows) for column in contract.columns]
    return pa.table(arrays, names=[column.stored for column in contract.columns])


def empty_table(contract: Table) -> pa.Table:
    return to_table(contract, {})


def _array(column: Column, cells: Typed | None, rows: int) -> pa.Array:
    kind = _TYPES[column.kind]
    if cells is None:
        return pa.nulls(rows, kind)
    if isinstance(cells, Text):
        codes: Any = pa.array(cells.codes, mask=~cells.filled)
        return pa.DictionaryArray.from_arrays(codes, pa.array(cells.distinct, kind)).cast(kind)
    return pa.array(cells.cells, mask=~cells.valid).cast(kind)


def text_table(columns: Mapping[str, Sequence[str | None] | Sequence[int]]) -> pa.Table:
    """A plain table of text and counts, for what is kept beside the contract."""
    return pa.table({name: pa.array(cells) for name, cells in columns.items()})
