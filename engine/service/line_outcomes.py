"""What became of proposed lines: bought as they were proposed, or changed and refused by people."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.purchase.states import OrderState
from engine.service.stores import Stores
from engine.store.tables.plans import plan_lines
from engine.store.tables.purchasing import po_lines, purchase_orders

NEAR = 2  # times the limit, up to which a line that waited is near it
_UNDECIDED = (OrderState.DRAFT, OrderState.POSTPONED, OrderState.PROPOSED)
_REFUSED = (OrderState.REJECTED, OrderState.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """Counts of decided lines; those that waited are the ones above the limit and near it."""

    limit_minor: int
    flowed: int
    flowed_as_proposed: int
    waited: int
    waited_as_proposed: int


def line_outcomes(stores: Stores, *, since: datetime, limit_minor: int) -> Outcomes:
    """Of the orders drafted since then and decided: was each line bought as the engine drafted it?

    A line was when its order was approved and its units are those of the first revision. Lines of
    low confidence are left out: they wait whatever the limit.
    """
    orders, lines, plans = purchase_orders.c, po_lines.c, plan_lines.c
    final = po_lines.alias("final")
    query = (
        sa.select(
            orders.state, lines.units, final.c.units.label("bought"), plans.tier,
            plans.cost_minor, plans.detail,
        )
        .join(po_lines, sa.and_(lines.po_id == orders.id, lines.revision == 1))
        .join(
            final,
            sa.and_(
                final.c.po_id == orders.id, final.c.revision == orders.revision,
                final.c.sku == lines.sku,
            ),
            isouter=True,
        )
        .join(
            plan_lines,
            sa.and_(
                plans.run_id == orders.run_id, plans.sku == lines.sku,
                plans.location == orders.ship_to,
            ),
        )
        .where(orders.drafted_at >= since, orders.state.not_in(_UNDECIDED))
    )  # fmt: skip
    counts = {"flowed": [0, 0], "waited": [0, 0]}
    with stores.database.read() as look:
        for row in look.execute(query):
            if row.detail.get("confidence") == "low":
                continue
            near = limit_minor < row.cost_minor <= NEAR * limit_minor
            if row.tier == "wait" and not near:
                continue
            count = counts["waited" if row.tier == "wait" else "flowed"]
            count[0] += 1
            count[1] += row.bought == row.units and row.state not in _REFUSED
    return Outcomes(
        limit_minor=limit_minor,
        flowed=counts["flowed"][0], flowed_as_proposed=counts["flowed"][1],
        waited=counts["waited"][0], waited_as_proposed=counts["waited"][1],
    )  # fmt: skip
