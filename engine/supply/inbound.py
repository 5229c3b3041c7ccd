"""What is on its way, with the chance of its arriving on each day."""

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.calendar import SupplierCalendar
from engine.kernels.columns import flags, texts, whole
from engine.model.decisions import Decisions
from engine.model.snapshot import Snapshot
from engine.model.supply import LeadTimes
from engine.supply.calendars import supplier_calendars
from engine.supply.dated import arrive_by_date
from engine.supply.lost import lost_by_now, overtaken
from engine.supply.open_orders import OPEN_LINES, SENT, Calendars, open_lines
from engine.supply.remaining import conditional_on_waiting, lane_rows

Floats = NDArray[np.float64]

INBOUND = (*OPEN_LINES, "overdue")  # overdue: past its date, or out longer than 9 in 10 of its lane
_LATE_FROM = 0.9


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """`arrival` [line, day]: the chance of arriving exactly that many calendar days after as-of.

    Day 0 is the as-of date, the first that the data does not cover. Rows sum to the chance that
    the line comes at all. Arrival is at the start of the day.
    """

    lines: pd.DataFrame = field(repr=False)
    arrival: Floats = field(repr=False)


def as_if_sent_now(decisions: Decisions) -> Decisions:
    """The decisions without the days that orders not sent yet are put off to.

    Who puts an order off has decided that its need can wait. The plan shows what that risks, but
    does not order the same need around the decision.
    """
    orders = decisions.open_orders
    sent = orders["state"].isin(SENT)
    if not bool((orders["ordered_on"].notna() & ~sent).any()):
        return decisions
    now = orders.assign(ordered_on=orders["ordered_on"].where(sent))
    return replace(decisions, open_orders=now)


def inbound(
    snapshot: Snapshot, lead_times: LeadTimes, decisions: Decisions, as_of: date
) -> Inbound:
    """Open purchase-order lines and our own open orders, drafts included, as supply.

    A line with a confirmed (else promised) date arrives around it as such dates have been kept
    (see `engine.supply.dated`); others by their lane's lead time. Both are
    conditioned on its not having come yet. A draft counts as if it were sent on the next day
    that the supplier takes orders, or on the day it is put off to. Closures push arrivals back.
    What is sent and may be lost arrives with the rest of its chance only.
    """
    calendars = supplier_calendars(snapshot)
    today = as_of.toordinal()
    lines = open_lines(snapshot, decisions, calendars, today)
    if lines.empty:
        return Inbound(lines=lines.reindex(columns=list(INBOUND)), arrival=np.zeros((0, 1)))
    rows = lane_rows(
        lead_times, texts(lines, "supplier"), texts(lines, "sku"), texts(lines, "location")
    )
    pmf = lead_times.pmf[rows]
    arrival = _by_lead_time(
        lines, pmf, calendars, today, _reach(lines, lead_times, calendars, today)
    )
    arrive_by_date(lines, lead_times, arrival, today)
    arrival *= 1.0 - _lost(lines, snapshot, lead_times.lost_of(rows), pmf)[:, None]
    arrival[flags(lines, "lost")] = 0.0
    lines["overdue"] = _overdue(lines, pmf, today)
    return Inbound(lines=lines[list(INBOUND)], arrival=arrival)


def _lost(lines: pd.DataFrame, snapshot: Snapshot, lost: Floats, pmf: Floats) -> Floats:
    """Chance [line] that it never comes: its supplier's, and the more the longer it is out."""
    if not lost.any():
        return lost
    behind = overtaken(snapshot, lines, whole(lines, "ordered_on"))
    gone = lost_by_now(lost, pmf, whole(lines, "elapsed_days"), behind)
    return np.where(flags(lines, "sent"), gone, 0.0)


def _reach(lines: pd.DataFrame, lead_times: LeadTimes, calendars: Calendars, today: int) -> int:
    """Days ahead that hold every arrival."""
    start = max(int(whole(lines, "ordered_on").max()) - today, 0)
    closed = max((len(calendar.shut) for calendar in calendars.values()), default=0)
    by_lead_time = start + lead_times.pmf.shape[1] + closed
    latest_due = max(int(whole(lines, "due_on").max()) - today, 0)
    return max(by_lead_time, latest_due + lead_times.delay_first + lead_times.delay_pmf.shape[1])


def _by_lead_time(
    lines: pd.DataFrame, pmf: Floats, calendars: Calendars, today: int, reach: int
) -> Floats:
    """Arrival by the lane's lead time, open days turned into calendar days."""
    sent = flags(lines, "sent")
    waiting = conditional_on_waiting(pmf, whole(lines, "elapsed_days"))
    open_days = np.where(sent[:, None], waiting, pmf)
    ordered = whole(lines, "ordered_on")
    # What went out earlier may come on the first open day after the last one that is covered.
    out = sent & (ordered < today)
    from_day = np.where(out, today - 1, np.maximum(ordered, today))
    arrival = np.zeros((len(lines), reach + 1))
    for i, supplier in enumerate(texts(lines, "supplier")):
        calendar = calendars.get(supplier, SupplierCalendar())
        first = int(out[i])
        days = calendar.arrival_days(int(from_day[i]), pmf.shape[1] - 1 + first)[first:] - today
        np.add.at(arrival[i], np.minimum(days, reach), open_days[i])
    return arrival


def _overdue(lines: pd.DataFrame, pmf: Floats, today: int) -> NDArray[np.bool_]:
    """By what is known at the end of the day before as-of: what is due today is not late yet."""
    due, elapsed = whole(lines, "due_on"), whole(lines, "elapsed_days")
    before = np.concatenate([np.zeros((len(pmf), 1)), np.cumsum(pmf, axis=1)], axis=1)
    seen = np.minimum(elapsed, pmf.shape[1])[:, None]
    usual = np.take_along_axis(before, seen, axis=1)[:, 0]
    return np.where(due > 0, today > due, usual > _LATE_FROM)
