"""A purchase order on paper: A4, parties, terms, lines with barcodes, totals, page numbers.

The bytes depend on the document alone (reportlab's invariant mode), so a repeat is recognisable.
"""

# reportlab is typed in part only, and this is the one file that lays out with it.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportAttributeAccessIssue=false

from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from engine.connect.order_document import OrderDocument, Party
from engine.connect.order_totals import total_rows
from engine.connect.pdf_text import BODY, BOLD, paragraph, plain, register_fonts
from engine.model.money import MICROS, Money, exponent
from engine.purchase.order import OrderLine

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable

MARGIN, FOOT = 42.0, 56.0  # points
INK, PALE, RULE = "#1f2933", "#f3f5f7", "#c5ccd3"
# Line, item, packs, units, unit price, amount, wanted by: points, together the width of the page.
WIDTHS = (24.0, 216.0, 62.0, 44.0, 58.0, 64.0, 43.0)
LONGEST_ADDRESS = 90


def order_pdf(document: OrderDocument) -> bytes:
    """The document as PDF; 100 lines take well under a second."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    register_fonts()
    out = BytesIO()
    template = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN,
        bottomMargin=FOOT, title=f"Purchase order {document.title}",
        author=plain(document.buyer.name), subject=f"For {plain(document.supplier.name)}",
        invariant=1,
    )  # fmt: skip
    template.build(_story(document), canvasmaker=_numbered_pages(document))
    return out.getvalue()


def _story(document: OrderDocument) -> "list[Flowable]":
    from reportlab.platypus import Spacer

    gap = Spacer(0, 10)
    return [
        *_heading(document), gap, _parties(document), gap, _terms(document), gap,
        _lines(document), gap, _totals(document), Spacer(0, 14), *_closing(document),
    ]  # fmt: skip


def _heading(document: OrderDocument) -> "list[Flowable]":
    day = format_date(document.issued_on, format="long", locale=document.locale)
    title = f"Purchase order {document.title}"
    told = [_text(title, size=17, bold=True), _text(f"Issued {day}", size=9)]
    if document.is_draft:
        told.append(_text("Draft: not approved, and not an order.", size=9, bold=True))
    elif document.revision > 1:
        replaced = f"It replaces every earlier revision of {document.number}."
        told.append(_text(replaced, size=9, bold=True))
    return told


def _parties(document: OrderDocument) -> "Flowable":
    cells = [
        _party("Buyer", document.buyer),
        _party("Supplier", document.supplier),
        _party("Ship to", document.ship_to),
    ]
    return _table([cells], [sum(WIDTHS) / 3] * 3, [("VALIGN", (0, 0), (-1, -1), "TOP")])


def _party(label: str, party: Party) -> "list[Flowable]":
    known = [
        *party.address, _country(party.country), party.email, party.phone,
        f"Tax no. {party.tax_id}" if party.tax_id else "",
    ]  # fmt: skip
    shown = [_text(line, size=8.5, longest=LONGEST_ADDRESS) for line in known if line.strip()]
    return [_text(label, size=7.5), _text(party.name, size=9.5, bold=True), *shown]


def _country(code: str, locale: str = "en_GB") -> str:
    """'Germany' for DE; what is no code is shown as it is."""
    return str(Locale.parse(locale).territories.get(code, code))


def _terms(document: OrderDocument) -> "Flowable":
    content = document.content
    wanted = format_date(content.requested_on, format="long", locale=document.locale)
    days = content.payment_days
    paid = "as agreed" if days is None else "at once" if days == 0 else f"{days} days from receipt"
    stated = {
        "Currency": content.currency, "Payment": paid,
        "Delivery": content.incoterm or "as agreed", "Wanted by": wanted,
    }  # fmt: skip
    row = [[_text(name, size=7.5), _text(value, size=9)] for name, value in stated.items()]
    return _table([row], [sum(WIDTHS) / 4] * 4, [("BACKGROUND", (0, 0), (-1, -1), PALE)])


def _lines(document: OrderDocument) -> "Flowable":
    head = ["Line", "Item", "Packs", "Units", "Unit price", "Amount", "By"]
    rows = [head, *(_line(document, line) for line in document.content.lines)]
    ruled = [
        ("FONT", (0, 0), (-1, -1), BODY, 8.5, 11),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("FONTSIZE", (0, 0), (-1, 0), 7.5),
        ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return _table(rows, list(WIDTHS), ruled, repeat_head=True)


def _line(document: OrderDocument, line: OrderLine) -> "list[Any]":
    locale, currency = document.locale, document.content.currency
    wanted = format_date(line.requested_on, format="d MMM", locale=locale)
    return [
        str(line.line),
        _item(document, line),
        _packs(line, locale),
        format_decimal(line.units, locale=locale),
        _unit_price(line, currency, locale),
        _money(line.total_minor(currency), currency, locale),
        wanted,
    ]


def _item(document: OrderDocument, line: OrderLine) -> "list[Flowable]":
    ours = f"Our code {line.sku}"
    codes = f"Your code {line.supplier_sku} · {ours}" if line.supplier_sku else ours
    told: list[Flowable] = [_text(line.name, size=9, bold=True), _text(codes, size=7.5)]
    barcode = _barcode(document.gtins.get(line.sku, ""))
    return [*told, barcode] if barcode is not None else told


def _barcode(gtin: str) -> "Flowable | None":
    """EAN-13 for up to thirteen digits, interleaved 2 of 5 for a GTIN-14; None for no GTIN."""
    if not gtin.isdecimal() or not gtin.isascii():
        return None
    from reportlab.graphics.barcode import createBarcodeDrawing

    if len(gtin) == 14:  # noqa: PLR2004  GTIN-14, on an outer case
        look = {"checksum": 0, "bearers": 0, "barHeight": 14, "barWidth": 0.7, "humanReadable": 1}
        return createBarcodeDrawing("I2of5", value=gtin, fontName=BODY, fontSize=6, **look)
    # The widget adds the check digit itself; a GTIN-8 or -12 is a GTIN-13 with zeros before it.
    return createBarcodeDrawing(
        "EAN13", value=gtin.zfill(13)[:12], barHeight=22, barWidth=0.75, fontSize=6, fontName=BODY
    )


def _totals(document: OrderDocument) -> "Flowable":
    content = document.content
    units = format_decimal(content.units, locale=document.locale)
    counted = _text(f"{len(content.lines)} lines, {units} units", size=9)
    sums = [
        _text(row.text, size=11 if row.main else 9, bold=row.main, right=True)
        for row in total_rows(document)
    ]
    ruled = [("LINEABOVE", (0, 0), (-1, 0), 0.8, INK), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    return _table([[counted, sums]], [sum(WIDTHS) * 0.3, sum(WIDTHS) * 0.7], ruled)


def _closing(document: OrderDocument) -> "list[Flowable]":
    ask = (
        f"Please confirm quantities, prices and dates, and write {document.number} on every "
        "delivery note, parcel and invoice."
    )
    return [_text(ask, size=9, longest=400)]


def _packs(line: OrderLine, locale: str) -> str:
    if line.case_pack == 1:
        return ""
    packs = format_decimal(round(line.packs, 2), locale=locale)
    return f"{packs} × {format_decimal(line.case_pack, locale=locale)}"


def _unit_price(line: OrderLine, currency: str, locale: str) -> str:
    """With at least the decimals of the currency, and up to six where it is finer."""
    price = Decimal(line.unit_price_micros) / MICROS
    least = exponent(currency)
    pattern = f"#,##0.{'0' * least}{'#' * (6 - least)}" if least else "#,##0.######"
    return format_decimal(price, format=pattern, locale=locale)


def _money(minor: int, currency: str, locale: str) -> str:
    amount = Money(minor=minor, currency=currency).decimal()
    return format_decimal(amount, format=f"#,##0.{'0' * exponent(currency)}", locale=locale)


def _text(
    text: str, *, size: float, bold: bool = False, right: bool = False, longest: int = 240
) -> "Flowable":
    from reportlab.platypus import Paragraph

    return Paragraph(paragraph(text, longest), _style(size, bold=bold, right=right))


@lru_cache(maxsize=32)
def _style(size: float, *, bold: bool, right: bool) -> "ParagraphStyle":
    from reportlab.lib.colors import HexColor
    from reportlab.lib.enums import TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        name="order", fontName=BOLD if bold else BODY, fontSize=size, leading=size * 1.3,
        textColor=HexColor(INK), alignment=TA_RIGHT if right else TA_LEFT, splitLongWords=True,
    )  # fmt: skip


def _table(
    rows: "list[list[Any]]",
    widths: list[float],
    ruled: "list[Any]",
    *,
    repeat_head: bool = False,
) -> "Flowable":
    from reportlab.platypus import Table, TableStyle

    close = [("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3)]
    return Table(
        rows, colWidths=widths, repeatRows=int(repeat_head), style=TableStyle([*close, *ruled])
    )


def _numbered_pages(document: OrderDocument) -> type:
    """A canvas that writes the foot once it knows how many pages there are."""
    from reportlab.pdfgen.canvas import Canvas

    class NumberedPages(Canvas):
        def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401  as Canvas takes them
            super().__init__(*given, **named)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, start=1):
                self.__dict__.update(page)
                _foot(self, document, number, len(self._pages))
                super().showPage()
            super().save()

    return NumberedPages


def _foot(canvas: Any, document: OrderDocument, number: int, pages: int) -> None:  # noqa: ANN401  reportlab is untyped
    canvas.setFont(BODY, 7)
    canvas.setFillColor(INK)
    width = canvas._pagesize[0]  # noqa: SLF001  reportlab has no other name for it
    canvas.drawString(MARGIN, FOOT - 22, f"{document.title} · {document.digest[:16]}")
    canvas.drawRightString(width - MARGIN, FOOT - 22, f"Page {number} of {pages}")
