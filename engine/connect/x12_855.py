"""What a supplier's system answers to an order: the X12 acknowledgement 855 (004010).

BAK says whether the order is accepted, changed or rejected; PO1 repeats a line with its price, and
ACK segments below it say how much comes and when. A line may have several: their units add up, the
last day counts. What the codes of ACK01 mean beyond units and days (another price, a substitute, a
hold) is told in words, for a person to answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Literal

from engine.connect.x12_interchange import Segment, read_interchange
from engine.errors import BadSource

Verdict = Literal["accepted", "rejected", "held"]
# BAK02, X12 data element 587. Details that are left out are as ordered, or rejected with it.
_VERDICTS: dict[str, Verdict] = {
    "AC": "accepted", "AD": "accepted", "AE": "accepted", "AK": "accepted", "AP": "accepted",
    "AT": "accepted", "RD": "rejected", "RF": "rejected", "RJ": "rejected", "AH": "held",
}  # fmt: skip
# ACK01, X12 data element 668: what will not come, and what needs more than units and a day.
_NOTHING = frozenset({"ID", "IR", *(f"R{n}" for n in range(1, 10))})
_WORDS = {
    "IB": "back-ordered", "BP": "a part ships, the rest is back-ordered",
    "IE": "accepted, the price is pending", "IH": "on hold", "IP": "accepted at another price",
    "IS": "a substitute is offered", "SP": "ships in parts",
}  # fmt: skip
_KNOWN = frozenset({"IA", "IC", "IQ", "DR", "AC", "AR", "IF", *_NOTHING, *_WORDS})
_PRICED_UNITS = {"HP": 100, "TP": 1000}  # PO105, X12 data element 639; the others are per unit
MOST_PRICE = 10**12
_DELIVERY = frozenset({"002", "017", "067", "069", "074"})  # ACK04: days on which goods arrive


@dataclass(frozen=True, kw_only=True)
class AnswerLine:
    """One line as the supplier answers it; `units` in EA, `day` of arrival where one is stated."""

    line: int | None  # PO101, our line number
    sku: str  # our code, empty where it is not repeated
    units: int
    day: date | None
    price: Decimal | None
    remarks: tuple[str, ...] = ()  # in words, for a person


@dataclass(frozen=True, kw_only=True)
class OrderAnswer:
    """One order's answer; `key` is the same whenever this file is read again."""

    order: str
    verdict: Verdict
    lines: tuple[AnswerLine, ...]
    key: str


@dataclass
class _Reading:
    """One 855 while its segments are read."""

    number: str
    verdict: Verdict
    lines: list[tuple[Segment, list[Segment]]] = field(
        default_factory=list[tuple[Segment, list[Segment]]]
    )


def read_855(content: bytes) -> tuple[OrderAnswer, ...]:
    """Every order acknowledgement of an interchange; raises BadSource for what is none."""
    received = read_interchange(content)
    found = tuple(
        OrderAnswer(
            order=each.number,
            verdict=each.verdict,
            lines=tuple(_line(po1, acks) for po1, acks in each.lines),
            key=f"855:{received.key}:{each.number}",
        )
        for each in _readings(received.segments)
    )
    if not found:
        raise BadSource("This interchange holds no acknowledgement (855) of purchase orders.")
    return found


def _readings(segments: Sequence[Segment]) -> Iterator[_Reading]:
    current: _Reading | None = None
    for segment in segments:
        match segment:
            case ["BAK", _, kind, number, *_]:
                current = _Reading(number=number.strip(), verdict=_verdict(kind))
            case ["PO1", *_] if current is not None:
                current.lines.append((segment, []))
            case ["ACK", *_] if current is not None and current.lines:
                current.lines[-1][1].append(segment)
            case ["SE", *_] if current is not None:
                yield current
                current = None
            case _:
                pass


def _verdict(kind: str) -> Verdict:
    if kind not in _VERDICTS:
        raise BadSource(f"BAK02 is {kind[:10]!r}; expected one of {', '.join(_VERDICTS)}.")
    return _VERDICTS[kind]


def _line(po1: Segment, acks: Sequence[Segment]) -> AnswerLine:
    """PO1*line*units*EA*price*basis*(qualifier*code)..., with the ACK segments below it."""
    number = _part(po1, 1)
    _require_each(number, _part(po1, 3))
    codes = dict(zip(po1[6::2], po1[7::2], strict=False))
    told = [_ack(number, ack, _part(po1, 2)) for ack in acks]
    days = [day for _, day, _ in told if day is not None]
    return AnswerLine(
        line=int(number) if number.isdecimal() else None,
        sku=codes.get("BP", codes.get("IN", "")).strip(),
        units=sum(units for units, _, _ in told) if told else _units(number, _part(po1, 2)),
        day=max(days, default=None),
        price=_price(number, _part(po1, 4), _part(po1, 5)),
        remarks=tuple(remark for _, _, remark in told if remark),
    )


def _ack(number: str, ack: Segment, ordered: str) -> tuple[int, date | None, str]:
    """Units, day of arrival, and what a person must know of one ACK segment."""
    code = _part(ack, 1)
    if code not in _KNOWN:
        raise BadSource(f"Line {number}: ACK01 is {code[:10]!r}, which says nothing we know.")
    _require_each(number, _part(ack, 3))
    if code in _NOTHING:
        return 0, None, ""
    remark, day, stated = _WORDS.get(code, ""), None, _part(ack, 5)
    if stated and _part(ack, 4) in _DELIVERY:
        day = _day(number, stated)
    elif stated:
        remark = f"{remark}; " * bool(remark) + f"ships on {_day(number, stated)}"
    return _units(number, _part(ack, 2) or ordered), day, remark


def _part(segment: Segment, at: int) -> str:
    return segment[at].strip() if len(segment) > at else ""


def _require_each(number: str, unit: str) -> None:
    if unit not in ("", "EA"):
        raise BadSource(f"Line {number} counts in {unit[:10]!r}; our orders count in EA.")


def _units(number: str, text: str) -> int:
    try:
        units = Decimal(text)
        whole = int(units)
    except (InvalidOperation, ValueError, OverflowError):
        whole, units = -1, Decimal(0)
    if whole < 0 or whole != units:
        raise BadSource(f"Line {number}: {text[:20]!r} is no number of units.")
    return whole


def _price(number: str, text: str, basis: str) -> Decimal | None:
    """PO104 for one unit; PO105 says whether it is stated for a hundred or a thousand."""
    if not text:
        return None
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal("NaN")
    if not (price.is_finite() and 0 <= price < MOST_PRICE):
        raise BadSource(f"Line {number}: {text[:20]!r} is no price.")
    return price / _PRICED_UNITS.get(basis, 1)


def _day(number: str, text: str) -> date:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        raise BadSource(f"Line {number}: {text[:20]!r} is no day; X12 writes 20261231.") from None
