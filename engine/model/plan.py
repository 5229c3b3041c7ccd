"""What a plan run decides. Frames have these columns; amounts are minor units of the base currency.

A plan is content: the same inputs give the same bytes. Creation times live outside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

# Ranked buys, best return on cash first.
LINES = (
    "rank", "sku", "location", "supplier", "units", "packs", "case_pack",
    "unit_cost_micros",  # of one unit, in `currency`
    "currency",  # the supplier's
    "cost_minor",  # of the line's goods, base currency: what the order commits
    # What it costs to get them here, base currency; the value counts it, the budget does not.
    "freight_minor", "duty_minor", "charges_minor",
    "source_why",  # why this supplier: a key of SOURCE_WHY
    "alternative",  # the second best supplier; None: no other sells it
    "running_cost_minor", "value_minor",  # expected profit above not ordering it
    "return_per_cash",  # value / cost
    "priority",  # points: 100 x return_per_cash x stockout_chance
    "stockout_days_p10", "stockout_days_p50", "stockout_days_p90",  # from as-of, without the order
    "stockout_chance",  # of running out before the order after this one could arrive
    "expected_lost_units",  # until the order after this one could arrive, without this order
    "lost_margin_minor", "lost_revenue_minor",  # margin and revenue of those units
    "on_hand", "reserved", "inbound_units", "draft_units", "demand_over_protection",
    "demand_low", "demand_high",  # of that demand: 10 %, 90 % of paths
    "protection_days",
    "order_on",  # ISO date on which the supplier takes the order
    "confidence",
    "tier",  # engine.model.automation.Tier: may the line go on without a person looking at it
    "tier_reason",  # why, a sentence without figures
    "reason",  # one sentence without figures
    "steps",  # tuple of (label, units) that sum to units: need, safety, on hand, inbound, packs...
)  # fmt: skip

# What the plan would have bought without any budget, and what leaving it out costs. `cause` is
# "budget" (the total), the scope of the category's or supplier's budget that binds, or "supplier
# minimum" where what such budgets cut of a supplier's other items leaves its minimum unreached.
CUTS = (
    "sku", "location", "supplier", "units", "cost_minor", "expected_loss_minor", "cause", "reason",
)  # fmt: skip

TRANSFERS = (
    "sku", "from_location", "to_location", "units", "cost_minor", "value_minor",
    "arrives_days", "source_left_units", "reason",
)  # fmt: skip

# Exceptions carry what a sentence needs as `facts` (name -> value), never a finished figure.
EXCEPTIONS = (
    "key",  # stable between runs: code:sku:location:supplier:po
    "code", "severity", "sku", "location", "supplier", "po", "at_stake_minor", "facts",
)  # fmt: skip

# What each code means, for people. Units and amounts are among the facts; `at_stake_minor` is the
# money: margin for what is lost, cost for what lies idle.
EXCEPTION_CODES: Mapping[str, str] = {
    "stockout_risk": "likely to run out before any order could arrive",
    "overstock": "more in stock than demand will eat for long",
    "late_supply": "an order line is late, or lost",
    "phantom_stock": "stock is on record but seems not to be there",
    "demand_pulse": "demand has jumped or collapsed within days",
    "minimum_above_cover": "the least that can be ordered lasts too long",
    "supplier_minimum": "what is needed does not reach the supplier's minimum",
    "over_capacity": "a location holds more than it has room for",
    "odd_terms": "terms of a supplier are missing or cannot be meant; what counts is said",
    "circular_supply": "locations supply one another in a circle",
    "cannot_buy": "something is missing without which it cannot be ordered",
    "budget_cut": "the budget leaves out what would earn much",
    "price_break": "a price break worth its cash is not taken",
    "low_confidence": "much money rests on an uncertain forecast",
    "demand_drift": "demand has run away from its forecast",
}

# Why an item is bought from its supplier, as a sentence.
SOURCE_WHY: Mapping[str, str] = {
    "": "No other supplier sells it.",
    "preferred": "It is the preferred supplier; no other is worth more.",
    "cheaper": "It lands at a lower cost than from the preferred supplier.",
    "sooner": "It arrives sooner than from the preferred supplier.",
    "smaller": "Its least quantity fits better than the preferred supplier's.",
    "better": "Its quantities and dates earn more than the preferred supplier's.",
}


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """The budget decision as a whole; amounts in minor units of the base currency."""

    budget_minor: int | None  # None: no cap
    spent_minor: int
    value_minor: int
    bound_minor: int  # no feasible plan is worth more
    shadow_price: float  # value per unit of cash at the margin (the dual)
    next_thousand_minor: int | None  # value added by 1,000 more of budget: difference of two solves

    @property
    def gap(self) -> float:
        return (self.bound_minor - self.value_minor) / max(self.value_minor, 1)


@dataclass(frozen=True, kw_only=True)
class Plan:
    lines: pd.DataFrame = field(repr=False)
    cuts: pd.DataFrame = field(repr=False)
    transfers: pd.DataFrame = field(repr=False)
    exceptions: pd.DataFrame = field(repr=False)
    allocation: Allocation


StepsOfLine = tuple[tuple[str, int], ...]
FactsOfException = Mapping[str, object]
