"""An order at the prices and the exchange rate of newer data, before anybody has bound it."""

from dataclasses import replace
from decimal import Decimal

from engine.purchase.order import OrderContent, OrderLine
from engine.purchase.terms import Terms

# A rate that moved less is the rate that was recorded: it moves a little every day, and a card
# that goes stale every morning is never decided on. Beyond it, limits and budgets would be judged
# at an amount that nobody will pay.
RATE_TOLERANCE = Decimal("0.02")


def repriced(content: OrderContent, terms: Terms) -> OrderContent:
    """The order at its supplier's newest prices, and at the newest rate where it moved far.

    A line that the supplier's list no longer has, or states no price for, keeps its price. What
    the plan saw was another price, so a dearer line never flows by itself.
    """
    lines = tuple(_line(line, content.supplier, terms) for line in content.lines)
    rate = terms.rates.get(content.currency, content.rate)
    moved = abs(rate / content.rate - 1) > RATE_TOLERANCE
    return replace(content, lines=lines, rate=rate if moved else content.rate)


def _line(line: OrderLine, supplier: str, terms: Terms) -> OrderLine:
    offer = terms.offers.get((supplier, line.sku))
    if offer is None or offer.tiers is None or offer.tiers == line.tiers:
        return line
    stated = terms.suppliers.get(supplier)
    tax = offer.tax_percent if offer.tax_percent is not None else stated and stated.tax_percent
    newer = replace(line, tiers=offer.tiers, tax_percent=tax)
    return replace(newer, flows=line.flows and newer.cost_micros <= line.cost_micros)
