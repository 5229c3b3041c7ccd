"""Budgets and what orders have taken from them, in the tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.purchase.spending import TOTAL, BudgetEffect, Periods, draws_on
from engine.store.tables.budgets import budget_commitments, budgets

HELD = ("committed", "consumed")  # released money is free again


def effects(
    look: sa.Connection,
    spending: Mapping[str, int],
    periods: Periods,
    po_id: int | None,
    *,
    except_request: int | None = None,
) -> tuple[BudgetEffect, ...]:
    """What an order does to every budget it draws on in these periods; its own holds left out.

    Of an amendment, what one request would take: only that request's holds are left out.
    """
    capped = look.execute(
        sa.select(budgets)
        .where(budgets.c.period.in_((periods.week, periods.month)))
        .order_by(budgets.c.scope, budgets.c.period)
    ).all()
    held = holds(look, periods, except_po=po_id, except_request=except_request)
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
    look: sa.Connection,
    periods: Periods,
    *,
    except_po: int | None = None,
    except_request: int | None = None,
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
    if except_request is not None:
        query = query.where(table.c.request_id != except_request)
    grouped = query.group_by(table.c.scope, table.c.week, table.c.month, table.c.state)
    return look.execute(grouped).mappings().all()


def periods_held(look: sa.Connection, po_id: int) -> Periods | None:
    """The week and month from which an order has taken what it holds; None: it holds nothing."""
    table = budget_commitments
    query = sa.select(table.c.week, table.c.month).where(
        table.c.po_id == po_id, table.c.state.in_(HELD)
    )
    row = look.execute(query.order_by(table.c.request_id).limit(1)).one_or_none()
    return None if row is None else Periods(week=row.week, month=row.month)


def request_periods(look: sa.Connection, request_id: int) -> Periods | None:
    """The week and month from which a request holds money; None: it holds none."""
    table = budget_commitments
    query = sa.select(table.c.week, table.c.month).where(table.c.request_id == request_id)
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


def release_request(work: sa.Connection, request_id: int, now: datetime) -> None:
    """What one request held is free again; what the order has spent before stays spent."""
    _move(work, budget_commitments.c.request_id == request_id, ("committed",), "released", now)


def spent_by(look: sa.Connection, po_id: int) -> dict[str, int]:
    """What an approved order has taken of each scope; what a question about it holds left out."""
    table = budget_commitments
    query = (
        sa.select(table.c.scope, sa.func.sum(table.c.amount_minor).label("minor"))
        .where(table.c.po_id == po_id, table.c.state == "consumed")
        .group_by(table.c.scope)
    )
    return {row.scope: int(row.minor) for row in look.execute(query)}


def settle_spending(
    work: sa.Connection, po_id: int, wanted: Mapping[str, int], now: datetime
) -> int:
    """Make what an order has spent of each scope what it costs after all; returns what came free.

    Money goes back to the periods it was taken from, the last taken first; what is missing is
    taken where the order took last. The result counts the total only and may be negative.
    """
    freed = 0
    for scope, held in spent_by(work, po_id).items():
        more = wanted.get(scope, 0) - held
        rows = _newest_first(work, po_id, scope)
        for row in rows:
            change = more if more > 0 else -min(-more, row.amount_minor)
            if change:
                _set_amount(work, row, row.amount_minor + change, now)
            more -= change
        freed += held - wanted.get(scope, 0) if scope == TOTAL else 0
    return freed


def _newest_first(look: sa.Connection, po_id: int, scope: str) -> Sequence[sa.Row[Any]]:
    table = budget_commitments
    query = (
        sa.select(table)
        .where(table.c.po_id == po_id, table.c.scope == scope, table.c.state == "consumed")
        .order_by(table.c.request_id.desc())
    )
    return look.execute(query).all()


def _set_amount(work: sa.Connection, row: sa.Row[Any], minor: int, now: datetime) -> None:
    table = budget_commitments
    work.execute(
        sa.update(table)
        .where(table.c.request_id == row.request_id, table.c.scope == row.scope)
        .values(amount_minor=minor, changed_at=now)
    )


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
