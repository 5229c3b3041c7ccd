"""Several orders for one supplier and place become one: the newest terms, everybody's units."""

from collections.abc import Sequence
from dataclasses import replace

from engine.purchase.compose import orderable_units
from engine.purchase.order import OrderContent, OrderLine


def merged(newest: OrderContent, older: Sequence[OrderContent]) -> OrderContent:
    """The newest order with all that the older ones hold: one supplier and place get one order.

    All have the same supplier, place and currency. Units of one item are added up and priced by
    the newest terms, so that a price break may be reached. What only an older order holds stays as
    people left it, but is not wanted before the newest could bring anything. Lines are sorted as
    in a new order and numbered anew. Raises InvalidInput for a sum that nobody could order.
    """
    lines = {line.sku: line for line in newest.lines}
    for content in older:
        for line in content.lines:
            known = lines.get(line.sku)
            lines[line.sku] = _kept(line, content, newest) if known is None else _sum(known, line)
    ordered = sorted(lines.values(), key=lambda line: (line.category or "", line.sku))
    numbered = tuple(replace(line, line=number) for number, line in enumerate(ordered, start=1))
    return replace(newest, lines=numbered)


def _sum(newer: OrderLine, older: OrderLine) -> OrderLine:
    """One item of both; it flows by itself only if nothing of it had to be looked at."""
    return replace(
        newer,
        units=orderable_units(newer.sku, newer.units + older.units),
        flows=newer.flows and older.flows,
        freight_minor=newer.freight_minor + older.freight_minor,
        duty_minor=newer.duty_minor + older.duty_minor,
        charges_minor=newer.charges_minor + older.charges_minor,
    )


def _kept(line: OrderLine, content: OrderContent, newest: OrderContent) -> OrderLine:
    """A line of an older order, as late as the newest order is later than it."""
    if content.order_on is None or newest.order_on is None or newest.order_on <= content.order_on:
        return line
    later = newest.order_on - content.order_on
    earliest = min((each.requested_on for each in newest.lines), default=line.requested_on)
    return replace(
        line,
        requested_on=max(line.requested_on, earliest),
        expected_from=line.expected_from and line.expected_from + later,
        expected_to=line.expected_to and line.expected_to + later,
    )
