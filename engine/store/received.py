"""Goods that were told to have come on our own orders."""

import sqlalchemy as sa

from engine.store.tables.fulfilment import po_receipt_lines, po_receipts
from engine.store.tables.purchasing import po_lines, purchase_orders


def received_lines(look: sa.Connection) -> list[dict[str, object]]:
    """Good units that were told to have come: po, line, sku, location, received_on, units.

    By the revision that an order has now; what went back is not taken off.
    """
    orders, heads, parts = purchase_orders, po_receipts, po_receipt_lines
    query = (
        sa.select(
            orders.c.number.label("po"), parts.c.line, po_lines.c.sku,
            orders.c.ship_to.label("location"), heads.c.on_day.label("received_on"),
            parts.c.units,
        )
        .join(heads, parts.c.receipt_id == heads.c.id)
        .join(orders, heads.c.po_id == orders.c.id)
        .join(
            po_lines,
            sa.and_(
                po_lines.c.po_id == orders.c.id,
                po_lines.c.revision == orders.c.revision,
                po_lines.c.line == parts.c.line,
            ),
        )
        .where(heads.c.kind == "receipt", parts.c.units > 0)
        .order_by(heads.c.id, parts.c.line)
    )  # fmt: skip
    return [dict(row) for row in look.execute(query).mappings()]
