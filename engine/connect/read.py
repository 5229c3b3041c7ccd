"""A file as text columns, whatever it is."""

from pathlib import Path

import numpy as np

from engine.connect import arrow
from engine.connect.columns import Text
from engine.connect.mapping import Reading
from engine.connect.raw import RawTable, origin_of
from engine.connect.read_text import read_text
from engine.connect.read_workbook import read_workbook
from engine.errors import BadSource

TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
WORKBOOK = (".xlsx", ".xlsm")
PARQUET = (".parquet", ".pq")
READABLE = (*TEXT, *WORKBOOK, *PARQUET)


def read_file(path: Path, reading: Reading, table: str) -> RawTable:
    """Every row of a file as trimmed text; blank rows are none. Raises BadSource."""
    name = path.name.lower()
    if path.is_file() and path.stat().st_size == 0:
        raise BadSource(f"{path.name} is empty (0 bytes). Export it again.")
    if name.endswith(TEXT):
        raw = read_text(path, reading, table)
    elif name.endswith(WORKBOOK):
        raw = read_workbook(path, reading)
    elif name.endswith(PARQUET):
        columns = arrow.read_parquet(path)
        rows = len(next(iter(columns.values()))) if columns else 0
        raw = RawTable(columns=columns, origin=origin_of(path.name, range(1, rows + 1)))
    else:
        raise BadSource(f"{path.name} is of no known kind. Use {', '.join(READABLE)}.")
    return _without_blank_rows(_with_empty_texts(raw, reading.empty))


def _with_empty_texts(raw: RawTable, empty: list[str]) -> RawTable:
    if not empty:
        return raw
    gone = set(empty)

    def kept(text: Text) -> Text:
        return text.edited(lambda value: None if value in gone else value)

    return raw.with_columns({name: kept(text) for name, text in raw.columns.items()})


def _without_blank_rows(raw: RawTable) -> RawTable:
    if not raw.columns:
        return raw
    filled = np.logical_or.reduce([text.filled for text in raw.columns.values()])
    return raw if bool(filled.all()) else raw.take(filled)
