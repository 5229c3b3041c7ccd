"""Did suppliers deliver as agreed, and how long do we take to order? OTIF and PO cycle time."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.period import Period


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """How exactly a line must be met."""

    days_late: int = 0
    in_full: float = 0.98  # share of the ordered units


def on_time_in_full(
    purchase_orders: pd.DataFrame,
    receipts: pd.DataFrame,
    period: Period,
    as_of: date,
    tolerance: Tolerance = Tolerance(),
) -> Kpi:
    """Share of order lines promised for the period that came in full by the promised day.

    In full: at least 98 % of the ordered units, good ones. No day of lateness is tolerated; early
    is on time. What the supplier cancelled is not in full.

    These tolerances hold unless others are given. The promised day is the one first agreed, not a
    later confirmation; lines without one are judged by the confirmed day, lines without either
    not at all. Lines that may still come in time are left out. Higher is better.

    Frames: `purchase_orders` and `receipts` of the data contract.
    """
    lines = _judged(purchase_orders, receipts, period, as_of, tolerance)
    met = float((lines["in_time"] >= lines["wanted"]).sum())
    came = float((lines["ever"] >= lines["wanted"]).sum())
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


def _judged(
    purchase_orders: pd.DataFrame,
    receipts: pd.DataFrame,
    period: Period,
    as_of: date,
    tolerance: Tolerance,
) -> pd.DataFrame:
    """Lines due in the period: units wanted, come in time and come at all."""
    late = pd.Timedelta(days=tolerance.days_late)
    due = pd.to_datetime(purchase_orders["promised_on"].fillna(purchase_orders["confirmed_on"]))
    last = min(pd.Timestamp(period.end), pd.Timestamp(as_of) - late - pd.Timedelta(days=1))
    # Dated before they are chosen: pandas lets a column widen a frame that has no rows left.
    dated = purchase_orders.assign(due=due, until=due.add(late))
    lines = dated[dated["due"].between(pd.Timestamp(period.start), last)]
    came = lines[["po", "line", "until"]].merge(receipts, on=["po", "line"])
    lines = _with_units(lines, came[came["received_on"] <= came["until"]], "in_time")
    lines = _with_units(lines, came, "ever")
    return lines.assign(wanted=tolerance.in_full * lines["units"])


def _with_units(lines: pd.DataFrame, came: pd.DataFrame, name: str) -> pd.DataFrame:
    """The lines with the units that came of each, 0 where nothing did."""
    totals = came.groupby(["po", "line"])["units"].sum().rename(name).reset_index()
    return lines.merge(totals, on=["po", "line"], how="left").fillna({name: 0})


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
