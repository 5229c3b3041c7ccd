"""A purchase order as a supplier's system can read it: CSV for people, JSON for programs.

Money is exact text in both, because a JSON number is a binary fraction to many readers and 4.90
would arrive as 4.9000000000000004. Amounts have as many decimals as their currency (1200.00 GBP,
1200 JPY); a unit price has at least those, so that 4.90 is not 4.9, and up to six where it is
finer (4.905). Units, case packs and packs are numbers: packs are whole unless a last pack is not
full, which is then rounded to millionths; units are what is ordered.
"""

import csv
import io
import json
from decimal import Decimal

from engine.connect.order_document import OrderDocument
from engine.model.money import MICROS, Money, exponent
from engine.purchase.order import OrderLine
from engine.purchase.totals import totals_of

COLUMNS = (
    "order", "revision", "line", "sku", "supplier_sku", "gtin", "name", "units", "packs",
    "case_pack", "unit_price", "line_total", "currency", "requested_on", "ship_to", "tax_percent",
    "line_tax",
)  # fmt: skip
# A spreadsheet runs a cell that begins so; a name from the data must stay a name.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def order_csv(document: OrderDocument) -> bytes:
    """One row per line, amounts in the order's currency; UTF-8 with a mark that Excel heeds."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for line in document.content.lines:
        row = {
            "order": document.number, "revision": document.revision, **_line(document, line)
        }  # fmt: skip
        writer.writerow({column: _cell(row[column]) for column in COLUMNS})
    return text.getvalue().encode("utf-8-sig")


def order_json(document: OrderDocument) -> bytes:
    """The whole order; its key and digest let a receiver recognise one that came before."""
    content = document.content
    written = {
        "order": document.number,
        "revision": document.revision,
        "digest": document.digest,
        "idempotency_key": document.key,
        "issued_on": document.issued_on.isoformat(),
        "supplier": content.supplier,
        "supplier_name": content.supplier_name,
        "ship_to": content.ship_to,
        "ship_to_address": list(document.ship_to.address),
        "currency": content.currency,
        "total": _amount(content.total_minor, content.currency),
        **_tax_and_freight(document),
        "payment_days": content.payment_days,
        "incoterm": content.incoterm,
        "requested_on": content.requested_on.isoformat(),
        "lines": [_line(document, line) for line in content.lines],
    }
    return (json.dumps(written, ensure_ascii=False, indent=2) + "\n").encode()


def _tax_and_freight(document: OrderDocument) -> dict[str, object]:
    """Null where nothing is stated: a reader must not take silence for zero."""
    content = document.content
    totals = totals_of(content)
    with_tax = totals.with_tax_minor
    return {
        "taxes": [
            {
                "percent": f"{part.percent.normalize():f}",
                "net": _amount(part.net_minor, content.currency),
                "tax": _amount(part.tax_minor, content.currency),
            }
            for part in totals.taxes
        ],
        "total_with_tax": None if with_tax is None else _amount(with_tax, content.currency),
        "freight_estimate": _amount(totals.freight_minor, content.base_currency),
        "freight_currency": content.base_currency,
    }


def _line(document: OrderDocument, line: OrderLine) -> dict[str, object]:
    content = document.content
    tax = line.tax_minor(content.currency)
    return {
        "line": line.line,
        "sku": line.sku,
        "supplier_sku": line.supplier_sku,
        "gtin": document.gtins.get(line.sku),
        "name": line.name,
        "units": line.units,
        "packs": _packs(line.packs),
        "case_pack": line.case_pack,
        "unit_price": _unit_price(line.unit_price_micros, content.currency),
        "line_total": _amount(line.total_minor(content.currency), content.currency),
        "currency": content.currency,
        "requested_on": line.requested_on.isoformat(),
        "ship_to": content.ship_to,
        "tax_percent": None if line.tax_percent is None else f"{line.tax_percent.normalize():f}",
        "line_tax": None if tax is None else _amount(tax, content.currency),
    }


def _packs(packs: Decimal) -> int | float:
    return int(packs) if packs == int(packs) else round(float(packs), 6)


def _unit_price(micros: int, currency: str) -> str:
    """Exact, with at least the decimals of the currency: '4.90', '4.905', '12' in yen."""
    price = (Decimal(micros) / MICROS).normalize()
    written = max(exponent(currency), -int(price.as_tuple().exponent))
    return f"{price:.{written}f}"


def _amount(minor: int, currency: str) -> str:
    return f"{Money(minor=minor, currency=currency).decimal():f}"


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value
