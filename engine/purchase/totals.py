"""What an order comes to: goods, the tax that is stated, and what it costs to get it here.

Tax is never guessed: a line without a stated rate leaves the total with tax open. Freight, duty
and charges are the plan's estimates, in base currency, and are owed to others than the supplier;
with the goods they make the landed cost by which the plan chose.
"""

from dataclasses import dataclass
from decimal import Decimal

from engine.purchase.order import OrderContent


@dataclass(frozen=True, kw_only=True)
class TaxPart:
    """The lines of one rate; minor units of the order's currency."""

    percent: Decimal
    net_minor: int
    tax_minor: int


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Goods and tax in minor units of the order's currency, the rest of the base currency."""

    goods_minor: int
    taxes: tuple[TaxPart, ...]  # by rising rate
    unstated_minor: int  # goods of which no rate is stated
    unstated_lines: int
    freight_minor: int
    duty_minor: int
    charges_minor: int
    landed_minor: int

    @property
    def with_tax_minor(self) -> int | None:
        """What the invoice should come to; None while a line has no stated rate."""
        if self.unstated_lines:
            return None
        return self.goods_minor + sum(part.tax_minor for part in self.taxes)


def totals_of(content: OrderContent) -> Totals:
    """The sums of the rounded lines, so that they add up on paper."""
    untaxed = [line for line in content.lines if line.tax_percent is None]
    return Totals(
        goods_minor=content.total_minor,
        taxes=_taxes(content),
        unstated_minor=sum(line.total_minor(content.currency) for line in untaxed),
        unstated_lines=len(untaxed),
        freight_minor=sum(line.freight_minor for line in content.lines),
        duty_minor=sum(line.duty_minor for line in content.lines),
        charges_minor=sum(line.charges_minor for line in content.lines),
        landed_minor=content.landed_minor,
    )


def _taxes(content: OrderContent) -> tuple[TaxPart, ...]:
    parts: dict[Decimal, TaxPart] = {}
    for line in content.lines:
        tax = line.tax_minor(content.currency)
        if tax is None or line.tax_percent is None:
            continue
        before = parts.get(line.tax_percent)
        parts[line.tax_percent] = TaxPart(
            percent=line.tax_percent,
            net_minor=line.total_minor(content.currency) + (before.net_minor if before else 0),
            tax_minor=tax + (before.tax_minor if before else 0),
        )
    return tuple(parts[percent] for percent in sorted(parts))
