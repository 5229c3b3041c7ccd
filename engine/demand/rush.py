"""Panic buying: the days before a stockout in which customers take what is left."""

import numpy as np

from engine.demand.arrays import Bools, Floats, any_bucket
from engine.demand.censoring import at_least
from engine.demand.expected import Expected, expect
from engine.demand.unusual import Damped, shifted, unlikely

PANIC_TIMES = 1.3
# What sells more than this emptied the shelf by itself: a jump is the cause of a stockout, the fear
# of one is not. On the demo company, whose true demand is known, all such weeks were demand.
MOST_TIMES = 2.5
PANIC_CHANCE = 1e-4  # of one bucket; several are looked at before each stockout
RUSH_CHANCE = 3e-3  # of the last days before a stockout taken together
RUSH_DAYS = (3, 7, 14)
MOSTLY_OUT = 0.5  # share in stock below which a bucket counts as out


def before_stockout(exposure: Floats, buckets: int) -> Bools:
    """Buckets in stock, the last few before one that is out of stock most of the time."""
    out = exposure < MOSTLY_OUT
    ahead = np.zeros_like(out)
    for step in range(1, buckets + 1):
        ahead[:, :-step] |= out[:, step:]
    return ahead & (exposure > 0)


def without_window(
    sold: Floats, exposure: Floats, shape: Floats, window: Bools, near: int
) -> Expected:
    """What neighbours say when no bucket of the window is one of them.

    All of it is left out, not only what sold well: what is left would be low by selection.
    """
    return expect(sold, np.where(window, 0.0, exposure), shape, near)


def panic(
    sold: Floats, exposure: Floats, expected: Expected, window: Bools, bucket_days: int
) -> Damped:
    """Buying ahead of a stockout, brought back to what was expected.

    After the stockout demand is back where it was, so the expectation, which looks at both sides,
    stays low; had demand truly grown, the weeks after would have raised it. Single buckets are
    judged, and the last days before the stockout together: a rush of half as much again shows in
    no single day.
    """
    mean = expected.others * exposure
    usual = MOST_TIMES * np.maximum(mean, 1.0)
    high = window & (mean > 0) & (sold > PANIC_TIMES * mean) & (sold <= usual)
    alone = unlikely(high, sold, mean, expected.spread, PANIC_CHANCE)
    together = np.zeros_like(window)
    for days in sorted({max(days // bucket_days, 1) for days in RUSH_DAYS}):
        together |= _rush(sold, mean, expected.spread, window, _ends(exposure, window), days)
    return Damped(which=alone | (together & (sold > mean) & (sold <= usual)), units=mean)


def _ends(exposure: Floats, window: Bools) -> Bools:
    """The last bucket in stock before each stockout."""
    return window & shifted(exposure < MOSTLY_OUT, -1)


def _rush(
    sold: Floats, mean: Floats, spread: Floats, window: Bools, ends: Bools, buckets: int
) -> Bools:
    """Buckets of the runs, `buckets` long up to a stockout, that sold too much taken together.

    Days running are alike, so the spread of their sum falls with the root of their number only.
    """
    rows = np.flatnonzero(any_bucket(ends))
    total, due = (
        _last(sold[rows] * window[rows], buckets),
        _last(mean[rows] * window[rows], buckets),
    )
    size = np.sqrt(buckets) / spread[rows]
    high = ends[rows] & (due > 0) & (total > PANIC_TIMES * due)
    high &= total <= MOST_TIMES * np.maximum(due, 1.0)
    found = np.zeros_like(high)
    found[high] = at_least(total[high], due[high], size[np.nonzero(high)[0]]) < RUSH_CHANCE
    run = found.copy()
    for step in range(1, buckets):
        run |= shifted(found, -step)
    whole = np.zeros_like(window)
    whole[rows] = run & window[rows]
    return whole


def _last(values: Floats, buckets: int) -> Floats:
    """Sums over each bucket and the ones before it, `buckets` in all."""
    running = np.cumsum(values, axis=1)
    sums = running.copy()
    sums[:, buckets:] -= running[:, :-buckets]
    return sums
