"""Lines of orders as people type them: 2=120, 2@2026-12-01, 2=120@2026-12-01."""

from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.purchase.progress import ConfirmedLine, MovedLine
    from engine.purchase.revise import Change, ChangePrice

DAY = "%Y-%m-%d"


def changes_of(
    line: list[str] | None, remove: list[int] | None, move: list[str] | None
) -> "list[Change]":
    """What was typed, as changes of an order."""
    from engine.purchase.revise import ChangeDate, ChangeUnits, RemoveLine

    return [
        *(ChangeUnits(line=n, units=units) for n, units in sorted(by_line(line).items())),
        *(RemoveLine(line=n) for n in remove or []),
        *(ChangeDate(line=n, requested_on=day) for n, day in map(_line_and_day, move or [])),
    ]


def prices_of(texts: list[str] | None) -> "list[ChangePrice]":
    """2=21.5: what was agreed for one unit of a line, in the order's currency."""
    from engine.errors import InvalidInput
    from engine.model.money import to_micros
    from engine.purchase.revise import ChangePrice

    found: dict[int, int] = {}
    for text in texts or []:
        line, equals, price = (part.strip() for part in text.partition("="))
        if not (equals and line.isdecimal()):
            raise InvalidInput(f"{text!r} is not LINE=PRICE; write something like 2=21.50.")
        if int(line) in found:
            raise InvalidInput(f"Line {int(line)} has two prices; name one.")
        found[int(line)] = to_micros(price)
    return [ChangePrice(line=n, unit_price_micros=micros) for n, micros in sorted(found.items())]


def by_line(texts: list[str] | None) -> dict[int, int]:
    from engine.errors import InvalidInput

    found: dict[int, int] = {}
    for text in texts or []:
        line, equals, units = text.partition("=")
        if not (equals and line.strip().isdecimal() and units.strip().isdecimal()):
            raise InvalidInput(f"{text!r} is not LINE=UNITS; write something like 2=120.")
        if int(line) in found:
            raise InvalidInput(f"Line {int(line)} is named twice; add its units up.")
        found[int(line)] = int(units)
    return found


def _line_and_day(text: str) -> tuple[int, date]:
    from engine.errors import InvalidInput

    line, at, day = text.partition("@")
    try:
        return int(line), _day(day) if at else _day("")
    except ValueError:
        raise InvalidInput(
            f"{text!r} is not LINE@DAY; write something like 2@2026-12-01."
        ) from None


def _day(text: str) -> date:
    return datetime.strptime(text.strip(), DAY).date()  # noqa: DTZ007  a day has no zone


def confirmed(text: str) -> "ConfirmedLine":
    from engine.errors import InvalidInput
    from engine.purchase.progress import ConfirmedLine

    head, _, day = text.partition("@")
    line, _, units = head.partition("=")
    try:
        return ConfirmedLine(line=int(line), units=int(units), expected_on=_day(day))
    except ValueError:
        raise InvalidInput(
            f"{text!r} is not LINE=UNITS@DAY; write something like 2=120@2026-12-01."
        ) from None


def moved(
    good: dict[int, int],
    refused: dict[int, int],
    reason: str,
    replaced: bool,  # noqa: FBT001  as typed
) -> "list[MovedLine]":
    from engine.purchase.progress import MovedLine

    return [
        MovedLine(
            line=number, units=good.get(number, 0), rejected_units=refused.get(number, 0),
            replaced=replaced, reason=reason,
        )
        for number in sorted({*good, *refused})
    ]  # fmt: skip
