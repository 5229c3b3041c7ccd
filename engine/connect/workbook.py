"""A table as a workbook: cells a spreadsheet computes with, text that stays text, the same bytes.

A cell of text is never a formula, however it begins: it is stored as text and marked as quoted, so
that it stays text also when somebody edits it.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

# Who made a file and when is in it; these would differ each time, and nobody asks.
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001  the format knows no zone
_ENTRY = (2000, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_WIDEST, _NARROWEST, _ROOM = 60, 8, 2  # of a column, in characters


@dataclass(frozen=True, kw_only=True)
class SheetCell:
    """`value` None is an empty cell; `pattern` is Excel's own notation, the same in all locales."""

    value: Decimal | int | float | date | str | None
    pattern: str = "General"


def workbook(headers: Sequence[str], rows: Sequence[Sequence[SheetCell]]) -> bytes:
    """One sheet, its header bold and in view, with filters; every row as wide as the headers."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title, sheet.freeze_panes = "Table", "A2"
    for place, width in enumerate(_widths(headers, rows), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_header(sheet, text) for text in headers])
    for row in rows:
        sheet.append([_cell(sheet, given) for given in row])
    sheet.auto_filter.ref = sheet.dimensions
    page = io.BytesIO()
    book.save(page)
    return _without_times(page)


def _header(sheet: Worksheet, text: str) -> Cell:
    cell = _cell(sheet, SheetCell(value=text))
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Worksheet, given: SheetCell) -> Cell:
    # Its place is given by whoever appends it.
    if not isinstance(given.value, str):
        cell = Cell(sheet, row=1, column=1, value=given.value)
        cell.number_format = given.pattern
        return cell
    cell = Cell(sheet, row=1, column=1, value=ILLEGAL_CHARACTERS_RE.sub(" ", given.value))
    cell.data_type = "s"  # the library would read "=..." as a formula
    cell.quotePrefix = True
    return cell


def _widths(headers: Sequence[str], rows: Iterable[Sequence[SheetCell]]) -> list[int]:
    longest = [len(text) for text in headers]
    for row in rows:
        longest = [max(most, len(str(cell.value))) for most, cell in zip(longest, row, strict=True)]
    return [min(max(most, _NARROWEST), _WIDEST) + _ROOM for most in longest]


def _without_times(page: io.BytesIO) -> bytes:
    """The same archive as if it had always been made in one moment."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(page) as made, zipfile.ZipFile(fixed, "w") as kept:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, date_time=_ENTRY)
            content = _properties() if name == _CORE else made.read(name)
            kept.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def _properties() -> bytes:
    told = DocumentProperties(creator="Quartermaster", created=_MADE, modified=_MADE)
    return tostring(told.to_tree())  # pyright: ignore[reportReturnType]  bytes, whatever its stub says
