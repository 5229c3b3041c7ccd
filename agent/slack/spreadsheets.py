"""A table of an answer as files: a workbook with the figures themselves, and CSV as it reads."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from agent.bootstrap import Company
from agent.views.answer import Cell, Table
from engine.connect.order_documents import FORMULA_STARTS
from engine.connect.workbook import SheetCell, workbook
from engine.model.money import MICROS, Money, exponent
from engine.service.conversation import facts_of
from tools.facts import Fact
from tools.show_source import fact_of

PRICE_DIGITS = 6


def table_bytes(company: Company, turn_id: str, table: Table, kind: str) -> bytes:
    """Every row of a table: `xlsx` with the figures its facts hold, `csv` with them as shown."""
    if kind == "csv":
        return csv_of(table)
    facts = {each.id: fact_of(each) for each in facts_of(company.stores, turn_id)}
    headers = [column.header for column in table.columns]
    rows = [[sheet_cell(cell, facts) for cell in row] for row in table.rows]
    # Writing a workbook holds the interpreter, for which acknowledgements would wait.
    return company.compute.call(workbook, headers, rows)


def csv_of(table: Table) -> bytes:
    """As a spreadsheet opens it: UTF-8 with the mark that Excel heeds."""
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow([column.header for column in table.columns])
    writer.writerows([_harmless(cell.text) for cell in row] for row in table.rows)
    return page.getvalue().encode("utf-8-sig")


def sheet_cell(cell: Cell, facts: Mapping[str, Fact]) -> SheetCell:
    """The figure behind a cell; what is no figure, or is not kept any more, as it reads."""
    fact = facts.get(cell.fact_id or "")
    write = _WRITERS.get(fact.kind) if fact else None
    if fact is None or write is None:
        return SheetCell(value=cell.text or None)
    return write(fact)


def _money(fact: Fact) -> SheetCell:
    currency = fact.currency or ""
    amount = Money(minor=int(str(fact.value)), currency=currency).decimal()
    return SheetCell(value=amount, pattern=_priced("0" * exponent(currency), currency))


def _unit_price(fact: Fact) -> SheetCell:
    currency = fact.currency or ""
    least = exponent(currency)
    digits = "0" * least + "#" * (PRICE_DIGITS - least)
    return SheetCell(value=Decimal(str(fact.value)) / MICROS, pattern=_priced(digits, currency))


def _priced(digits: str, currency: str) -> str:
    return f'#,##0{"." if digits else ""}{digits} "{currency}"'


def _number(fact: Fact) -> SheetCell:
    value = fact.value
    is_whole = isinstance(value, int) or float(str(value)).is_integer()
    return SheetCell(value=Decimal(str(value)), pattern="#,##0" if is_whole else "#,##0.0")


def _ratio(fact: Fact) -> SheetCell:
    return SheetCell(value=Decimal(str(fact.value)), pattern="0.00")


def _percent(fact: Fact) -> SheetCell:
    return SheetCell(value=Decimal(str(fact.value)), pattern="0.0%")


def _date(fact: Fact) -> SheetCell:
    value = fact.value
    day = value if isinstance(value, date) else date.fromisoformat(str(value))
    return SheetCell(value=day, pattern="yyyy-mm-dd")


_WRITERS: Mapping[str, Callable[[Fact], SheetCell]] = {
    "money": _money,
    "unit_price": _unit_price,
    "percent": _percent,
    "ratio": _ratio,
    "date": _date,
    **dict.fromkeys(("units", "packs", "count", "days", "weeks"), _number),
}


def _harmless(text: str) -> str:
    """A cell that a spreadsheet would read as a formula is shown as text."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not _is_figure(text) else text


def _is_figure(text: str) -> bool:
    return text.lstrip("+-").replace(",", "").replace(".", "").isdigit()
