"""Changes that people make to an order: before it is approved, or as an amendment of a sent one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.errors import InvalidInput
from engine.kernels.discounts import PriceTiers
from engine.model.money import MICROS, from_micros
from engine.purchase.compose import orderable_units
from engine.purchase.order import OrderContent, OrderLine
from engine.purchase.progress import ConfirmedLine, asks_price, differs

MOST_MICROS = 10**12 * MICROS  # of a line: more is a slip of the keyboard and fits no sum
BY_A_PERSON = "a person changed the quantity that the plan had"


@dataclass(frozen=True, kw_only=True)
class ChangeUnits:
    """Order another quantity of a line; the price follows the supplier's tiers."""

    line: int
    units: int


@dataclass(frozen=True, kw_only=True)
class RemoveLine:
    line: int


@dataclass(frozen=True, kw_only=True)
class ChangeDate:
    """Ask for a line on another day."""

    line: int
    requested_on: date


@dataclass(frozen=True, kw_only=True)
class ChangePrice:
    """Agree on a price, micros of the order's currency, for every unit of a line.

    It stands in place of the supplier's tiers, so that another quantity does not change it.
    """

    line: int
    unit_price_micros: int


Change = ChangeUnits | RemoveLine | ChangeDate | ChangePrice


def revised(content: OrderContent, changes: Sequence[Change]) -> OrderContent:
    """The order after the changes; lines keep their numbers.

    Raises InvalidInput for a line that is not there, a quantity that is not whole packs or below
    the minimum, a price that nobody can pay, and an order left without lines.
    """
    lines = {line.line: line for line in content.lines}
    for change in changes:
        line = _known(lines, change.line)
        if isinstance(change, RemoveLine):
            del lines[change.line]
        elif isinstance(change, ChangeDate):
            lines[change.line] = replace(line, requested_on=change.requested_on)
        elif isinstance(change, ChangePrice):
            lines[change.line] = _with_price(line, change.unit_price_micros)
        else:
            lines[change.line] = _with_units(line, change.units)
    if not lines:
        raise InvalidInput("An order needs at least one line; cancel the order instead.")
    return replace(content, lines=tuple(lines[number] for number in sorted(lines)))


def as_confirmed(
    content: OrderContent, words: Sequence[ConfirmedLine], today: date
) -> tuple[Change, ...]:
    """What makes the order what its supplier confirmed: units, days and prices.

    An earlier day than was asked for is no change: the goods may come before they are wanted. Nor
    is a day that has come: nobody can ask for it any more.
    """
    changes: list[Change] = []
    for said in differs(content, words):
        line = content.line(said.line)
        if line is None or not said.units:
            changes.append(RemoveLine(line=said.line))
            continue
        if said.units != line.units:
            changes.append(ChangeUnits(line=said.line, units=said.units))
        if said.expected_on > max(line.requested_on, today):
            changes.append(ChangeDate(line=said.line, requested_on=said.expected_on))
        if said.unit_price_micros is not None and asks_price(line, said):
            changes.append(ChangePrice(line=said.line, unit_price_micros=said.unit_price_micros))
    return tuple(changes)


def require_list_prices(changes: Sequence[Change]) -> None:
    """Raise InvalidInput for a price agreed before the supplier has seen the order."""
    if any(isinstance(change, ChangePrice) for change in changes):
        raise InvalidInput(
            "An order that has not left is at its supplier's list prices: import the newer list "
            "(table supplier_items), and it follows. A price is agreed once the order is sent: "
            "qm po amend NUMBER --price LINE=PRICE."
        )


def extended(content: OrderContent, more: OrderContent, *, last_line: int) -> OrderContent:
    """The order with the lines of another one for the same supplier and place added behind.

    `last_line` is the highest number that any revision has used: a number never changes its item.
    """
    added = tuple(replace(line, line=last_line + n) for n, line in enumerate(more.lines, start=1))
    return replace(content, lines=(*content.lines, *added))


def require_days_to_come(changes: Sequence[Change], today: date) -> None:
    """Raise InvalidInput for a day on which nothing can arrive any more."""
    for change in changes:
        if isinstance(change, ChangeDate) and change.requested_on <= today:
            raise InvalidInput(
                f"Line {change.line}: {change.requested_on} is not later than today ({today}); "
                "name a day to come."
            )


def _known(lines: dict[int, OrderLine], number: int) -> OrderLine:
    if number not in lines:
        known = ", ".join(f"{line.line} ({line.sku})" for line in lines.values())
        raise InvalidInput(f"There is no line {number}. Lines: {known or 'none left'}.")
    return lines[number]


def _with_units(line: OrderLine, units: int) -> OrderLine:
    """The line with another quantity, which no plan has looked at: it never flows by itself."""
    if units == line.units:
        return line
    return replace(
        line,
        units=_packed(line, units),
        reason=BY_A_PERSON,
        flows=False,
        freight_minor=line.freight_minor * units // line.units,
        duty_minor=line.duty_minor * units // line.units,
        charges_minor=line.charges_minor * units // line.units,
    )


def _with_price(line: OrderLine, micros: int) -> OrderLine:
    """The line at an agreed price for every unit, which no plan has looked at."""
    if micros == line.unit_price_micros:
        return line
    if not 0 < micros <= MOST_MICROS // line.units:
        raise InvalidInput(
            f"{from_micros(micros):f} is no price of {line.units} units of {line.sku}; it is above "
            "0, and the line must stay below a million million."
        )
    return replace(line, tiers=PriceTiers(breaks=(0,), prices_micros=(micros,)), flows=False)


def _packed(line: OrderLine, units: int) -> int:
    orderable_units(line.sku, units)
    if units < line.minimum_units:
        raise InvalidInput(
            f"{line.sku} is sold from {line.minimum_units} units on; {units} is below that. "
            "Order the minimum or remove the line."
        )
    if units % line.case_pack:
        low = units - units % line.case_pack
        near = [n for n in (low, low + line.case_pack) if n >= line.minimum_units and n]
        raise InvalidInput(
            f"{line.sku} comes in packs of {line.case_pack}; {units} is not whole packs. "
            f"Take {' or '.join(str(n) for n in near)}."
        )
    return units
