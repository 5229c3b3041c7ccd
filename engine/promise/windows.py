"""When an open order line arrives: a window that holds with a stated chance."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine.errors import InvalidInput
from engine.kernels.columns import flags, texts, whole
from engine.model.supply import LeadTimes
from engine.supply import Inbound

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEVEL = 0.8


@dataclass(frozen=True, kw_only=True)
class PromiseWindow:
    """The days between which a line is expected to be put away, both included.

    `level` is the chance that it is; the rest is shared by earlier and later. Dates are calendar
    days of the place it goes to, always after the as-of day.
    """

    po: str
    line: int
    supplier: str
    sku: str
    location: str
    units: int  # still to come
    ordered_on: date
    due_on: date | None  # confirmed, else promised by the supplier; None: no date known
    first: date
    last: date
    likeliest: date  # as likely to be before as after
    level: float
    overdue: bool  # past its date, or out for longer than nine in ten
    observations: int  # deliveries of this supplier that the spread was learnt from


def promise_windows(
    inbound: Inbound,
    lead_times: LeadTimes,
    as_of: date,
    *,
    level: float = LEVEL,
) -> tuple[PromiseWindow, ...]:
    """One window per open line that is out with its supplier, in order of (po, line).

    Drafts and approved orders that are not sent promise nothing; neither do lines that have been
    out for so long that they count as lost. The spread is the supplier's own, as observed,
    given the days already waited: a line that is overdue keeps days ahead of it.
    Raises InvalidInput for a level outside 0..1.
    """
    if not 0 < level < 1:
        raise InvalidInput(f"A window's level is between 0 and 1, such as 0.8, not {level!r}.")
    out = flags(inbound.lines, "sent") & ~flags(inbound.lines, "lost")
    lines, arrival = inbound.lines[out], inbound.arrival[out]
    days = window_days(arrival, level)
    today = as_of.toordinal()
    learnt = _observations(lead_times)
    due = whole(lines, "due_on", empty=-1)
    return tuple(
        PromiseWindow(
            po=po,
            line=int(line),
            supplier=supplier,
            sku=sku,
            location=location,
            units=int(units),
            ordered_on=date.fromordinal(int(ordered)),
            due_on=date.fromordinal(int(due_on)) if due_on > 0 else None,
            first=date.fromordinal(today + int(from_)),
            last=date.fromordinal(today + int(to)),
            likeliest=date.fromordinal(today + int(mid)),
            level=level,
            overdue=bool(late),
            observations=learnt.get(supplier, 0),
        )
        for po, line, supplier, sku, location, units, ordered, due_on, from_, to, mid, late in zip(
            texts(lines, "po"), whole(lines, "line"), texts(lines, "supplier"),
            texts(lines, "sku"), texts(lines, "location"), whole(lines, "units"),
            whole(lines, "ordered_on"), due, days.first, days.last, days.middle,
            flags(lines, "overdue"),
            strict=True,
        )
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class WindowDays:
    """Days after as-of, [line]; first <= middle <= last."""

    first: Ints
    middle: Ints
    last: Ints


def window_days(chances: Floats, level: float) -> WindowDays:
    """The days between which each row's chance of arriving is nearest to `level`, tails equal.

    Nearest rather than "at least": a day holds a lump of probability, and rounding outwards at
    both ends makes windows that hold more often than they say. Of equally near days the inner
    one. `chances` [line, day] are probabilities of arriving on exactly that day; a row sums to 1.
    """
    tail, by_evening = (1 - level) / 2, np.cumsum(chances, axis=1)
    by_morning = by_evening - chances
    latest = chances.shape[1] - 1
    first: Ints = latest - np.abs(by_morning - tail)[:, ::-1].argmin(axis=1)
    last: Ints = np.maximum(np.abs(by_evening - (1 - tail)).argmin(axis=1), first)
    middle: Ints = (by_evening >= 0.5 - 1e-12).argmax(axis=1)
    return WindowDays(first=first, middle=np.clip(middle, first, last), last=last)


def covering_days(chances: Floats, level: float) -> WindowDays:
    """As window_days, but no tail outside holds more than its half of what `level` leaves.

    For customers, who wait for the last unit of several: a day that holds a lump of probability is
    in their window rather than half out of it. Where a row's chances do not add up to enough, the
    window ends on the last day on which anything can come.
    """
    tail, by_evening = (1 - level) / 2, np.cumsum(chances, axis=1)
    by_morning = by_evening - chances
    latest = chances.shape[1] - 1
    first: Ints = latest - (by_morning <= tail + _ROUNDING)[:, ::-1].argmax(axis=1)
    enough = np.minimum(1 - tail, by_evening[:, -1:]) - _ROUNDING
    last: Ints = np.maximum((by_evening >= enough).argmax(axis=1), first)
    middle: Ints = (by_evening >= by_evening[:, -1:] / 2 - _ROUNDING).argmax(axis=1)
    return WindowDays(first=first, middle=np.clip(middle, first, last), last=last)


_ROUNDING = 1e-12


def _observations(lead_times: LeadTimes) -> dict[str, int]:
    lanes = lead_times.lanes
    whole_supplier = lanes[lanes["sku"].isna() & lanes["location"].isna()]
    return dict(
        zip(
            texts(whole_supplier, "supplier"),
            whole(whole_supplier, "observations").tolist(),
            strict=True,
        )
    )
