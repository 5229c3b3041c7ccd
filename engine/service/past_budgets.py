"""Caps on all buying, what orders took of them, and what plans of record made of their caps."""

from typing import Any

import pandas as pd
import sqlalchemy as sa

from engine.measure.budget_use import CAPS, days_of, no_caps
from engine.measure.price_of_the_cap import CAPPED_PLANS, no_capped_plans
from engine.purchase.spending import TOTAL
from engine.service.stores import Stores
from engine.store.spending import amount_in, holds
from engine.store.tables.budgets import budgets
from engine.store.tables.plans import plan_cuts, plan_runs, plans_of_record


def total_caps(stores: Stores) -> pd.DataFrame:
    """Every cap on all buying; columns engine.measure.budget_use.CAPS."""
    query = sa.select(budgets).where(budgets.c.scope == TOTAL).order_by(budgets.c.period)
    with stores.database.read() as look:
        rows = [_cap(look, row) for row in look.execute(query).all()]
    return pd.DataFrame(rows, columns=list(CAPS)).astype(no_caps().dtypes.to_dict())


def _cap(look: sa.Connection, row: sa.Row[Any]) -> dict[str, object]:
    held = holds(look, (row.period,))
    days = days_of(row.period)
    return {
        "period": row.period,
        "start": days.start,
        "end": days.end,
        "cap_minor": row.cap_minor,
        "committed_minor": amount_in(held, TOTAL, row.period, "committed"),
        "consumed_minor": amount_in(held, TOTAL, row.period, "consumed"),
    }


def capped_plans(stores: Stores) -> pd.DataFrame:
    """The newest plan of record of each as-of date; columns CAPPED_PLANS."""
    runs, record = plan_runs.c, plans_of_record.c
    cut = (
        sa.select(sa.func.sum(plan_cuts.c.cost_minor))
        .where(plan_cuts.c.run_id == runs.id)
        .scalar_subquery()
    )
    query = (
        sa.select(runs.as_of, runs.budget_minor, runs.allocation, cut.label("cut_minor"))
        .join(plans_of_record, record.run_id == runs.id)
        .order_by(record.sequence)
    )
    with stores.database.read() as look:
        newest = {row.as_of: row for row in look.execute(query)}
    rows = [
        {
            "as_of": day,
            "budget_minor": row.budget_minor,
            "next_thousand_minor": row.allocation.get("next_thousand_minor"),
            "cut_minor": int(row.cut_minor or 0),
        }
        for day, row in sorted(newest.items())
    ]
    return pd.DataFrame(rows, columns=list(CAPPED_PLANS)).astype(no_capped_plans().dtypes.to_dict())
