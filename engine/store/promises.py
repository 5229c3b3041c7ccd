"""Promises in the tables: the newest run, who holds what, what customers were told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.tables.fulfilment import po_receipt_lines, po_receipts
from engine.store.tables.promises import (
    allocation_ledger,
    backorder_cancellations,
    backorder_promises,
    promise_runs,
    stock_transfers,
    told_windows,
)
from engine.store.tables.purchasing import po_lines, purchase_orders

Holding = tuple[str, str, str]  # order line, sku, location


def newest_promises(look: sa.Connection) -> sa.Row[Any] | None:
    """The newest run of promises; None before the first."""
    query = sa.select(promise_runs).order_by(promise_runs.c.id.desc()).limit(1)
    return look.execute(query).one_or_none()


def held_now(look: sa.Connection) -> dict[Holding, int]:
    """Units that each line holds of each item, as the ledger adds up."""
    table = allocation_ledger
    keys = (table.c.order_line, table.c.sku, table.c.location)
    total = sa.func.sum(table.c.units)
    query = sa.select(*keys, total).group_by(*keys).having(total != 0).order_by(*keys)
    return {(line, sku, place): int(units) for line, sku, place, units in look.execute(query)}


def came_since(look: sa.Connection, day: date, system: str) -> dict[tuple[str, int, str, str], int]:
    """Units that people booked on or after `day`, by order, line, sku and place; returns go off.

    What an import told of (by `system`) is in the data.
    """
    head, lines, orders = po_receipts, po_receipt_lines, purchase_orders
    signed = sa.case((head.c.kind == "return", -lines.c.units), else_=lines.c.units)
    keys = (orders.c.number, lines.c.line, po_lines.c.sku, orders.c.ship_to)
    query = (
        sa.select(*keys, sa.func.sum(signed))
        .join(head, lines.c.receipt_id == head.c.id)
        .join(orders, orders.c.id == head.c.po_id)
        .join(
            po_lines,
            (po_lines.c.po_id == orders.c.id)
            & (po_lines.c.revision == orders.c.revision)
            & (po_lines.c.line == lines.c.line),
        )
        .where(head.c.on_day >= day, head.c.author != system)
        .group_by(*keys)
        .order_by(*keys)
    )
    return {
        (po, line, sku, place): int(units)
        for po, line, sku, place, units in look.execute(query)
        if units
    }


def cancelled_lines(look: sa.Connection) -> frozenset[str]:
    """Customers' lines that were cancelled here; the data may still list them."""
    return frozenset(look.execute(sa.select(backorder_cancellations.c.order_line)).scalars())


def waiting_rows(look: sa.Connection) -> dict[str, sa.RowMapping]:
    """The newest picture of every line that waits, by order line."""
    table = backorder_promises
    query = sa.select(table).where(table.c.state == "waiting").order_by(table.c.order_line)
    return {row["order_line"]: row for row in look.execute(query).mappings()}


def transfers_that_count(look: sa.Connection, as_of: date) -> Sequence[sa.RowMapping]:
    """Those under way, and those that came since the data ends: its counts do not hold them."""
    table = stock_transfers
    lately = (table.c.state == "received") & (table.c.received_on >= as_of)
    query = sa.select(table).where((table.c.state == "sent") | lately).order_by(table.c.id)
    return look.execute(query).mappings().all()


def transfers_put_away(
    look: sa.Connection, first: date | None, before: date
) -> Sequence[sa.RowMapping]:
    """Those that came on a day from `first` (None: ever) and before another day."""
    table = stock_transfers
    came = (table.c.state == "received") & (table.c.received_on < before)
    if first is not None:
        came &= table.c.received_on >= first
    return look.execute(sa.select(table).where(came).order_by(table.c.id)).mappings().all()


def put_lines(work: sa.Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the picture of these lines, whatever stood there before."""
    wanted = list(rows)
    table = backorder_promises
    for part in range(0, len(wanted), 500):
        names = [row["order_line"] for row in wanted[part : part + 500]]
        work.execute(sa.delete(table).where(table.c.order_line.in_(names)))
    if wanted:
        work.execute(sa.insert(table), wanted)


def tell_windows(work: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add windows that customers are told from now on; each line's are numbered from 1."""
    if not rows:
        return
    table = told_windows
    names = [row["order_line"] for row in rows]
    known: dict[str, int] = {}
    for part in range(0, len(names), 500):
        query = (
            sa.select(table.c.order_line, sa.func.max(table.c.number))
            .where(table.c.order_line.in_(names[part : part + 500]))
            .group_by(table.c.order_line)
        )
        known |= {line: int(number) for line, number in work.execute(query)}
    work.execute(
        sa.insert(table),
        [{**row, "number": known.get(row["order_line"], 0) + 1} for row in rows],
    )
