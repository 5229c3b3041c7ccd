"""Gather the decisions in force, which with the snapshot make a plan's inputs."""

from datetime import datetime

import pandas as pd

from engine.model.decisions import Decisions
from engine.model.snapshot import Snapshot
from engine.purchase.spending import TOTAL, Periods, periods_of
from engine.purchase.states import OrderState
from engine.service import budget, purchase
from engine.service.stores import Stores


def decisions_in_force(stores: Stores, snapshot: Snapshot, now: datetime) -> Decisions:
    """Orders that the snapshot does not know yet, and the budgets from which a plan made now buys.

    Those are the budgets of the week and month of the day that counts now (company.order_day),
    each with what is taken of it.
    """
    periods = periods_of(budget.day_that_counts(stores, now))
    return Decisions(open_orders=orders_beside(stores, snapshot), budgets=_budgets(stores, periods))


def orders_beside(stores: Stores, snapshot: Snapshot) -> pd.DataFrame:
    """Our own open orders that the snapshot does not know yet; model.decisions.OPEN_ORDERS."""
    known = frozenset(snapshot["purchase_orders"]["po"])
    return purchase.open_orders(stores, in_snapshot=known)


def budget_in_force(decisions: Decisions) -> int | None:
    """What is left of the tighter total budget, base currency; None: there is no cap."""
    caps = decisions.budgets
    total = caps[caps["scope"] == TOTAL]
    left = (total["cap_minor"] - total["committed_minor"]).clip(lower=0)
    return None if left.empty else int(left.min())


def _budgets(stores: Stores, periods: Periods) -> pd.DataFrame:
    """Drafts take their share too: a plan that ignored them would spend the same cash twice."""
    caps = budget.in_force(stores)
    caps = caps[caps["period"].isin([periods.week, periods.month])].reset_index(drop=True)
    drafts = purchase.list_orders(stores, states={OrderState.DRAFT, OrderState.POSTPONED})
    held = caps["scope"] == TOTAL
    caps.loc[held, "committed_minor"] += sum(order.content.base_total_minor for order in drafts)
    return caps
