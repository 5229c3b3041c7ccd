"""How unlikely a window must be to raise an alarm: set on the panel's own past.

Real series have bursts that no formula foresees, so the false alarms promised are counted, not
computed: the lines are drawn where the scan of the past would have raised no more. One line per
volume and direction, the budget spent where most true pulses are found: a series that sells once
a week cannot show in two days that it has tripled, so alarms there would only be false.
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints
from engine.forecast.pulse_scan import FALL, RISE, Scanner

BUDGET = {RISE: 0.85 / 500, FALL: 0.15 / 500}  # false alarms per series and week
VOLUME_EDGES = (1.0, 2.0, 5.0, 10.0, 25.0)  # expected units per day
LINES = np.arange(1.0, 25.0, 0.2)  # tried
QUIET_DAYS = 7  # an alarm within a week of the last one is the same
PRIOR_WEEKS = 200.0  # of series for which the bound of a likelihood ratio, exp(-line), stands
LEAST_WEEKS = 26.0  # of series, for a class to have a line of its own
RECENT_DAYS = 14  # what may be a pulse now does not set its own line
FOUND_WITHIN = 2  # buckets


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
    buckets = scanner.usual.shape[1]
    past = slice(0, max(buckets - round(RECENT_DAYS / bucket_days), 0))
    chance = scanner.scan(size).statistic[:, past]
    found = np.stack(
        [scanner.scan(size, changed).statistic[:, past] for changed in range(1, FOUND_WITHIN + 1)]
    )
    volume = volume_classes(scanner.usual[:, past], bucket_days)
    seen = scanner.watched.offered[:, past] > 0
    count = len(VOLUME_EDGES) + 1
    alarms, power = np.zeros((count, len(LINES))), np.zeros((count, len(LINES)))
    weeks = np.zeros(count)
    for kind in range(count):
        here = seen & (volume == kind)
        weeks[kind] = here.sum() * bucket_days / 7
        for position, line in enumerate(LINES):
            alarms[kind, position] = _onsets((chance >= line) & here, bucket_days)
            power[kind, position] = (here & _ever(found >= line)).sum()
    return _spent(alarms, power, weeks, BUDGET[size], bucket_days)


def _spent(alarms: Floats, power: Floats, weeks: Floats, budget: float, bucket_days: int) -> Floats:
    """The lines that find most within the budget: at one price per false alarm in all classes."""
    bound = PRIOR_WEEKS / len(weeks) * 7 / bucket_days * np.exp(-LINES)
    expected = alarms + bound[None, :]
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


def _ever(hits: Bools) -> Bools:
    """[series, bucket] found by the second bucket of a pulse that begins in this one."""
    found = hits[0].copy()
    for later in range(1, len(hits)):
        found[:, :-later] |= hits[later][:, later:]
    return found


def _onsets(hits: Bools, bucket_days: int) -> int:
    """Alarms, each counted once while it goes on."""
    return int(begins(hits, bucket_days).sum())


def begins(hits: Bools, bucket_days: int) -> Bools:
    """Hits without another one in the week before."""
    before = np.zeros_like(hits)
    for back in range(1, max(round(QUIET_DAYS / bucket_days), 1) + 1):
        before[:, back:] |= hits[:, :-back] if back < hits.shape[1] else False
    return hits & ~before
