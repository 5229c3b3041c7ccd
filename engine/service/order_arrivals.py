"""What imported data says of our own orders: confirmed, come, and moved on by that.

An order is ours where number and supplier agree. Systems that give orders numbers of their own
cannot be matched yet: that takes a column for the foreign reference, which the data contract does
not have. Such an order counts beside the imported one until a person cancels it here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from engine.kernels.columns import optional_texts, ordinals, reals, texts, whole
from engine.model.canonical import digest
from engine.model.finding import Finding
from engine.purchase.progress import MovedLine
from engine.purchase.states import UNDER_WAY, OrderState
from engine.service import audit
from engine.service.order_steps import record_step
from engine.service.order_told import record_told, told_orders
from engine.service.people import SYSTEM
from engine.service.stores import AuditSeal
from engine.store.fulfilment import add_movement, order_progress
from engine.store.orders import move_order
from engine.store.tables.purchasing import purchase_orders

# What data can say of an order that is out, in the order in which it becomes true.
_PROGRESS = (
    OrderState.SENT, OrderState.CONFIRMED, OrderState.PART_RECEIVED, OrderState.RECEIVED,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Units of an order in the data: ordered less cancelled, come (also refused), and open."""

    units: int
    received: int
    open_units: int
    is_confirmed: bool
    has_answered: bool = False  # newly, also that nothing will come

    @property
    def state(self) -> OrderState:
        if self.received and not self.open_units:
            return OrderState.RECEIVED
        if self.received:
            return OrderState.PART_RECEIVED
        is_confirmed = self.has_answered or (self.is_confirmed and self.units > 0)
        return OrderState.CONFIRMED if is_confirmed else OrderState.SENT


def arrivals(orders: pd.DataFrame, receipts: pd.DataFrame) -> dict[tuple[str, str], Arrival]:
    """By (order number, supplier); frames purchase_orders and receipts of the data contract."""
    came = _received(receipts)
    found: dict[tuple[str, str], Arrival] = {}
    rows = zip(
        texts(orders, "po"),
        optional_texts(orders, "supplier"),
        whole(orders, "line"),
        whole(orders, "units") - whole(orders, "cancelled_units"),
        (ordinals(orders, "confirmed_on") > 0) | (reals(orders, "confirmed_units") > 0),
        strict=True,
    )
    for po, supplier, line, units, confirmed in rows:
        key = (po, supplier or "")
        sofar = found.get(key, Arrival(units=0, received=0, open_units=0, is_confirmed=False))
        wanted, received = max(int(units), 0), came.get((po, int(line)), 0)
        found[key] = Arrival(
            units=sofar.units + wanted,
            received=sofar.received + received,
            open_units=sofar.open_units + max(wanted - received, 0),
            is_confirmed=sofar.is_confirmed or bool(confirmed),
        )
    return found


def advance_orders(
    work: sa.Connection,
    seal: AuditSeal,
    orders: pd.DataFrame,
    receipts: pd.DataFrame,
    *,
    snapshot_id: str,
    now: datetime,
) -> tuple[Finding, ...]:
    """Move our orders that are out to what the data says of them, each with its audit event.

    An order only moves forwards: older data imported again takes nothing back. An order that is
    not out yet, or whose sending is in doubt, is left to people. Returns a finding where another
    supplier's order bears the number of one of ours: both count.
    """
    audit.take_turn(work)
    known = arrivals(orders, receipts)
    came, confirmed = _came(receipts), told_orders(orders)
    table = purchase_orders
    ours = work.execute(sa.select(table).order_by(table.c.id)).all()
    for order in ours:
        arrival = known.get((order.number, order.supplier))
        if arrival is None:
            continue
        lines = confirmed.get((order.number, order.supplier), {})
        has_answered = record_told(work, order, lines, snapshot_id, now)
        if has_answered:
            arrival = replace(arrival, has_answered=True)
        booked = _book(work, order, came.get(order.number, {}), snapshot_id, now)
        if has_answered or booked or _is_news(OrderState(order.state), arrival.state):
            _advance(work, seal, order, arrival, snapshot_id, now)
    return _strangers(ours, known)


@dataclass(frozen=True, kw_only=True)
class _Came:
    """Units of one line in the data, and the last day on which any came."""

    good: int
    rejected: int
    last_day: date


def _came(receipts: pd.DataFrame) -> Mapping[str, Mapping[int, _Came]]:
    """By order number and line."""
    totals = receipts.groupby(["po", "line"], sort=True).agg(
        good=("units", "sum"), rejected=("rejected_units", "sum"), last=("received_on", "max")
    )
    found: dict[str, dict[int, _Came]] = {}
    for (po, line), good, rejected, last in zip(
        totals.index, totals["good"], totals["rejected"], totals["last"], strict=True
    ):
        found.setdefault(str(po), {})[int(line)] = _Came(
            good=int(good), rejected=int(rejected), last_day=last.date()
        )
    return found


def _book(
    work: sa.Connection,
    order: sa.Row[Any],
    came: Mapping[int, _Came],
    snapshot_id: str,
    now: datetime,
) -> bool:
    """Book what the data knows beyond what is booked already; whether there was anything.

    The data holds totals, people book deliveries: what both know is booked once, whoever told it
    first.
    """
    if not came or OrderState(order.state) not in (*UNDER_WAY, OrderState.RECEIVED):
        return False
    lines: list[MovedLine] = []
    for line in order_progress(work, order):
        told = came.get(line.line)
        good = max(told.good - line.received, 0) if told else 0
        rejected = max(told.rejected - line.rejected, 0) if told else 0
        if good or rejected:
            lines.append(MovedLine(line=line.line, units=good, rejected_units=rejected))
    if not lines:
        return False
    add_movement(
        work,
        {
            "po_id": order.id, "key": f"import:{snapshot_id}", "kind": "receipt",
            "digest": digest(lines), "on_day": max(came[each.line].last_day for each in lines),
            "author": SYSTEM.id, "at": now, "note": "",
        },
        lines,
    )  # fmt: skip
    return True


def _received(receipts: pd.DataFrame) -> Mapping[tuple[str, int], int]:
    totals: dict[tuple[str, int], int] = {}
    units = whole(receipts, "units") + whole(receipts, "rejected_units")
    rows = zip(texts(receipts, "po"), whole(receipts, "line"), units, strict=True)
    for po, line, each in rows:
        totals[po, int(line)] = totals.get((po, int(line)), 0) + int(each)
    return totals


def _is_news(now: OrderState, said: OrderState) -> bool:
    return now in _PROGRESS and _PROGRESS.index(said) > _PROGRESS.index(now)


def _advance(
    work: sa.Connection,
    seal: AuditSeal,
    order: sa.Row[Any],
    arrival: Arrival,
    snapshot_id: str,
    now: datetime,
) -> None:
    state = OrderState(order.state)
    if _is_news(state, arrival.state):
        state = arrival.state
        move_order(work, order, state)
    more = {"snapshot": snapshot_id, "received": arrival.received, "open": arrival.open_units}
    kind = f"order.{state.value}"
    record_step(work, seal, order.id, SYSTEM, at=now, kind=kind, more=more)


def _strangers(
    ours: Sequence[sa.Row[Any]], known: Mapping[tuple[str, str], Arrival]
) -> tuple[Finding, ...]:
    suppliers = {order.number: order.supplier for order in ours}
    taken = sorted(
        (po, supplier) for po, supplier in known if suppliers.get(po, supplier) != supplier
    )
    if not taken:
        return ()
    return (
        Finding(
            code="order_number_taken",
            severity="warning",
            table="purchase_orders",
            rows=len(taken),
            message="Orders in the data bear the number of one of our own, of another supplier.",
            done="Both count as supply; give one of them another number if they are the same.",
            examples=tuple(
                f"{po}: {supplier} in the data, {suppliers[po]} here" for po, supplier in taken[:5]
            ),
        ),
    )
