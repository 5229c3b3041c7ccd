"""Why a bucket sold far more than anything around it, and what is done about it."""

from dataclasses import dataclass, field

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints, Texts
from engine.demand.order_lines import LargestOrder, OrderLines
from engine.demand.unusual import Peaks

ONE_ORDER_SHARE = 0.5  # of the bucket's units, from which on one order explains it
PROMOTED = "It falls on a promotion, so it is kept and teaches what promotions do."
SEASON = "The same time of the year before sold as much, so it is kept as season."
RUNNING = "The period beside it sold as much, so it is kept: this may be a new level."
LATEST = "It is the latest period, so it is kept until the next ones show whether it lasts."
HOLIDAY = "It falls on {name}, so it is kept as an event."
WHOLESALE = "Most of it is one wholesale order, which is taken out: it will not come every week."
ONE_ORDER = "Most of it is one large order, which is taken out: it will not come every week."
UNEXPLAINED = "Nothing on record explains it, so it is damped to a good period."


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One entry per peak, in the order of `row`, `bucket`: what became of it, and why."""

    row: Ints
    bucket: Ints
    damped: Bools
    units: Floats  # what is kept of it
    reason: Texts


@dataclass(frozen=True, kw_only=True)
class Events:
    """What else is known of a bucket."""

    orders: OrderLines = field(repr=False)
    holidays: Texts = field(repr=False)  # [zone, bucket] a holiday's name, or ""
    zone: Ints = field(repr=False)  # [series]


_NONE = Judged(
    row=np.zeros(0, dtype=np.int64),
    bucket=np.zeros(0, dtype=np.int64),
    damped=np.zeros(0, dtype=np.bool_),
    units=np.zeros(0),
    reason=np.zeros(0, dtype=object),
)


def judge(peaks: Peaks, sold: Floats, events: Events) -> Judged:
    """An event, a season or a new level keeps a peak; one order is taken out; the rest is damped.

    The first reason that holds counts. Without the order the bucket says what it would have sold,
    so that much is kept, up to a good bucket.
    """
    row, bucket = np.nonzero(peaks.high)
    at = (row, bucket)
    if len(row) == 0:
        return _NONE
    largest = events.orders.largest(row, bucket)
    single = largest.units >= ONE_ORDER_SHARE * sold[at]
    holiday = events.holidays[events.zone[row], bucket]
    reason = np.where(single, np.where(largest.wholesale, WHOLESALE, ONE_ORDER), UNEXPLAINED)
    reason = reason.astype(object)
    kept = np.zeros(len(row), dtype=np.bool_)
    # From the weakest claim to the strongest, so that the strongest is written last.
    for flags, why in (
        (peaks.latest[at] & ~single, LATEST),
        (peaks.beside[at] & ~single, RUNNING),
        (peaks.last_year[at], SEASON),
        (holiday != "", None),
        (peaks.promoted[at], PROMOTED),
    ):
        kept |= flags
        reason[flags] = why or [HOLIDAY.format(name=name) for name in holiday[flags]]
    return Judged(
        row=row, bucket=bucket, damped=~kept, units=_left(peaks, sold, at, largest, single),
        reason=reason,
    )  # fmt: skip


def _left(
    peaks: Peaks, sold: Floats, at: tuple[Ints, Ints], largest: LargestOrder, single: Bools
) -> Floats:
    """Units left of each peak; an order of which part came back can be larger than the bucket."""
    good = peaks.good[at]
    rest = np.maximum(sold[at] - largest.units, 0.0)
    return np.where(single, np.minimum(rest, good), good)
