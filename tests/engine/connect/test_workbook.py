"""Workbooks hold figures and dates to compute with; text stays text; the same rows, same bytes."""

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from engine.connect.workbook import SheetCell, workbook

ROWS = (
    (SheetCell(value="LAMP"), SheetCell(value=Decimal("1234.5"), pattern='#,##0.00 "EUR"')),
    (SheetCell(value=None), SheetCell(value=date(2026, 11, 2), pattern="yyyy-mm-dd")),
)


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_figures_and_dates_can_be_computed_with() -> None:
    sheet = opened(workbook(["Item", "Cost"], ROWS)).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Item", "Cost"], ["LAMP", 1234.5], [None, datetime(2026, 11, 2)],  # noqa: DTZ001  a sheet's
    ]  # fmt: skip
    assert sheet["B2"].number_format == '#,##0.00 "EUR"'
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(1)"])
def test_text_from_data_is_never_a_formula(text: str) -> None:
    sheet = opened(workbook([text], [(SheetCell(value=text),)])).worksheets[0]
    for cell in (sheet["A1"], sheet["A2"]):
        assert cell.value == text
        assert cell.data_type == "s"
        assert cell.quotePrefix


def test_characters_that_a_sheet_cannot_hold_become_spaces() -> None:
    content = workbook(["x"], [(SheetCell(value="a\x07b\x00"),)])
    assert opened(content).worksheets[0]["A2"].value == "a b "


def test_the_same_rows_are_the_same_bytes_and_no_rows_are_a_sheet_too() -> None:
    assert workbook(["Item", "Cost"], ROWS) == workbook(["Item", "Cost"], ROWS)
    assert opened(workbook(["Item"], [])).worksheets[0]["A1"].value == "Item"
