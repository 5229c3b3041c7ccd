"""Changes that people make to an order: before it is approved, or as an amendment of a sent one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.errors import InvalidInput
from engine.purchase.compose import orderable_units
from engine.purchase.order import OrderContent, OrderLine

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


Change = ChangeUnits | RemoveLine | ChangeDate


def revised(content: OrderContent, changes: Sequence[Change]) -> OrderContent:
    """The order after the changes; lines keep their numbers.

    Raises InvalidInput for a line that is not there, a quantity that is not whole packs or below
    the minimum, and an order left without lines.
    """
    lines = {line.line: line for line in content.lines}
    for change in changes:
        line = _known(lines, change.line)
        if isinstance(change, RemoveLine):
            del lines[change.line]
        elif isinstance(change, ChangeDate):
            lines[change.line] = replace(line, requested_on=change.requested_on)
        else:
            lines[change.line] = _with_units(line, change.units)
    if not lines:
        raise InvalidInput("An order needs at least one line; cancel the order instead.")
    return replace(content, lines=tuple(lines[number] for number in sorted(lines)))


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
