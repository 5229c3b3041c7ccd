"""The content of a purchase order: what is agreed, and exactly what an approver signs.

Everything in here is material. The digest of its canonical text is the order's identity at one
revision: a unit, a price, the exchange rate or a date that differs gives another digest.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property

import numpy as np

from engine.kernels.discounts import PriceTiers, cost_micros
from engine.model.canonical import digest
from engine.model.money import MICROS, convert_minor, to_minor


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """One item. Prices are micros and totals minor units of the order's currency."""

    line: int  # keeps its number through all revisions
    sku: str
    supplier_sku: str | None
    name: str
    category: str | None
    units: int
    case_pack: int
    minimum_units: int
    tiers: PriceTiers  # the supplier's prices, so that a revision finds the right one
    requested_on: date
    reason: str  # why the plan buys it, without figures
    flows: bool  # the plan saw nothing that a person must look at
    # When it should come by what the supplier has shown: eight of ten do. None: nothing is known.
    expected_from: date | None = None
    expected_to: date | None = None
    # What it costs to get it here beyond its price, as the plan estimated it; base currency. Not
    # owed to this supplier, so neither in the total nor in what approvers are held against.
    freight_minor: int = 0
    duty_minor: int = 0
    charges_minor: int = 0
    # What the supplier's invoice adds, in % of the line; None: nobody has stated it. Shown only:
    # limits and budgets count orders without tax, which most buyers get back.
    tax_percent: Decimal | None = None

    @cached_property
    def cost_micros(self) -> int:
        """Exact cost in micros, before rounding."""
        return int(cost_micros(np.asarray([self.units], dtype=np.int64), self.tiers)[0])

    @property
    def unit_price_micros(self) -> int:
        """Price of one unit; the average over tiers where they are incremental, half-even."""
        whole, rest = divmod(self.cost_micros, self.units)
        doubled = 2 * rest
        up = doubled > self.units or (doubled == self.units and whole % 2 == 1)
        return whole + up

    def total_minor(self, currency: str) -> int:
        """Rounded half-even, once."""
        return to_minor(Decimal(self.cost_micros) / MICROS, currency)

    def tax_minor(self, currency: str) -> int | None:
        """Tax on the rounded line, rounded half-even, once; None: no rate is stated."""
        if self.tax_percent is None:
            return None
        tax = Decimal(self.total_minor(currency)) * self.tax_percent / 100
        return int(tax.to_integral_value(ROUND_HALF_EVEN))

    @property
    def packs(self) -> Decimal:
        return Decimal(self.units) / self.case_pack


@dataclass(frozen=True, kw_only=True)
class OrderContent:
    """One supplier, one place to ship to, one currency. Lines are sorted by their number."""

    supplier: str
    supplier_name: str
    ship_to: str
    currency: str
    base_currency: str
    rate: Decimal  # base currency per unit of `currency`, recorded when the order was written
    payment_days: int | None
    incoterm: str | None
    lines: tuple[OrderLine, ...]
    order_on: date | None = None  # the next day on which the supplier takes orders
    minimum_minor: int | None = None  # the supplier's least order value, order's currency
    minimum_units: int | None = None

    @property
    def total_minor(self) -> int:
        """The sum of the rounded lines, so that it adds up on paper."""
        return sum(line.total_minor(self.currency) for line in self.lines)

    @property
    def base_total_minor(self) -> int:
        """The total in base currency at the recorded rate: the sum of the converted lines.

        A plan buys line by line, so a plan that just fits its budget is drafted at the same sum;
        converting the total instead would differ from it by up to half a minor unit per line.
        """
        return sum(self.base_line_minor(line) for line in self.lines)

    def base_line_minor(self, line: OrderLine) -> int:
        """A line's total, converted half-even, once."""
        own = line.total_minor(self.currency)
        return convert_minor(own, self.currency, self.base_currency, self.rate)

    @property
    def landed_minor(self) -> int:
        """The base total with freight, duty and other charges as estimated."""
        beside = sum(x.freight_minor + x.duty_minor + x.charges_minor for x in self.lines)
        return self.base_total_minor + beside

    @property
    def is_below_minimum(self) -> bool:
        """Whether the supplier would take it: its least value and its least units are reached."""
        value, units = self.minimum_minor or 0, self.minimum_units or 0
        return self.total_minor < value or self.units < units

    @property
    def units(self) -> int:
        return sum(line.units for line in self.lines)

    @property
    def requested_on(self) -> date:
        """The day by which all of it is wanted."""
        return max(line.requested_on for line in self.lines)

    def line(self, number: int) -> OrderLine | None:
        return next((line for line in self.lines if line.line == number), None)


def content_digest(content: OrderContent) -> str:
    """The identity of a revision."""
    return digest(content)


def shown_digest(revision_digest: str, policy_version: str) -> str:
    """What a card's buttons carry: the revision, under the rules by which it was judged."""
    return digest([revision_digest, policy_version])
