"""What a supplier receives: PDF, CSV and X12 of one order, safe whatever the names hold."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from engine.connect.order_document import Party
from engine.connect.order_documents import order_csv
from engine.connect.order_pdf import order_pdf
from engine.connect.order_x12 import Interchange, order_x12
from engine.connect.pdf_text import paragraph, plain
from support.order_documents import order_document, order_line

INTERCHANGE = Interchange(sender="ZZ:FERNOAK", at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC))
UNRULY = (
    "<b>Bold & brash</b>",
    "two\nlines\tand a tab",
    "x" * 5_000,
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe",
    "סימן דרך",
    "مصباح",
    "橡木台灯",
    "~*>^ ISA*00",
)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_pdf_names_the_parties_the_terms_and_every_line() -> None:
    text = text_of(order_pdf(order_document()))
    for expected in (
        "Purchase order PO-1001", "Issued 23 November 2026", "Fern & Oak Ltd", "Nordlicht GmbH",
        "Main warehouse", "Germany", "GB123456789", "30 days from receipt", "DAP",
        "Oak table lamp", "Ash floor lamp", "NL-2", "1,699.20", "283.20", "1,982.40 EUR",
        "2 lines, 168 units", "Page 1 of 1",
    ):  # fmt: skip
        assert expected in text


def test_the_same_order_is_the_same_pdf_byte_for_byte() -> None:
    assert order_pdf(order_document()) == order_pdf(order_document())


def test_a_long_order_repeats_its_head_on_every_page_and_counts_them() -> None:
    document = order_document(*(order_line(n) for n in range(1, 101)))
    pages = PdfReader(io.BytesIO(order_pdf(document))).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page.extract_text()
    assert "Unit price" in pages[1].extract_text()


def test_a_later_revision_says_that_it_replaces_the_earlier_ones() -> None:
    text = text_of(order_pdf(order_document(revision=2)))
    assert "PO-1001 revision 2" in text
    assert "replaces every earlier revision" in text


@pytest.mark.parametrize("name", UNRULY)
def test_whatever_a_name_holds_the_pdf_still_reads_well(name: str) -> None:
    document = order_document(order_line(1, name), order_line(2, "The next line"))
    text = text_of(order_pdf(document))
    assert "The next line" in text
    assert "3,398.40 EUR" in text
    assert len(PdfReader(io.BytesIO(order_pdf(document))).pages) == 1


def test_markup_in_a_name_is_shown_as_it_is_written() -> None:
    assert "<b>Bold & brash</b>" in text_of(order_pdf(order_document(order_line(1, UNRULY[0]))))


def test_a_name_of_five_thousand_letters_is_cut_on_paper_and_whole_in_the_csv() -> None:
    assert len(plain("y" * 5_000)) == 240
    assert plain("y" * 5_000).endswith("…")
    (row,) = rows_of(order_csv(order_document(order_line(1, "y" * 5_000))))
    assert row["name"] == "y" * 5_000


def test_right_to_left_names_are_put_in_visual_order() -> None:
    assert paragraph("אבג") == "גבא"
    assert paragraph("abc") == "abc"


def test_a_character_that_no_font_has_is_a_visible_box() -> None:
    assert paragraph("\N{EGYPTIAN HIEROGLYPH A001}") == "\N{WHITE SQUARE}"


def rows_of(written: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(written.decode("utf-8-sig").splitlines()))


def test_names_from_the_data_are_no_formulas_in_a_spreadsheet() -> None:
    (row,) = rows_of(order_csv(order_document(order_line(1, '=HYPERLINK("http://evil")'))))
    assert row["name"] == '\'=HYPERLINK("http://evil")'


def segments_of(written: bytes) -> list[list[str]]:
    return [line.split("*") for line in written.decode("ascii").replace("~", "").splitlines()]


def test_an_x12_order_counts_its_segments_and_closes_what_it_opens() -> None:
    written = segments_of(order_x12(order_document(), INTERCHANGE))
    names = [segment[0] for segment in written]
    assert names[:3] == ["ISA", "GS", "ST"]
    assert names[-3:] == ["SE", "GE", "IEA"]
    opened, closed = names.index("ST"), names.index("SE")
    assert int(written[closed][1]) == closed - opened + 1
    assert written[0][13] == written[-1][2] == "000000017"
    assert written[1][6] == written[-2][2] == "17"


def test_the_interchange_header_has_the_fixed_width_of_the_standard() -> None:
    first = order_x12(order_document(), INTERCHANGE).decode().split("\n")[0]
    assert len(first) == 106
    assert first.startswith(
        "ISA*00*          *00*          *ZZ*FERNOAK        *01*123456789      *"
    )


def test_an_x12_order_carries_every_line_with_its_codes_and_price() -> None:
    written = segments_of(order_x12(order_document(), INTERCHANGE))
    lines = [segment for segment in written if segment[0] == "PO1"]
    assert lines[0] == [
        "PO1", "1", "144", "EA", "11.8", "PE", "BP", "LAMP-001", "VP", "NL-1", "EN",
        "4006381333931",
    ]  # fmt: skip
    assert ["CTT", "2", "168"] in written
    assert ["AMT", "TT", "1982.40"] in written
    assert ["BEG", "00", "SA", "PO-1001", "", "20261123"] in written


@pytest.mark.parametrize("name", UNRULY)
def test_no_name_breaks_out_of_its_x12_element(name: str) -> None:
    plain_order = segments_of(order_x12(order_document(order_line(1, "Lamp")), INTERCHANGE))
    unruly = segments_of(order_x12(order_document(order_line(1, name)), INTERCHANGE))
    named = [s for s in unruly if s[0] == "PID"]
    assert len(unruly) == len(plain_order) - (0 if named else 1)
    assert all(len(s) == 6 for s in named)


def test_a_supplier_with_an_accent_is_written_without() -> None:
    document = order_document()
    moved = replace(document, supplier=Party(code="N", name="Électricité Ünal", edi_id="ZZ:E"))
    written = segments_of(order_x12(moved, INTERCHANGE))
    assert ["N1", "SE", "Electricite Unal", "92", "N"] in written
