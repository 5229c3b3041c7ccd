"""How unlikely a window must be to raise an alarm: set on the panel's own past.

Real series have bursts that no formula foresees, so the false alarms promised are counted, not
computed: the lines are drawn where the scan of the past would have raised no more. One line per
volume and direction. A planner has so many minutes a week for alarms, and spends them where a
day's notice saves most: the budget is one for all series, and goes to the volumes where it finds
most of the units at stake, which is told by changing every past day in turn. A series that sells
once a week cannot show in two days that it has tripled, and little is lost if it has; the few busy
ones, which can, get most of the alarms.
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints
from engine.forecast.pulse_scan import FALL, RISE, Scanner

BUDGET = {RISE: 0.85 / 500, FALL: 0.05 / 500}  # false alarms per series and week
VOLUME_EDGES = (1.0, 2.0, 5.0, 10.0, 25.0)  # expected units per day
CLASSES = len(VOLUME_EDGES) + 1
LINES = np.arange(1.0, 25.0, 0.2)  # tried
QUIET_DAYS = 7  # an alarm within a week of the last one is the same
# Of series, for which the bound of a likelihood ratio, exp(-line) for a week followed as one run
# (Ville 1939), stands in for what was counted.
PRIOR_WEEKS = 200.0
LEAST_WEEKS = 26.0  # of series, for a class to have a line of its own
RECENT_DAYS = 14  # what may be a pulse now does not set its own line
SETTLING_DAYS = 42  # nobody knows at first what pulses are on, so more is taken for one
CHANGED = (1, 2)  # buckets into a pulse in which it must be found


@dataclass(frozen=True, kw_only=True)
class Lines:
    """[volume class] least statistic of an alarm, by direction."""

    rise: Floats
    fall: Floats


def volume_classes(usual: Floats, bucket_days: int) -> Ints:
    """[series, bucket] position among VOLUME_EDGES."""
    return np.asarray(np.digitize(usual / bucket_days, VOLUME_EDGES), dtype=np.int64)


def learn_lines(scanner: Scanner, bucket_days: int) -> Lines:
    """Lines that keep the budget on the past of these series."""
    return Lines(
        rise=_lines(scanner, RISE, bucket_days), fall=_lines(scanner, FALL, bucket_days)
    )  # fmt: skip


def _lines(scanner: Scanner, size: float, bucket_days: int) -> Floats:
    past = _taught_by(scanner.usual.shape[1], bucket_days)
    seen = scanner.watched.offered[:, past] > 0
    usual = scanner.usual[:, past]
    kind = np.where(seen, volume_classes(usual, bucket_days), -1)
    chance = np.where(seen, scanner.scan(size).statistic[:, past], -np.inf)
    found = _best([scanner.scan(size, changed).statistic[:, past] for changed in CHANGED])
    weeks = np.bincount(kind[seen], minlength=CLASSES) * bucket_days / 7
    alarms = _over(chance, kind) - _over(
        np.minimum(_week_before(chance, bucket_days), chance), kind
    )
    return _spent(alarms, _over(found, kind, usual), weeks, BUDGET[size])


def _taught_by(buckets: int, bucket_days: int) -> slice:
    """The past without what may be a pulse now, and without the days before levels had settled."""
    last = max(buckets - round(RECENT_DAYS / bucket_days), 0)
    return slice(min(round(SETTLING_DAYS / bucket_days), last // 2), last)


def _over(statistic: Floats, kind: Ints, units: Floats | None = None) -> Floats:
    """[class, line] buckets, or their units, whose statistic is at least the line."""
    kinds, reached = kind[kind >= 0], np.searchsorted(LINES, statistic[kind >= 0], side="right")
    weights = None if units is None else units[kind >= 0]
    cell = kinds * (len(LINES) + 1) + reached
    count = np.bincount(cell, weights, minlength=CLASSES * (len(LINES) + 1)).astype(np.float64)
    return count.reshape(CLASSES, -1)[:, :0:-1].cumsum(axis=1)[:, ::-1]


def _spent(alarms: Floats, power: Floats, weeks: Floats, budget: float) -> Floats:
    """The lines that find most units within the budget: one price per false alarm for all."""
    expected = alarms + PRIOR_WEEKS / CLASSES * np.exp(-LINES)[None, :]
    allowed = budget * (weeks.sum() + PRIOR_WEEKS)
    chosen: Ints = np.full(len(weeks), len(LINES) - 1, dtype=np.int64)
    for price in np.geomspace(1e-2, 1e8, 201):
        chosen = np.argmax(power - price * expected, axis=1)
        if expected[np.arange(len(weeks)), chosen].sum() <= allowed:
            break
    return _lent(LINES[chosen], weeks)


def _lent(lines: Floats, weeks: Floats) -> Floats:
    """A class with next to no past takes the line of the nearest one that has some."""
    known = np.flatnonzero(weeks >= LEAST_WEEKS)
    if len(known) == 0:
        return np.full(len(lines), LINES[-1])
    nearest = np.abs(np.arange(len(lines))[:, None] - known[None, :]).argmin(axis=1)
    return lines[known[nearest]]


def _best(statistics: list[Floats]) -> Floats:
    """[series, bucket] by the last bucket in which a pulse that begins in this one must show."""
    best = statistics[0].copy()
    for later in range(1, len(statistics)):
        np.maximum(best[:, :-later], statistics[later][:, later:], out=best[:, :-later])
    return best


def _week_before(statistic: Floats, bucket_days: int) -> Floats:
    """[series, bucket] highest in the week before: at a line below it, this is the same alarm."""
    highest = np.full(statistic.shape, -np.inf)
    for back in range(1, min(_quiet(bucket_days), statistic.shape[1] - 1) + 1):
        np.maximum(highest[:, back:], statistic[:, :-back], out=highest[:, back:])
    return highest


def _quiet(bucket_days: int) -> int:
    return max(round(QUIET_DAYS / bucket_days), 1)


def begins(hits: Bools, bucket_days: int) -> Bools:
    """Hits without another one in the week before."""
    before = np.zeros_like(hits)
    for back in range(1, _quiet(bucket_days) + 1):
        before[:, back:] |= hits[:, :-back] if back < hits.shape[1] else False
    return hits & ~before
