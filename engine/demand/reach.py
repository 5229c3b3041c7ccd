"""Which cells feel a promotion: while it runs, and the days around it that it takes from or gives.

Few cells are promoted, so windows are found by position among those, not by sums over all.
"""

from dataclasses import dataclass, field

import numpy as np

from engine.demand.arrays import Floats, Ints, Places
from engine.demand.levers import Levers

# Days around a promotion whose demand it may take or give, from its end (or start) outwards.
AFTER_DAYS, LATER_DAYS, BEFORE_DAYS = (1, 7), (8, 21), (1, 7)
WINDOWS = ("after", "later", "before")
SPANS = ((AFTER_DAYS, False), (LATER_DAYS, False), (BEFORE_DAYS, True))
DUST = 1e-9  # what differences of running sums leave

Span = tuple[int, int]  # first and last bucket away, those before below 0


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Cells in which promotions are felt; a cell is row x buckets + bucket."""

    levers: Levers
    cell: Ints = field(repr=False)  # ascending
    row: Ints = field(repr=False)
    promoted: Ints = field(repr=False)  # position of each promoted cell among them
    # Per window: of each cell, the promoted cells from the first position up to the second.
    windows: tuple[tuple[Places, Places, int], ...] = field(
        repr=False
    )  # and how many buckets it has

    def over(self, values: Floats) -> Floats:
        """Values per promoted cell on the cells in reach; 0 on those around."""
        spread = np.zeros((len(self.cell), *values.shape[1:]))
        spread[self.promoted] = values
        return spread

    def around(self, lifts: Floats) -> Floats:
        """[window, cell in reach] mean log-lift of the promotions in each window around a cell."""
        amounts = (self.levers.layers.weight * lifts).sum(axis=1)
        running = np.concatenate([[0.0], np.cumsum(amounts)])
        found = np.empty((len(self.windows), len(self.cell)))
        for mean, (begin, end, buckets) in zip(found, self.windows, strict=True):
            total = running[end] - running[begin]
            np.divide(np.where(total > DUST, total, 0.0), buckets, out=mean)
        return found


def reach_of(levers: Levers, bucket_days: int) -> Reach:
    """The cells that a promotion may touch, given how far its dips go; worked out once."""
    if bucket_days not in levers.reaches:
        levers.reaches[bucket_days] = _found(levers, spans(bucket_days))
    return levers.reaches[bucket_days]


def spans(bucket_days: int) -> tuple[Span, ...]:
    """The windows of WINDOWS in buckets."""
    away = [(*_buckets(days, bucket_days), ahead) for days, ahead in SPANS]
    return tuple((near, far) if ahead else (-far, -near) for near, far, ahead in away)


def _buckets(days: tuple[int, int], bucket_days: int) -> tuple[int, int]:
    """First and last bucket away that cover these days."""
    return -(-days[0] // bucket_days), max(-(-days[1] // bucket_days), 1)


def _found(levers: Levers, windows: tuple[Span, ...]) -> Reach:
    buckets = max(levers.shape[1], 1)
    cell = _touched(levers, windows)
    row, bucket = cell // buckets, cell % buckets
    before = np.zeros(levers.shape[0] * buckets + 1, dtype=np.int32)  # promoted cells below a cell
    before[levers.cell + 1] = 1
    np.cumsum(before, out=before)
    places: list[tuple[Places, Places, int]] = []
    for first, last in windows:
        begin = row * buckets + np.clip(bucket + first, 0, buckets)
        end = row * buckets + np.clip(bucket + last + 1, 0, buckets)
        places.append((before[begin], before[end], last - first + 1))
    return Reach(
        levers=levers, cell=cell, row=row, promoted=np.searchsorted(cell, levers.cell),
        windows=tuple(places),
    )  # fmt: skip


def _touched(levers: Levers, windows: tuple[Span, ...]) -> Ints:
    """Promoted cells and those that see one in a window."""
    touched = np.zeros(levers.shape[0] * levers.shape[1], dtype=np.bool_)
    touched[levers.cell] = True
    bucket = levers.bucket
    for first, last in windows:
        for away in range(first, last + 1):
            inside = (bucket >= away) & (bucket < levers.shape[1] + away)
            touched[levers.cell[inside] - away] = True
    return np.flatnonzero(touched)
