"""Days without any sale that should have some."""

import numpy as np

from engine.connect.checks.view import EXAMPLES, Ints, View, shown_day
from engine.model.counting import counted
from engine.model.finding import Finding

_SHARE_OF_OPEN_WEEKDAY = 0.5  # a weekday with sales in fewer weeks is a day off
_LINES_A_DAY = 5  # below this a day without sales is chance


def date_gaps(view: View) -> list[Finding]:
    """Days (or weeks) on which nothing sold anywhere although that weekday usually sells."""
    sales = view.sales
    known, lines = np.unique(sales.day[sales.is_demand], return_counts=True)
    if len(known) == 0 or float(np.median(lines)) < _LINES_A_DAY:
        return []
    every: Ints = np.arange(int(known[0]), int(known[-1]) + 1, sales.step, dtype=np.int64)
    missing = np.setdiff1d(every, known)
    missing = missing[_usually_open(known, every, missing)]
    if len(missing) == 0:
        return []
    one = sales.buckets.removesuffix("s")
    return [
        Finding(
            code="date_gap",
            severity="warning",
            table="sales",
            rows=len(missing),
            message=f"{counted(len(missing), f'{one} has', f'{sales.buckets} have')} "
            "no sale at all although that weekday usually sells.",
            done="Kept as days without sales; was a file left out, or was it a holiday?",
            examples=tuple(_ranges(missing, sales.step)[:EXAMPLES]),
        )
    ]


def _usually_open(
    known: Ints, every: Ints, missing: Ints
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    open_days = np.bincount(known % 7, minlength=7)
    all_days = np.bincount(every % 7, minlength=7)
    share = open_days / np.maximum(all_days, 1)
    return share[missing % 7] >= _SHARE_OF_OPEN_WEEKDAY


def _ranges(days: Ints, step: int) -> list[str]:
    """Longest first."""
    runs = np.split(days, np.flatnonzero(np.diff(days) > step) + 1)
    runs.sort(key=len, reverse=True)
    return [
        shown_day(run[0]) if len(run) == 1 else f"{shown_day(run[0])} to {shown_day(run[-1])}"
        for run in runs
    ]
