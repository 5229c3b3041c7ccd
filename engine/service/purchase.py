"""Purchase orders before and after approval: draft, revise, propose, postpone, cancel, look.

Every change is one unit of work with its audit event. Drafting the same run twice changes
nothing; open drafts count as supply, so a later run does not order the same need again.
"""

from collections.abc import Collection
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from engine.errors import UnknownName
from engine.model.decisions import OPEN_ORDERS
from engine.purchase.diff import Difference, difference
from engine.purchase.states import OPEN, OrderState
from engine.service import people
from engine.service.company import local_zone
from engine.service.drafting import draft_from_lines, draft_orders
from engine.service.order_changes import cancel, postpone, resume, revise
from engine.service.order_view import OrderView, view_order
from engine.service.proposing import expire_due, propose
from engine.service.stores import Stores
from engine.store.fulfilment import told_progress
from engine.store.orders import current_lines, find_order, last_revision, read_revision
from engine.store.tables.purchasing import purchase_orders

__all__ = [
    "cancel", "difference_between", "draft_from_lines", "draft_orders", "expire_due",
    "list_orders", "open_orders", "order_view", "postpone", "propose", "resume", "revise",
]  # fmt: skip


def order_view(stores: Stores, number: str) -> OrderView:
    """One order by its number; raises UnknownName with the nearest."""
    with stores.database.read() as look:
        return view_order(look, find_order(look, number), names=people.names(look))


def list_orders(
    stores: Stores, *, states: Collection[OrderState] | None = None, supplier: str | None = None
) -> tuple[OrderView, ...]:
    """Orders in these states (all by default), newest first."""
    query = sa.select(purchase_orders).order_by(purchase_orders.c.id.desc())
    if states is not None:
        query = query.where(purchase_orders.c.state.in_(sorted(states)))
    if supplier is not None:
        query = query.where(purchase_orders.c.supplier == supplier)
    with stores.database.read() as look:
        names = people.names(look)
        return tuple(view_order(look, row, names=names) for row in look.execute(query).all())


def open_orders(stores: Stores, *, in_snapshot: Collection[tuple[str, str]] = ()) -> pd.DataFrame:
    """Lines that will come and that the snapshot does not know; model.decisions.OPEN_ORDERS.

    `in_snapshot` are number and supplier of the imported purchase orders: those count there.
    `ordered_on` is the day it was sent; for what was not sent yet the day it is put off to, or
    missing: planning takes the as-of date. Both are days at the company. Of an order under way
    `units` are what is still to come by what its supplier confirmed and delivered.
    """
    with stores.database.read() as look:
        return open_lines(look, in_snapshot=in_snapshot)


def open_lines(
    look: sa.Connection, *, in_snapshot: Collection[tuple[str, str]] = ()
) -> pd.DataFrame:
    """As open_orders, in a look that is open already."""
    lines, zone, told = current_lines(look, OPEN), local_zone(look), told_progress(look)
    rows = [
        {
            "po": line["number"],
            "line": line["line"],
            "supplier": line["supplier"],
            "sku": line["sku"],
            "location": line["ship_to"],
            "units": coming.coming if coming else line["units"],
            "state": line["state"],
            "ordered_on": _ordered_on(line, zone),
            "drafted_on": pd.Timestamp(line["drafted_at"].astimezone(zone).date()),
            "confirmed_on": pd.Timestamp(coming.expected_on)
            if coming and coming.expected_on
            else None,
        }
        for line in lines
        for coming in (told.get(line["po_id"], {}).get(line["line"]),)
        if (line["number"], line["supplier"]) not in in_snapshot
        and (coming is None or coming.coming > 0)
    ]
    frame = pd.DataFrame(rows, columns=list(OPEN_ORDERS))
    return frame.astype(
        dict.fromkeys(("ordered_on", "drafted_on", "confirmed_on"), "datetime64[ns]")
    )


def difference_between(stores: Stores, number: str, before: int, after: int) -> Difference:
    """What changed from one revision to another; revision 1 is what the engine proposed."""
    with stores.database.read() as look:
        order = find_order(look, number)
        last = last_revision(look, order.id)
        for revision in (before, after):
            if not 1 <= revision <= last:
                raise UnknownName(f"revision of {order.number} (1 to {last})", str(revision))
        return difference(
            read_revision(look, order.id, before).content,
            read_revision(look, order.id, after).content,
        )


def _ordered_on(line: sa.RowMapping, zone: ZoneInfo) -> pd.Timestamp | None:
    if line["sent_at"] is not None:
        return pd.Timestamp(line["sent_at"].astimezone(zone).date())
    until = line["postponed_until"] if line["state"] == OrderState.POSTPONED else None
    return None if until is None else pd.Timestamp(until)
