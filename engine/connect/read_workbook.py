"""Excel workbooks."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from engine.connect.columns import text_of
from engine.connect.mapping import Reading
from engine.connect.raw import RawTable, header_names, origin_of
from engine.errors import BadSource


def read_workbook(path: Path, reading: Reading) -> RawTable:
    """One worksheet as text; numbers and dates as they are stored, not as they are shown."""
    rows = _rows(path, reading.sheet)
    found: list[str | None] = []
    for _ in range(reading.header_row):
        found = next(rows, found)
    names = header_names(found, file=path.name, row=reading.header_row)
    cells = [row[: len(names)] + [None] * (len(names) - len(row)) for row in rows]
    texts = {name: text_of([row[at] for row in cells]) for at, name in enumerate(names)}
    first = reading.header_row + 1
    return RawTable(
        columns={name: text for name, text in texts.items() if name},
        origin=origin_of(path.name, range(first, first + len(cells))),
    )


def _rows(path: Path, sheet: str | None) -> Iterator[list[str | None]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, EOFError) as error:
        raise BadSource(
            f"{path.name} is no complete Excel workbook (.xlsx): {str(error).rstrip('.')}. "
            "Save it again."
        ) from None
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise BadSource(
                f"{path.name} has no sheet {sheet!r}. It has {', '.join(book.sheetnames)}."
            )
        chosen = book[sheet or book.sheetnames[0]]
        for row in chosen.iter_rows(values_only=True):
            yield [_text(value) for value in row]
    finally:
        book.close()


def _text(value: object) -> str | None:
    """The cell as a file would write it; 12.0 is 12, a day without a time is a plain date."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        midnight = value.time() == datetime.min.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    text = "" if value is None else str(value).strip()
    return text or None
