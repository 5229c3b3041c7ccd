"""How long do we take to order? From request to sending, by stage."""

import pandas as pd

from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.period import Period


def order_cycle_time(purchase_orders: pd.DataFrame, period: Period) -> Kpi:
    """Mean calendar days from a buyer's request to the order being sent.

    Over the orders sent in the period; its parts are request to approval and approval to sending.

    Each order counts once however many lines it has (the earliest request, the latest approval);
    orders whose days are not all known are left out. Lower is better.

    Frame: of `purchase_orders` of the data contract the columns po, requested_on, approved_on and
    ordered_on; orders sent from here are among them (service.measure).
    """
    sent = purchase_orders["ordered_on"]
    rows = purchase_orders[sent.between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
    rows = rows.dropna(subset=["requested_on", "approved_on"])
    orders = rows.groupby("po").agg(
        requested=("requested_on", "min"),
        approved=("approved_on", "max"),
        sent=("ordered_on", "max"),
    )
    days = (orders["sent"] - orders["requested"]).dt.days
    to_approve = (orders["approved"] - orders["requested"]).dt.days
    total, count = float(days.sum()), len(orders)
    return Kpi(
        name="order cycle time",
        value=ratio(total, count),
        unit="days",
        numerator=total,
        denominator=float(count),
        numerator_label="days from request to sending",
        denominator_label="orders sent",
        better="lower",
        definition=definition_of(order_cycle_time),
        parts=(
            Part(label="request to approval", unit="days",
                 value=float(to_approve.sum()) / max(count, 1)),
            Part(label="approval to sending", unit="days",
                 value=float((days - to_approve).sum()) / max(count, 1)),
        ),
    )  # fmt: skip
