"""Decisions in force: what people and earlier runs have decided and the snapshot cannot know."""

from dataclasses import dataclass, field

import pandas as pd

# Our own purchase orders that the snapshot does not hold yet: drafts, proposals, approved, sent.
OPEN_ORDERS = (
    "po", "line", "supplier", "sku", "location", "units", "state",
    "ordered_on",  # the day it was sent, or is put off to; missing: neither
    "drafted_on",  # the day it was drafted; missing: today
)  # fmt: skip
OPEN_TRANSFERS = ("sku", "from_location", "to_location", "units", "arrives_on")
# Of the week and the month for which the plan's orders count; amounts in base currency.
BUDGETS = ("scope", "period", "cap_minor", "committed_minor")
OVERRIDES = ("sku", "location", "start_date", "end_date", "factor", "units", "reason", "author")


def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """Frames with the columns above. All of it is part of a plan run's identity."""

    open_orders: pd.DataFrame = field(default_factory=lambda: _empty(OPEN_ORDERS), repr=False)
    open_transfers: pd.DataFrame = field(default_factory=lambda: _empty(OPEN_TRANSFERS), repr=False)
    budgets: pd.DataFrame = field(default_factory=lambda: _empty(BUDGETS), repr=False)
    overrides: pd.DataFrame = field(default_factory=lambda: _empty(OVERRIDES), repr=False)
    snoozed: frozenset[str] = frozenset()  # exception keys
    policy_version: str = ""
