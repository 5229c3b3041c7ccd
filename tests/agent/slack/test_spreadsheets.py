"""Long tables as files: figures as figures in a workbook, as they read in CSV, never a formula."""

from datetime import date
from decimal import Decimal

import pytest

from agent.slack.spreadsheets import csv_of, sheet_cell
from agent.views.answer import Cell, Column, Table
from tools.facts import Fact, FactKind, Value


def fact(kind: FactKind, value: Value, currency: str | None = None) -> dict[str, Fact]:
    return {"f": Fact(id="f", value=value, kind=kind, label="", currency=currency)}


@pytest.mark.parametrize(
    ("facts", "value", "pattern"),
    [
        (fact("money", 123_456, "EUR"), Decimal("1234.56"), '#,##0.00 "EUR"'),
        (fact("money", -1_200, "JPY"), Decimal(-1200), '#,##0 "JPY"'),
        (fact("unit_price", 4_905_000, "GBP"), Decimal("4.905"), '#,##0.00#### "GBP"'),
        (fact("units", 1_200), Decimal(1200), "#,##0"),
        (fact("days", 3.25), Decimal("3.25"), "#,##0.0"),
        (fact("percent", 0.125), Decimal("0.125"), "0.0%"),
        (fact("ratio", 1.5), Decimal("1.5"), "0.00"),
        (fact("date", "2026-11-02"), date(2026, 11, 2), "yyyy-mm-dd"),
        (fact("name", "=cmd|x"), "as it reads", "General"),
        ({}, "as it reads", "General"),  # kept no longer
    ],
)  # fmt: skip
def test_a_cell_holds_the_figure_behind_it(
    facts: dict[str, Fact], value: object, pattern: str
) -> None:
    cell = sheet_cell(Cell("as it reads", "f"), facts)
    assert (cell.value, cell.pattern) == (value, pattern)


def test_a_cell_without_anything_is_empty() -> None:
    assert sheet_cell(Cell(""), {}).value is None


def test_a_name_that_begins_like_a_formula_is_text_in_csv_and_a_figure_stays_one() -> None:
    cells = ("=1+1", "@x", "+x", "-x", "\t=1", "-1,234.5", "LAMP")
    columns = tuple(Column(header=f"{n}", is_numeric=False) for n in range(len(cells)))
    page = csv_of(Table(title="t", columns=columns, rows=(tuple(map(Cell, cells)),)))
    assert page.startswith("\ufeff".encode())
    assert page.decode("utf-8-sig").splitlines()[1] == "'=1+1,'@x,'+x,'-x,'\t=1,\"-1,234.5\",LAMP"
