"""How far a sent order has come, line by line: confirmed, received, refused, sent back, open.

All quantities are units of one line. What was refused at the door or sent back is not open any
more (the supplier credits it) unless the supplier sends it again (`replaced`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from engine.errors import InvalidInput
from engine.purchase.order import OrderContent, OrderLine
from engine.purchase.states import OrderState

MovementKind = Literal["receipt", "return"]


@dataclass(frozen=True, kw_only=True)
class ConfirmedLine:
    """What the supplier says of a line; 0 units: it will not be delivered."""

    line: int
    units: int
    expected_on: date
    # The supplier's price in micros of the order's currency; None: it names no other than ordered.
    unit_price_micros: int | None = None


@dataclass(frozen=True, kw_only=True)
class MovedLine:
    """Good units that came (or, of a return, went back), and units refused at the door."""

    line: int
    units: int
    rejected_units: int = 0
    replaced: bool = False  # the supplier sends what was refused or sent back again
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Movement:
    """One delivery, or one parcel back."""

    kind: MovementKind
    on_day: date
    lines: tuple[MovedLine, ...]


@dataclass(frozen=True, kw_only=True)
class LineProgress:
    """One line of a sent order."""

    line: int
    sku: str
    ordered: int
    confirmed: int | None  # units; None: the supplier has said nothing of this line
    expected_on: date | None  # the supplier's date
    confirmed_price_micros: int | None  # where the supplier named another than ordered
    received: int  # good units, before returns
    rejected: int
    returned: int
    replaced: int  # of the refused and returned ones: come again
    has_ended: bool = False  # the order was closed: what has not come will not

    @property
    def settled(self) -> int:
        """Units of which nothing more is to come because they came, for good or ill."""
        return self.received + self.rejected - self.replaced

    @property
    def open_units(self) -> int:
        """Still to come by what was ordered."""
        return 0 if self.has_ended else self.missing

    @property
    def missing(self) -> int:
        """Of what was ordered, not come: still to come, or never where the order has ended."""
        return max(self.ordered - self.settled, 0)

    @property
    def coming(self) -> int:
        """Still to come by what the supplier says: what planning may count on."""
        if self.has_ended:
            return 0
        promised = self.ordered if self.confirmed is None else min(self.confirmed, self.ordered)
        return max(promised - self.settled, 0)

    @property
    def over(self) -> int:
        """Good units beyond what was ordered."""
        return max(self.settled - self.ordered, 0)

    @property
    def kept(self) -> int:
        """Good units that stayed: what is paid for."""
        return self.received - self.returned


def progress_of(
    content: OrderContent,
    confirmed: Iterable[ConfirmedLine],
    movements: Iterable[Movement],
    *,
    has_ended: bool = False,
) -> tuple[LineProgress, ...]:
    """The lines of an order, sorted by number; `confirmed` holds the newest word on each line."""
    said = {each.line: each for each in confirmed}
    moved: dict[int, list[tuple[MovementKind, MovedLine]]] = {}
    for movement in movements:
        for each in movement.lines:
            moved.setdefault(each.line, []).append((movement.kind, each))
    lines = (_line(line, said.get(line.line), moved.get(line.line, ())) for line in content.lines)
    return tuple(replace(line, has_ended=has_ended) for line in lines)


def _line(
    line: OrderLine, said: ConfirmedLine | None, moved: Sequence[tuple[MovementKind, MovedLine]]
) -> LineProgress:
    came = [each for kind, each in moved if kind == "receipt"]
    back = [each for kind, each in moved if kind == "return"]
    again = sum(each.rejected_units for each in came if each.replaced)
    return LineProgress(
        line=line.line,
        sku=line.sku,
        ordered=line.units,
        confirmed=None if said is None else said.units,
        expected_on=None if said is None else said.expected_on,
        confirmed_price_micros=said.unit_price_micros if said and asks_price(line, said) else None,
        received=sum(each.units for each in came),
        rejected=sum(each.rejected_units for each in came),
        returned=sum(each.units for each in back),
        replaced=again + sum(each.units for each in back if each.replaced),
    )


def state_after(state: OrderState, lines: Sequence[LineProgress]) -> OrderState:
    """Where an order stands once goods have moved: in parts, or all of it is settled."""
    if not any(line.received or line.rejected for line in lines):
        return state
    everything = all(line.open_units == 0 for line in lines)
    return OrderState.RECEIVED if everything else OrderState.PART_RECEIVED


def differs(content: OrderContent, confirmed: Sequence[ConfirmedLine]) -> tuple[ConfirmedLine, ...]:
    """The lines of a confirmation that are not as ordered: other units, a later day, a price."""
    return tuple(
        each
        for each in confirmed
        if (line := content.line(each.line)) is not None
        and (
            each.units != line.units
            or each.expected_on > line.requested_on
            or asks_price(line, each)
        )
    )


def asks_price(line: OrderLine, said: ConfirmedLine) -> bool:
    """Whether the supplier wants another price for what it will deliver than was ordered."""
    return bool(said.units) and said.unit_price_micros not in (None, line.unit_price_micros)


def require_lines(content: OrderContent, numbers: Iterable[int]) -> None:
    """Raise InvalidInput for a line the order does not have, one named twice, or none at all."""
    named = list(numbers)
    if not named:
        raise InvalidInput("Name at least one line, such as 1=60.")
    for number in named:
        if content.line(number) is None:
            known = ", ".join(f"{line.line} ({line.sku})" for line in content.lines)
            raise InvalidInput(f"There is no line {number}. Lines: {known}.")
        if named.count(number) > 1:
            raise InvalidInput(f"Line {number} is named twice; add its units up.")


def require_receivable(
    before: Sequence[LineProgress], lines: Sequence[MovedLine], *, accept_over: bool
) -> None:
    """Raise InvalidInput for a delivery of nothing, or of more than is open unless accepted."""
    known = {line.line: line for line in before}
    for each in lines:
        if each.units < 0 or each.rejected_units < 0 or each.units + each.rejected_units == 0:
            raise InvalidInput(
                f"Line {each.line}: {each.units} good and {each.rejected_units} refused units are "
                "no delivery; both are 0 or more, and one is above 0."
            )
        if each.rejected_units and not each.reason.strip():
            raise InvalidInput(f"Line {each.line}: say why {each.rejected_units} were refused.")
        open_units = known[each.line].open_units
        if each.units + each.rejected_units > open_units and not accept_over:
            raise InvalidInput(
                f"Line {each.line} has {open_units} units open; {each.units + each.rejected_units} "
                "came. Refuse what is too much (--rejected), or take it with --accept-over, which "
                "needs the right to approve."
            )


def require_returnable(before: Sequence[LineProgress], lines: Sequence[MovedLine]) -> None:
    """Raise InvalidInput for a return of nothing, or of more than is there."""
    known = {line.line: line for line in before}
    for each in lines:
        if not 0 < each.units <= known[each.line].kept:
            raise InvalidInput(
                f"Line {each.line}: {each.units} units cannot go back; "
                f"{known[each.line].kept} have come and stayed."
            )
        if not each.reason.strip():
            raise InvalidInput(f"Line {each.line}: say why {each.units} go back.")


def paid_units(lines: Sequence[LineProgress], *, ended: bool) -> Mapping[int, int]:
    """Units by line that an order costs: those kept and, until it has ended, those to come.

    Never less than what stayed: what came beyond the order and was taken is paid as well.
    """
    return {line.line: max(line.kept, 0) + (0 if ended else line.open_units) for line in lines}
