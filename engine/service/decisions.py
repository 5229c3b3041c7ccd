"""Gather the decisions in force, which with the snapshot make a plan's inputs."""

from datetime import date

import pandas as pd

from engine.model.decisions import Decisions
from engine.model.snapshot import Snapshot
from engine.purchase.spending import TOTAL, periods_of
from engine.purchase.states import OrderState
from engine.service import budget, purchase
from engine.service.stores import Stores


def decisions_in_force(stores: Stores, snapshot: Snapshot) -> Decisions:
    """Orders that the snapshot does not know yet, and every budget with what is taken of it."""
    known = frozenset(snapshot["purchase_orders"]["po"])
    return Decisions(
        open_orders=purchase.open_orders(stores, in_snapshot=known),
        budgets=_budgets(stores, snapshot.as_of),
    )


def budget_in_force(decisions: Decisions, as_of: date) -> int | None:
    """What is left of the total budget of the as-of week and month, base currency; None: no cap."""
    periods = periods_of(as_of)
    caps = decisions.budgets
    total = caps[(caps["scope"] == TOTAL) & caps["period"].isin([periods.week, periods.month])]
    left = (total["cap_minor"] - total["committed_minor"]).clip(lower=0)
    return None if left.empty else int(left.min())


def _budgets(stores: Stores, as_of: date) -> pd.DataFrame:
    """Drafts take their share too: a plan that ignored them would spend the same cash twice."""
    caps = budget.in_force(stores)
    periods = periods_of(as_of)
    drafts = purchase.list_orders(stores, states={OrderState.DRAFT, OrderState.POSTPONED})
    held = (caps["scope"] == TOTAL) & caps["period"].isin([periods.week, periods.month])
    caps.loc[held, "committed_minor"] += sum(order.content.base_total_minor for order in drafts)
    return caps
