"""A purchase order as an ANSI X12 850 interchange, version 004010.

One interchange with one functional group and one transaction set. Segments: BEG (SA, an original
stand-alone order, or 04 for a revision that replaces one), CUR, REF, FOB, SAC (freight that the
buyer pays, estimated: no charge of this order), ITD, DTM 002 (delivery requested), TXI per tax
rate, N1 loops for buyer, supplier and ship-to, PO1 with PID, DTM and TXI per line, CTT and AMT (the
goods, without tax). Tax that nobody has stated has no segment. The text
is restricted to the basic and extended character sets: accents are written without, what has no
Latin letters is left out, and delimiters never appear inside an element.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from engine.connect.order_document import OrderDocument, Party
from engine.model.money import MICROS, Money
from engine.purchase.order import OrderContent, OrderLine
from engine.purchase.totals import totals_of

ELEMENT, SUB, END = "*", ">", "~"
_TERMS_NET = "08"  # basic discount offered; the net days say when it is due
_FREIGHT = "D240"
_DELIMITERS = str.maketrans({ELEMENT: " ", SUB: " ", END: " ", "^": " ", "\n": " ", "\r": " "})
_QUALIFIERS = {8: "UA", 12: "UP", 13: "EN", 14: "UK"}  # GTIN-8 and -12 to -14


@dataclass(frozen=True, kw_only=True)
class Interchange:
    """Who sends, and when the order was approved: an instant, so that a repeat is the same."""

    sender: str  # qualifier:id, such as ZZ:LANTERNLOOM
    at: datetime
    is_test: bool = False


def order_x12(document: OrderDocument, interchange: Interchange) -> bytes:
    """The interchange in ASCII, a segment per line."""
    control = document.control_number % 10**9
    body = [
        ["ST", "850", "0001"],
        *_header(document),
        *[segment for line in document.content.lines for segment in _line(document, line)],
        ["CTT", str(len(document.content.lines)), str(document.content.units)],
        ["AMT", "TT", _amount(document.content.total_minor, document.content.currency)],
    ]
    body.append(["SE", str(len(body) + 1), "0001"])
    segments = [
        _isa(document, interchange, control),
        _gs(document, interchange, control),
        *body,
        ["GE", "1", str(control)],
        ["IEA", "1", f"{control:09d}"],
    ]
    return "".join(f"{ELEMENT.join(_trimmed(s))}{END}\n" for s in segments).encode("ascii")


def basic(text: str, longest: int) -> str:
    """Text as X12's basic and extended character sets can hold it, in at most so many signs."""
    parted = unicodedata.normalize("NFKD", text).translate(_DELIMITERS)
    latin = "".join(c for c in parted if c.isascii() and c.isprintable())
    return " ".join(latin.split())[:longest].rstrip()


def _isa(document: OrderDocument, interchange: Interchange, control: int) -> list[str]:
    """The only segment whose elements have a fixed width."""
    at = interchange.at.astimezone(UTC)
    sent_by, sender = _address(interchange.sender)
    sent_to, receiver = _address(document.supplier.edi_id)
    return [
        "ISA", "00", " " * 10, "00", " " * 10, sent_by, f"{sender:15.15}", sent_to,
        f"{receiver:15.15}", f"{at:%y%m%d}", f"{at:%H%M}", "U", "00401", f"{control:09d}",
        "1", "T" if interchange.is_test else "P", SUB,
    ]  # fmt: skip


def _gs(document: OrderDocument, interchange: Interchange, control: int) -> list[str]:
    at = interchange.at.astimezone(UTC)
    _, sender = _address(interchange.sender)
    _, receiver = _address(document.supplier.edi_id)
    return ["GS", "PO", sender, receiver, f"{at:%Y%m%d}", f"{at:%H%M}", str(control), "X", "004010"]


def _address(edi_id: str) -> tuple[str, str]:
    """Qualifier and identifier of 'qualifier:id'; without a qualifier it is mutually defined."""
    qualifier, _, identifier = edi_id.rpartition(":")
    return (qualifier or "ZZ")[:2], basic(identifier, 15).upper()


def _header(document: OrderDocument) -> list[list[str]]:
    content = document.content
    purpose = "00" if document.revision == 1 else "04"  # original, or a change of one
    segments = [
        ["BEG", purpose, "SA", basic(document.number, 22), "", f"{document.issued_on:%Y%m%d}"],
        ["CUR", "BY", content.currency],
        ["REF", "PO", str(document.revision), "REVISION"],
    ]
    if content.incoterm:
        segments.append(["FOB", "DE", "", "", "01", basic(content.incoterm, 3)])
    segments += _freight(content)
    if content.payment_days is not None:
        net = ["", "", "", "", "", str(content.payment_days)]
        segments.append(["ITD", _TERMS_NET, "15", *net])
    segments.append(["DTM", "002", f"{content.requested_on:%Y%m%d}"])
    for part in totals_of(content).taxes:
        segments.append(_tax(part.tax_minor, part.percent, content.currency, part.net_minor))
    for role, party in (
        ("BY", document.buyer),
        ("SE", document.supplier),
        ("ST", document.ship_to),
    ):
        segments += _party(role, party)
    return segments


def _freight(content: OrderContent) -> list[list[str]]:
    """What the buyer expects to pay a carrier, for information; the amount has two decimals."""
    minor = totals_of(content).freight_minor
    if not minor:
        return []
    amount = Money(minor=minor, currency=content.base_currency).decimal()
    told = ["SAC", "N", _FREIGHT, "", "", f"{amount:.2f}".replace(".", ""), *[""] * 9]
    return [[*told, "FREIGHT PAID BY BUYER, ESTIMATED"], ["CUR", "BY", content.base_currency]]


def _tax(minor: int, percent: Decimal, currency: str, net_minor: int) -> list[str]:
    """Tax as stated: amount, rate as a share of one, and what it is taken of."""
    rate = f"{(percent / 100).normalize():f}"
    return ["TXI", "TX", _amount(minor, currency), rate, *[""] * 4, _amount(net_minor, currency)]


def _party(role: str, party: Party) -> list[list[str]]:
    named = ["N1", role, basic(party.name, 60) or basic(party.code, 60)]
    code = basic(party.code, 80)
    segments = [[*named, "92", code] if code else named]
    lines = [line for line in (basic(line, 55) for line in party.address) if line]
    segments += [["N3", *lines[at : at + 2]] for at in range(0, min(len(lines), 4), 2)]
    if party.country:
        segments.append(["N4", "", "", "", basic(party.country, 3)])
    return segments


def _line(document: OrderDocument, line: OrderLine) -> list[list[str]]:
    price = (Decimal(line.unit_price_micros) / MICROS).normalize()
    codes = ["BP", basic(line.sku, 48)]
    if line.supplier_sku:
        codes += ["VP", basic(line.supplier_sku, 48)]
    gtin = document.gtins.get(line.sku, "")
    if len(gtin) in _QUALIFIERS:
        codes += [_QUALIFIERS[len(gtin)], gtin]
    name = basic(line.name, 80)
    described = [["PID", "F", "", "", "", name]] if name else []
    return [
        ["PO1", str(line.line), str(line.units), "EA", f"{price:f}", "PE", *codes],
        *described,
        ["DTM", "002", f"{line.requested_on:%Y%m%d}"],
        *_line_tax(line, document.content.currency),
    ]


def _line_tax(line: OrderLine, currency: str) -> list[list[str]]:
    minor = line.tax_minor(currency)
    if minor is None or line.tax_percent is None:
        return []
    return [_tax(minor, line.tax_percent, currency, line.total_minor(currency))]


def _amount(minor: int, currency: str) -> str:
    return f"{Money(minor=minor, currency=currency).decimal():f}"


def _trimmed(segment: Sequence[str]) -> list[str]:
    """Without empty elements at the end, as the standard wants it."""
    kept = list(segment)
    while kept and kept[-1] == "":
        kept.pop()
    return kept
