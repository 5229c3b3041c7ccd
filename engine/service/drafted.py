"""How much a person has drafted lately."""

from datetime import datetime

import sqlalchemy as sa

from engine.purchase.states import OrderState
from engine.service.stores import Stores
from engine.store.tables.purchasing import po_revisions, purchase_orders


def drafted_minor(stores: Stores, person_id: str, *, since: datetime) -> int:
    """Worth of the orders drafted since then as they stand now, base currency.

    What another order has taken the place of is counted there, not twice.
    """
    orders, revisions = purchase_orders, po_revisions
    query = (
        sa.select(sa.func.coalesce(sa.func.sum(revisions.c.base_total_minor), 0))
        .join(
            orders,
            (revisions.c.po_id == orders.c.id) & (revisions.c.revision == orders.c.revision),
        )
        .where(
            orders.c.drafted_by == person_id,
            orders.c.drafted_at >= since,
            orders.c.state != OrderState.SUPERSEDED,
        )
    )
    with stores.database.read() as look:
        return int(look.execute(query).scalar_one())
