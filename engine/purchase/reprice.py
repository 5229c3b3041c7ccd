"""An order at the prices and the exchange rate of newer data, before anybody has bound it."""

from dataclasses import replace
from decimal import Decimal

from engine.purchase.order import OrderContent, OrderLine
from engine.purchase.terms import Offer, Terms

# A rate that moved less is the rate that was recorded: it moves a little every day, and a card
# that goes stale every morning is never decided on. Beyond it, limits and budgets would be judged
# at an amount that nobody will pay.
RATE_TOLERANCE = Decimal("0.02")


def repriced(content: OrderContent, terms: Terms) -> OrderContent:
    """The order at its supplier's newest prices, and at the newest rate where it moved far.

    A line that the supplier's list no longer has, or states no price for, keeps its price. What
    the plan saw was another price, so a dearer line never flows by itself. A tax that is newly
    stated counts as well: it stands on the card and on the paper, and is part of what is paid.
    """
    lines = tuple(_line(line, content.supplier, terms) for line in content.lines)
    rate = terms.rates.get(content.currency, content.rate)
    moved = abs(rate / content.rate - 1) > RATE_TOLERANCE
    return replace(content, lines=lines, rate=rate if moved else content.rate)


def _line(line: OrderLine, supplier: str, terms: Terms) -> OrderLine:
    offer = terms.offers.get((supplier, line.sku))
    tiers = line.tiers if offer is None or offer.tiers is None else offer.tiers
    newer = replace(line, tiers=tiers, tax_percent=_tax(line, supplier, offer, terms))
    return replace(newer, flows=line.flows and newer.cost_micros <= line.cost_micros)


def _tax(line: OrderLine, supplier: str, offer: Offer | None, terms: Terms) -> Decimal | None:
    """The item's, else the supplier's; what was recorded where neither is stated."""
    known = terms.suppliers.get(supplier)
    stated = (offer and offer.tax_percent, known and known.tax_percent, line.tax_percent)
    return next((tax for tax in stated if tax is not None), None)
