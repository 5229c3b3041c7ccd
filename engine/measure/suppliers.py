"""Did suppliers deliver as agreed, and how long do we take to order? OTIF and PO cycle time."""

from datetime import date

import pandas as pd

from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.period import Period
from engine.supply.otif import STRICT, Tolerance, judged_lines


def on_time_in_full(
    purchase_orders: pd.DataFrame,
    receipts: pd.DataFrame,
    period: Period,
    as_of: date,
    tolerance: Tolerance = STRICT,
) -> Kpi:
    """Share of order lines promised for the period that came in full by the promised day.

    In full: at least 98 % of the ordered units, good ones. No day of lateness is tolerated; early
    is on time. What the supplier cancelled is not in full.

    Which lines count and which day is theirs: engine.supply.otif, where scorecards take it from
    too. Higher is better. Frames: `purchase_orders` and `receipts` of the data contract.
    """
    lines = judged_lines(
        purchase_orders, receipts,
        first=period.start, last=period.end, as_of=as_of, tolerance=tolerance,
    )  # fmt: skip
    met, came = float(lines["is_otif"].sum()), float(lines["is_full"].sum())
    return Kpi(
        name="on time in full",
        value=ratio(met, len(lines)),
        unit="share",
        numerator=met,
        denominator=float(len(lines)),
        numerator_label="order lines in full by the promised day",
        denominator_label="order lines promised for the period",
        better="higher",
        definition=definition_of(on_time_in_full),
        parts=(
            Part(label="in full, but late", unit="count",
                 value=came - met),
            Part(label="short or not come", unit="count", value=len(lines) - came),
        ),
    )  # fmt: skip


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
