"""Which days the sales cover, how finely, and which dates cannot belong to them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.connect.assembled import Assembled
from engine.connect.columns import Mask, Numbers
from engine.errors import BadSource
from engine.model.finding import Finding
from engine.model.snapshot import Bucket

Days = NDArray[np.int64]  # days since 1970-01-01
_WEEKS_TO_BE_WEEKLY = 8
_STRAY_SHARE = 0.001  # of all rows, at most
_STRAY_GAPS = 20  # typical gaps between two days with sales
_STRAY_DAYS = 14  # at least, whatever is typical
_DAYS_TO_JUDGE = 30  # days with sales below which nothing is called stray
_STOCK_DAYS = 7  # after the last sale, at most
_DAY = 86_400 * 10**9


@dataclass(frozen=True, kw_only=True)
class Coverage:
    first_day: date
    as_of: date
    bucket: Bucket


def days_of(table: Assembled, column: str = "date") -> Days:
    cells = table.columns[column]
    assert isinstance(cells, Numbers), "dates are numbers"  # noqa: S101  the contract's kind
    return cells.cells.astype("datetime64[ns]").astype(np.int64) // _DAY


def stray_rows(sales: Assembled) -> Mask:
    """The few rows whose date lies far beyond all others, such as a year mistyped.

    One such row would move the as-of date, and with it the whole plan, by years.
    """
    days = days_of(sales)
    known, counts = np.unique(days, return_counts=True)
    none = np.zeros(len(days), dtype=np.bool_)
    if len(known) < _DAYS_TO_JUDGE:
        return none
    gaps = np.diff(known)
    limit = max(_STRAY_DAYS, _STRAY_GAPS * int(np.median(gaps)))
    few = max(1, int(len(days) * _STRAY_SHARE))
    first, last = known[0], known[-1]
    for at in np.flatnonzero(gaps > limit):
        if counts[: at + 1].sum() <= few:
            first = known[at + 1]
        if counts[at + 1 :].sum() <= few:
            last = min(last, known[at])
    return (days < first) | (days > last)


def bucket_of(days: Days) -> Bucket:
    """Weekly when all sales of at least eight weeks are dated on one weekday."""
    known = np.unique(days)
    one_weekday = len(np.unique(known % 7)) == 1
    return "week" if one_weekday and len(known) >= _WEEKS_TO_BE_WEEKLY else "day"


def coverage(sales: Assembled, *, as_of: date | None, bucket: Bucket | None) -> Coverage:
    """What the sales cover; as-of is the day after the last day unless it is stated.

    `up_to_stock` moves it on where stock was counted later.
    """
    days = days_of(sales)
    found = bucket or bucket_of(days)
    first, last = date_of(int(days.min())), date_of(int(days.max()))
    after = last + timedelta(days=7 if found == "week" else 1)
    if as_of is not None and as_of <= first:
        raise BadSource(
            f"as_of {as_of} leaves no sales: the first are of {first}. Correct it in the mapping."
        )
    return Coverage(first_day=first, as_of=as_of or after, bucket=found)


def up_to_stock(cover: Coverage, stock: Assembled) -> tuple[Coverage, list[Finding]]:
    """As-of is the day after the stock, where that was counted up to a week after the last sale.

    A shop that is closed on Sundays still counts its stock then: the week has ended, and Sunday
    is a day without sales rather than one to plan for. Stock dated later yet is more likely a
    mistyped date, and sales by the week name the first day of theirs.
    """
    days = days_of(stock)
    first_open = (cover.as_of - date(1970, 1, 1)).days
    near = days[(days >= first_open) & (days < first_open + _STOCK_DAYS)]
    if cover.bucket == "week" or not near.size:
        return cover, []
    as_of = date_of(int(near.max()) + 1)
    finding = Finding(
        code="as_of_stock",
        severity="info",
        table="stock",
        rows=0,
        message=f"The last sale is of {cover.as_of - timedelta(days=1)}, the last stock of "
        f"{as_of - timedelta(days=1)}.",
        done=f"Planning starts {as_of}, the days between count as days without sales; state as_of "
        "in the mapping to change that.",
    )
    return replace(cover, as_of=as_of), [finding]


def date_of(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)
