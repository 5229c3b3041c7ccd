"""Gather the decisions in force, which with the snapshot make a plan's inputs."""

from datetime import datetime

import pandas as pd
import sqlalchemy as sa

from engine.model.decisions import Decisions
from engine.model.snapshot import Snapshot
from engine.purchase.periods import Periods, periods_of
from engine.purchase.spending import TOTAL, draws_on, spending_by_scope
from engine.purchase.states import OrderState
from engine.service import budget, purchase
from engine.service.company import order_day
from engine.service.corrections import kept_in_force
from engine.service.launches import launches_in_force
from engine.service.learnt import learnt_in_force
from engine.service.moving_goods import moving_goods
from engine.service.overrides import overrides_in_force
from engine.service.price_plans import prices_in_force
from engine.service.promotions import promotions_in_force
from engine.service.stores import Stores
from engine.store.orders import current_contents
from engine.store.spending import amount_in, holds

_NOT_ASKED = (OrderState.DRAFT, OrderState.POSTPONED)  # what they will take is held by nothing yet


def decisions_in_force(stores: Stores, snapshot: Snapshot, now: datetime) -> Decisions:
    """Our orders and moves that the snapshot does not know yet, budgets, and planned demand.

    The budgets are those of the week, month, quarter and year of the day that counts now
    (company.order_day), each with what is taken of it. All of it is read at one moment: an order
    that is proposed meanwhile is either a draft in both or a proposal in both.
    """
    known = _known(snapshot)
    with stores.database.read() as look:
        orders = purchase.open_lines(look, in_snapshot=known)
        day = order_day(look, now)
        return Decisions(
            open_orders=orders,
            open_transfers=moving_goods(look, snapshot.as_of, {po for po, _ in known}),
            budgets=_budgets(look, periods_of(day)),
            overrides=overrides_in_force(look, day),
            promotions=promotions_in_force(look, day),
            launches=launches_in_force(look, day),
            prices=prices_in_force(look, day),
            kept=kept_in_force(look, day),
            learnt=learnt_in_force(look),
        )


def taken_of_total(stores: Stores, period: str, now: datetime) -> int:
    """What orders take of the total budget of a period, base currency, as a plan counts it.

    Proposed and approved orders, and where one of the plan's own periods is meant, drafts.
    """
    with stores.database.read() as look:
        held = holds(look, [period])
        taken = sum(amount_in(held, TOTAL, period, state) for state in ("committed", "consumed"))
        own = periods_of(order_day(look, now))
        if period not in own:
            return taken
        drafted = [spending_by_scope(content) for content in current_contents(look, _NOT_ASKED)]
    return taken + sum(spent.get(TOTAL, 0) for spent in drafted)


def orders_beside(stores: Stores, snapshot: Snapshot) -> pd.DataFrame:
    """Our own open orders that the snapshot does not know yet; model.decisions.OPEN_ORDERS."""
    return purchase.open_orders(stores, in_snapshot=_known(snapshot))


def budget_in_force(decisions: Decisions) -> int | None:
    """What is left of the tighter total budget, base currency; None: there is no cap."""
    caps = decisions.budgets
    total = caps[caps["scope"] == TOTAL]
    left = (total["cap_minor"] - total["committed_minor"]).clip(lower=0)
    return None if left.empty else int(left.min())


def _known(snapshot: Snapshot) -> frozenset[tuple[str, str]]:
    orders = snapshot["purchase_orders"]
    return frozenset(zip(orders["po"], orders["supplier"], strict=True))


def _budgets(look: sa.Connection, periods: Periods) -> pd.DataFrame:
    """Drafts take their share of every budget they fall under.

    A plan that ignored them would spend the same cash twice. They count for the plan's own
    periods: proposed, they would count for the day of proposing.
    """
    caps = budget.in_force(look, periods)
    drafted = [spending_by_scope(content) for content in current_contents(look, _NOT_ASKED)]
    caps["committed_minor"] += [
        sum(minor for spent in drafted for scope, minor in spent.items() if draws_on(scope, cap))
        for cap in caps["scope"]
    ]
    return caps
