"""Decisions in force: what people and earlier runs have decided and the snapshot cannot know."""

from dataclasses import dataclass, field
from functools import cache

import pandas as pd

# Our own purchase orders that the snapshot does not hold yet: drafts, proposals, approved, sent.
OPEN_ORDERS = (
    "po", "line", "supplier", "sku", "location", "units", "state",
    "ordered_on",  # the day it was sent, or is put off to; missing: neither
    "drafted_on",  # the day it was drafted; missing: today
    "confirmed_on",  # the day the supplier confirmed for its arrival; missing: none
)  # fmt: skip
# Goods on their way that are no supplier's: transfers that have left, and what was put away here
# since the data ends (from nowhere, on the as-of day).
OPEN_TRANSFERS = (
    "sku", "from_location", "to_location", "units", "arrives_on",
    "still_counted",  # whether the last count of where they left still holds them
)  # fmt: skip
# Of the week and the month for which the plan's orders count; amounts in base currency.
BUDGETS = ("scope", "period", "cap_minor", "committed_minor")
# Forecasts that people set, in the order in which they apply. One of `factor`, `units` and the pair
# `low`, `high` is given; units are of the whole period, and nine of ten people would be surprised
# by demand outside a range, so it is read as the middle 80 % (quantiles .1 and .9).
OVERRIDES = (
    "id", "sku", "location", "start_date", "end_date", "factor", "units", "low", "high", "reason",
    "author",
)  # fmt: skip
# What people plan; joined to the snapshot by engine.kernels.decided before anything is computed.
PROMOTIONS = (
    "promotion", "name", "sku", "category", "location", "channel", "start_date", "end_date", "kind",
    "depth",
)  # fmt: skip
LAUNCHES = (
    "sku", "name", "category",
    "location",  # empty: every location of its category
    "launch_date",
    "analogue",  # sku whose sales it is expected to follow; empty: chosen by likeness
    "siblings",  # skus that customers give up for it, joined by "|"; empty: chosen by likeness
    "weekly_units",  # expected once it is known, over all locations; missing: as the analogue
)  # fmt: skip
PRICES = ("sku", "location", "start_date", "end_date", "price_micros")  # base currency
# Corrections that a person undid: demand of these days stays as it was recorded. An empty location
# means every location, an empty kind every kind of engine.model.panel.CorrectionKind.
KEPT = ("id", "sku", "location", "start_date", "end_date", "kind", "reason", "author")

# What past weeks taught (engine.measure.learning): a factor on the mean (bias) or the band of a
# category, or days (lead_time) of a supplier.
LEARNT = ("kind", "scope", "value")


@cache
def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """Frames with the columns above. All of it is part of a plan run's identity."""

    open_orders: pd.DataFrame = field(default_factory=lambda: _empty(OPEN_ORDERS), repr=False)
    open_transfers: pd.DataFrame = field(default_factory=lambda: _empty(OPEN_TRANSFERS), repr=False)
    budgets: pd.DataFrame = field(default_factory=lambda: _empty(BUDGETS), repr=False)
    overrides: pd.DataFrame = field(default_factory=lambda: _empty(OVERRIDES), repr=False)
    promotions: pd.DataFrame = field(default_factory=lambda: _empty(PROMOTIONS), repr=False)
    launches: pd.DataFrame = field(default_factory=lambda: _empty(LAUNCHES), repr=False)
    prices: pd.DataFrame = field(default_factory=lambda: _empty(PRICES), repr=False)
    kept: pd.DataFrame = field(default_factory=lambda: _empty(KEPT), repr=False)
    learnt: pd.DataFrame = field(default_factory=lambda: _empty(LEARNT), repr=False)
    snoozed: frozenset[str] = frozenset()  # exception keys
    policy_version: str = ""
