"""Budgets and what orders have taken from them, in the tables."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.purchase.carry_over import CarryOver, carried, chain
from engine.purchase.periods import Periods, covers, months_of
from engine.purchase.spending import TOTAL, BudgetEffect, draws_on
from engine.store.tables.budgets import budget_commitments, budgets

HELD = ("committed", "consumed")  # released money is free again


@dataclass(frozen=True, kw_only=True)
class BudgetCap:
    """A budget of a running period and what orders have taken of it; base currency minor units."""

    scope: str
    period: str
    cap_minor: int
    carried_minor: int  # what earlier periods handed on, by the policy's rules
    committed_minor: int
    consumed_minor: int
    origin: str
    revision: int


def budget_caps(
    look: sa.Connection,
    periods: Periods,
    rules: Sequence[CarryOver],
    *,
    except_po: int | None = None,
    except_request: int | None = None,
) -> tuple[BudgetCap, ...]:
    """Every budget of these periods, by scope and period; one order's or request's holds left out.

    `rules` say what earlier periods hand on.
    """
    earlier = _earlier(rules, periods)
    table = budgets
    named = (*periods.names, *sorted(earlier))
    query = sa.select(table).where(table.c.period.in_(named))
    rows = look.execute(query.order_by(table.c.scope, table.c.period)).all()
    if not rows:
        return ()
    held = holds(look, named, except_po=except_po, except_request=except_request)
    before = [row for row in rows if row.period in earlier]
    caps = {(row.scope, row.period): int(row.cap_minor) for row in before}
    used = {(row.scope, row.period): _held_against(held, row.scope, row.period) for row in before}
    return tuple(
        BudgetCap(
            scope=row.scope,
            period=row.period,
            cap_minor=row.cap_minor,
            carried_minor=carried(rules, row.scope, row.period, caps, used),
            committed_minor=amount_in(held, row.scope, row.period, "committed"),
            consumed_minor=amount_in(held, row.scope, row.period, "consumed"),
            origin=row.origin,
            revision=row.revision,
        )
        for row in rows
        if row.period in periods
    )


def _earlier(rules: Sequence[CarryOver], periods: Periods) -> frozenset[str]:
    """The periods whose rest may reach one of these."""
    reached = (chain([rule], rule.scope, periods.of(rule.period)) for rule in rules)
    return frozenset(period for each in reached for period in each)


def effects(
    look: sa.Connection,
    spending: Mapping[str, int],
    periods: Periods,
    po_id: int | None,
    *,
    rules: Sequence[CarryOver],
    except_request: int | None = None,
) -> tuple[BudgetEffect, ...]:
    """What an order does to every budget it draws on in these periods; its own holds left out.

    `rules` say what earlier periods hand on. Of an amendment, what one request would take: only
    that request's holds are left out.
    """
    caps = budget_caps(look, periods, rules, except_po=po_id, except_request=except_request)
    touched = [
        BudgetEffect(
            scope=cap.scope,
            period=cap.period,
            cap_minor=cap.cap_minor,
            carried_minor=cap.carried_minor,
            used_before_minor=cap.committed_minor + cap.consumed_minor,
            order_minor=sum(m for scope, m in spending.items() if draws_on(scope, cap.scope)),
        )
        for cap in caps
    ]
    return tuple(effect for effect in touched if effect.order_minor)


def holds(
    look: sa.Connection,
    named: Collection[str],
    *,
    except_po: int | None = None,
    except_request: int | None = None,
) -> Sequence[sa.RowMapping]:
    """Commitments in force that fall into these periods: scope, week, month, state, amount."""
    table = budget_commitments
    months = {month for period in named for month in months_of(period)}
    query = sa.select(
        table.c.scope,
        table.c.week,
        table.c.month,
        table.c.state,
        sa.func.sum(table.c.amount_minor).label("amount_minor"),
    ).where(
        table.c.state.in_(HELD),
        sa.or_(table.c.week.in_(sorted(named)), table.c.month.in_(sorted(months))),
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
        and covers(period, week=row["week"], month=row["month"])
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
