"""Tax and freight of an order in words; amounts by the reader's locale."""

from collections.abc import Iterator

from agent.grounding.formats import shown
from engine.purchase.order import OrderContent
from engine.purchase.totals import TaxPart, Totals, totals_of
from tools.facts import Fact


def total_rows(content: OrderContent, locale: str) -> Iterator[tuple[str, str]]:
    """Label and text: tax as stated, the total with it, freight, and the landed cost.

    Freight stands alone and within the landed cost, which is what the plan weighed.
    """
    totals = totals_of(content)
    yield "Tax", "; ".join(_tax(totals, content.currency, locale)) or "no tax stated"
    if totals.with_tax_minor is not None:
        yield "With tax", _money(totals.with_tax_minor, content.currency, locale)
    if totals.freight_minor:
        freight = _money(totals.freight_minor, content.base_currency, locale)
        yield "Freight", f"{freight} as estimated, within the landed cost"
    if totals.landed_minor != content.base_total_minor:
        landed = _money(totals.landed_minor, content.base_currency, locale)
        yield "Landed", f"{landed} with freight, duty and charges as estimated"


def _tax(totals: Totals, currency: str, locale: str) -> Iterator[str]:
    for part in totals.taxes:
        yield _part(part, currency, locale)
    if totals.taxes and totals.unstated_lines:
        yield f"none stated on {_money(totals.unstated_minor, currency, locale)}"


def _part(part: TaxPart, currency: str, locale: str) -> str:
    net, tax = (_money(minor, currency, locale) for minor in (part.net_minor, part.tax_minor))
    return f"{tax}, {part.percent.normalize():f} % of {net}"


def _money(minor: int, currency: str, locale: str) -> str:
    fact = Fact(id="", value=minor, kind="money", label="", currency=currency)
    return shown(fact, locale, in_table=True)
