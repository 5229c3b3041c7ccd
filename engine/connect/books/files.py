"""Books as files: CSV in the columns that QuickBooks and Xero import."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.connect.books.port import BookDocument
from engine.connect.outgoing_folder import hand_over_file

Dialect = Literal["quickbooks", "xero"]


@dataclass(frozen=True, kw_only=True)
class BookFiles:
    """A file per document, named by its key: the same document is the same file."""

    folder: Path
    dialect: Dialect
    account: str
    tax_type: str = "Tax Exempt"  # as Xero calls the rate of these lines
    name: str = "files"

    def check(self) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        return str(self.folder)

    def post(self, document: BookDocument) -> str:
        name = f"{document.kind}-{document.number}-{document.key.replace(':', '-')}.csv"
        content = (
            _quickbooks(document, self.account)
            if self.dialect == "quickbooks"
            else _xero(document, self.account, self.tax_type)
        )
        return str(hand_over_file(self.folder, name, content.encode("utf-8")))


def _quickbooks(document: BookDocument, account: str) -> str:
    title = "Purchase Order No" if document.kind == "order" else "Bill No"
    return _csv(
        [title, "Vendor", "Date", "Due Date", "Currency", "Account", "Line Description",
         "Line Quantity", "Line Unit Price", "Line Amount"],
        [
            [document.number, document.supplier_name, document.issued_on.isoformat(),
             document.due_on.isoformat(), document.currency, account,
             f"{line.sku} {line.description}", str(line.units), str(line.unit_price),
             str(line.amount)]
            for line in document.lines
        ],
    )  # fmt: skip


def _xero(document: BookDocument, account: str, tax_type: str) -> str:
    """Xero's template for bills and orders; columns with a star are required there."""
    return _csv(
        ["*ContactName", "*InvoiceNumber", "*InvoiceDate", "*DueDate", "*Description", "*Quantity",
         "*UnitAmount", "*AccountCode", "*TaxType", "Currency"],
        [
            [document.supplier_name, document.number, document.issued_on.isoformat(),
             document.due_on.isoformat(), f"{line.sku} {line.description}", str(line.units),
             str(line.unit_price), account, tax_type, document.currency]
            for line in document.lines
        ],
    )  # fmt: skip


def _csv(header: list[str], rows: list[list[str]]) -> str:
    """A cell that a spreadsheet would take for a formula is marked as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    return out.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell[:1] in "=+@\t\r" else cell
