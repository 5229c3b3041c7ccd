"""Budgets and what orders have taken from them, in the tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from engine.purchase.spending import BudgetEffect, Periods, draws_on
from engine.store.tables.budgets import budget_commitments, budgets

HELD = ("committed", "consumed")  # released money is free again


def effects(
    look: sa.Connection, spending: Mapping[str, int], periods: Periods, po_id: int | None
) -> tuple[BudgetEffect, ...]:
    """What an order does to every budget it draws on in these periods; its own holds left out."""
    capped = look.execute(
        sa.select(budgets)
        .where(budgets.c.period.in_((periods.week, periods.month)))
        .order_by(budgets.c.scope, budgets.c.period)
    ).all()
    held = holds(look, periods, except_po=po_id)
    touched = [
        BudgetEffect(
            scope=budget.scope,
            period=budget.period,
            cap_minor=budget.cap_minor,
            used_before_minor=_held_against(held, budget.scope, budget.period),
            order_minor=sum(m for scope, m in spending.items() if draws_on(scope, budget.scope)),
        )
        for budget in capped
    ]
    return tuple(effect for effect in touched if effect.order_minor)


def holds(
    look: sa.Connection, periods: Periods, *, except_po: int | None = None
) -> Sequence[sa.RowMapping]:
    """Commitments in force that fall into these periods: scope, week, month, state, amount."""
    table = budget_commitments
    query = sa.select(
        table.c.scope,
        table.c.week,
        table.c.month,
        table.c.state,
        sa.func.sum(table.c.amount_minor).label("amount_minor"),
    ).where(
        table.c.state.in_(HELD),
        sa.or_(table.c.week == periods.week, table.c.month == periods.month),
    )
    if except_po is not None:
        query = query.where(table.c.po_id != except_po)
    grouped = query.group_by(table.c.scope, table.c.week, table.c.month, table.c.state)
    return look.execute(grouped).mappings().all()


def periods_held(look: sa.Connection, po_id: int) -> Periods | None:
    """The week and month from which an order has taken what it holds; None: it holds nothing."""
    table = budget_commitments
    query = sa.select(table.c.week, table.c.month).where(
        table.c.po_id == po_id, table.c.state.in_(HELD)
    )
    row = look.execute(query.limit(1)).one_or_none()
    return None if row is None else Periods(week=row.week, month=row.month)


def commit_spending(
    work: sa.Connection,
    *,
    request_id: int,
    po_id: int,
    spending: Mapping[str, int],
    periods: Periods,
    now: datetime,
) -> None:
    """Hold what a proposed order would spend, so that no other order can promise it as well."""
    rows = [
        {
            "request_id": request_id,
            "scope": scope,
            "po_id": po_id,
            "week": periods.week,
            "month": periods.month,
            "amount_minor": minor,
            "state": "committed",
            "changed_at": now,
        }
        for scope, minor in sorted(spending.items())
    ]
    work.execute(sa.insert(budget_commitments), rows)


def consume(work: sa.Connection, request_id: int, now: datetime) -> None:
    """The order is approved: what was held is spent."""
    _move(work, budget_commitments.c.request_id == request_id, ("committed",), "consumed", now)


def release(work: sa.Connection, po_id: int, now: datetime) -> None:
    """The order will not come: what it held or spent is free again."""
    _move(work, budget_commitments.c.po_id == po_id, HELD, "released", now)


def amount_in(rows: Sequence[sa.RowMapping], scope: str, period: str, state: str) -> int:
    """What commitments in one state take from a budget."""
    return sum(
        int(row["amount_minor"])
        for row in rows
        if row["state"] == state
        and period in (row["week"], row["month"])
        and draws_on(row["scope"], scope)
    )


def _held_against(rows: Sequence[sa.RowMapping], scope: str, period: str) -> int:
    return sum(amount_in(rows, scope, period, state) for state in HELD)


def _move(
    work: sa.Connection,
    which: sa.ColumnElement[bool],
    states: Sequence[str],
    wanted: str,
    now: datetime,
) -> None:
    work.execute(
        sa.update(budget_commitments)
        .where(which, budget_commitments.c.state.in_(states))
        .values(state=wanted, changed_at=now)
    )
