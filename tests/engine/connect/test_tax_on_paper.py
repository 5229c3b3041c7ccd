"""Tax and freight in each copy of an order: PDF, CSV, JSON and X12 say the same."""

import csv
import io
import json
from decimal import Decimal

from pypdf import PdfReader

from engine.connect.order_document import OrderDocument
from engine.connect.order_documents import order_csv, order_json
from engine.connect.order_pdf import order_pdf
from engine.connect.order_x12 import Interchange, order_x12
from support.order_documents import order_document, order_line
from support.purchasing import NOW


def document(*rates: str | None, freight_minor: int = 0) -> OrderDocument:
    lines = [
        order_line(
            n, tax_percent=None if rate is None else Decimal(rate), freight_minor=freight_minor
        )
        for n, rate in enumerate(rates, start=1)
    ]
    return order_document(*lines)


def text(of: OrderDocument) -> str:
    return " ".join(PdfReader(io.BytesIO(order_pdf(of))).pages[0].extract_text().split())


def segments(of: OrderDocument) -> list[list[str]]:
    written = order_x12(of, Interchange(sender="ZZ:FERNOAK", at=NOW)).decode()
    return [line.split("*") for line in written.replace("~", "").splitlines()]


def test_where_no_tax_is_stated_every_copy_says_so_and_adds_none() -> None:
    plain = document(None, None)
    assert "Total, no tax stated 3,398.40 EUR" in text(plain)
    read = json.loads(order_json(plain))
    assert (read["taxes"], read["total_with_tax"]) == ([], None)
    assert [line["tax_percent"] for line in read["lines"]] == [None, None]
    rows = list(csv.DictReader(order_csv(plain).decode("utf-8-sig").splitlines()))
    assert [(row["tax_percent"], row["line_tax"]) for row in rows] == [("", "")] * 2
    assert "TXI" not in {segment[0] for segment in segments(plain)}


def test_a_stated_tax_is_the_same_in_every_copy() -> None:
    taxed = document("19", "7")
    for told in (
        "Goods 3,398.40 EUR", "Tax 7 % on 1,699.20 EUR: 118.94 EUR",
        "Tax 19 % on 1,699.20 EUR: 322.85 EUR", "Total with tax 3,840.19 EUR",
    ):  # fmt: skip
        assert told in text(taxed)
    read = json.loads(order_json(taxed))
    assert (read["total"], read["total_with_tax"]) == ("3398.40", "3840.19")
    assert read["taxes"][0] == {"percent": "7", "net": "1699.20", "tax": "118.94"}
    rows = list(csv.DictReader(order_csv(taxed).decode("utf-8-sig").splitlines()))
    assert [(row["tax_percent"], row["line_tax"]) for row in rows] == [
        ("19", "322.85"), ("7", "118.94"),
    ]  # fmt: skip
    told = [segment for segment in segments(taxed) if segment[0] == "TXI"]
    assert ["TXI", "TX", "118.94", "0.07", "", "", "", "", "1699.20"] in told
    assert len(told) == 4  # by rate before the parties, and by line


def test_a_rate_that_is_stated_for_some_lines_only_leaves_the_total_without_tax() -> None:
    told = text(document("19", None))
    assert "No tax stated on 1,699.20 EUR" in told
    assert "Total, without tax 3,398.40 EUR" in told


def test_freight_that_the_buyer_pays_is_named_and_in_no_total() -> None:
    carried = document(None, freight_minor=12_345)
    assert "Freight is paid by the buyer (DAP): about 123.45 GBP, not in this total" in text(
        carried
    )
    assert "Total, no tax stated 1,699.20 EUR" in text(carried)
    read = json.loads(order_json(carried))
    assert (read["freight_estimate"], read["freight_currency"]) == ("123.45", "GBP")
    written = segments(carried)
    names = [segment[0] for segment in written]
    freight = written[names.index("SAC")]
    assert (freight[1], freight[2], freight[5]) == ("N", "D240", "12345")
    assert ["AMT", "TT", "1699.20"] in written


def test_x12_segments_stand_in_the_order_of_the_standard() -> None:
    # ASC X12 004010, transaction set 850, table 1.
    standard = ["BEG", "CUR", "REF", "FOB", "SAC", "CUR", "ITD", "DTM", "TXI", "N1"]
    names = [segment[0] for segment in segments(document("19", freight_minor=100))]
    heading = names[names.index("BEG") : names.index("N1") + 1]
    assert heading == standard
    line = names[names.index("PO1") : names.index("CTT")]
    assert line == ["PO1", "PID", "DTM", "TXI"]
