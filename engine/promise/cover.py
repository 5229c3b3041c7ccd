"""By when so many units have come to a place: the chance for each day, over all that is on its way.

A place's open lines arrive each on its own uncertain day. Whoever needs n units waits until the
lines that have come add up to n, whichever they are; so the chance is summed over every set of
lines that suffices. Lines are taken to arrive independently of each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from engine.kernels.columns import flags, texts, whole
from engine.promise.allocate import Place
from engine.supply import Inbound

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_LINES = 6  # of a place that are told apart; 2**6 sets of lines
_CHUNK = 2_000  # places at a time, so that memory stays small


@dataclass(frozen=True, kw_only=True)
class Coming:
    """Open lines that are out with their suppliers, place by place, soonest first.

    `by_evening` [line, day] is the chance of having come by the end of that day after as-of.
    """

    places: tuple[Place, ...]
    start: Ints  # [place + 1]: where its lines begin
    units: Ints  # [line]
    by_evening: Floats = field(repr=False)
    po: tuple[str, ...] = field(repr=False)
    line: tuple[int, ...] = field(repr=False)
    overdue: NDArray[np.bool_] = field(repr=False)

    def lines_of(self, place: int) -> list[tuple[str, int]]:
        """Order and line number of all that is on its way to a place."""
        at = slice(int(self.start[place]), int(self.start[place + 1]))
        return list(zip(self.po[at], self.line[at], strict=True))


@dataclass(frozen=True, kw_only=True)
class Cover:
    """Rungs of each place: up to `upto` units in all have come by the end of day d with `by`.

    `by` [rung, day]; a place's rungs run from `start[place]` to `start[place + 1]`, `upto` rising.
    `lines` counts the lines of the place that stand for a rung, soonest first.
    """

    places: tuple[Place, ...]
    start: Ints
    upto: Ints
    lines: Ints
    by: Floats = field(repr=False)

    def rungs_of(self, place: int) -> range:
        return range(int(self.start[place]), int(self.start[place + 1]))


def coming_of(inbound: Inbound) -> Coming:
    """Sent lines that are not given up for lost; drafts and approvals promise nothing."""
    sent = flags(inbound.lines, "sent") & ~flags(inbound.lines, "lost")
    sent &= whole(inbound.lines, "units") > 0
    lines, arrival = inbound.lines[sent], inbound.arrival[sent]
    by = np.cumsum(arrival, axis=1)
    middle = (by >= by[:, -1:] / 2).argmax(axis=1) if len(by) else np.zeros(0, dtype=np.int64)
    keys = list(zip(texts(lines, "sku"), texts(lines, "location"), strict=True))
    names = list(zip(texts(lines, "po"), whole(lines, "line").tolist(), strict=True))
    order = sorted(range(len(keys)), key=lambda i: (keys[i], int(middle[i]), names[i]))
    places = tuple(sorted(set(keys)))
    sorted_keys = [keys[i] for i in order]
    counts = np.asarray([0] * len(places), dtype=np.int64)
    index = {place: i for i, place in enumerate(places)}
    np.add.at(counts, [index[key] for key in sorted_keys], 1)
    return Coming(
        places=places,
        start=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)]),
        units=whole(lines, "units")[order],
        by_evening=by[order],
        po=tuple(names[i][0] for i in order),
        line=tuple(names[i][1] for i in order),
        overdue=flags(lines, "overdue")[order],
    )


def cover(coming: Coming) -> Cover:
    """A rung for the soonest line of each place, for the two soonest, and so on.

    Of a place with more than MOST_LINES lines the later ones wait in one rung together: it is
    reached when all of them have come.
    """
    counts = np.minimum(np.diff(coming.start), MOST_LINES)
    start = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
    by = np.zeros((int(start[-1]), coming.by_evening.shape[1]))
    upto = np.zeros(int(start[-1]), dtype=np.int64)
    for lines in range(1, MOST_LINES + 1):
        alike = np.flatnonzero(counts == lines)
        for first in range(0, len(alike), _CHUNK):
            places = alike[first : first + _CHUNK]
            units, chances = _gathered(coming, places, lines)
            rungs = start[places][:, None] + np.arange(lines, dtype=np.int64)
            upto[rungs] = np.cumsum(units, axis=1)
            by[rungs] = enough_by(units, chances)
    return Cover(
        places=coming.places, start=start, upto=upto, lines=_stands_for(coming, start), by=by
    )


def _stands_for(coming: Coming, start: Ints) -> Ints:
    """How many lines each rung counts on; a place's last one on all that are left."""
    place = np.repeat(np.arange(len(coming.places)), np.diff(start))
    numbers = np.arange(len(place), dtype=np.int64) - start[place] + 1
    last = numbers == np.diff(start)[place]
    return np.where(last, np.diff(coming.start)[place], numbers)


def enough_by(units: Ints, chances: Floats) -> Floats:
    """Chance [place, rung, day] that the lines come by then hold the first `rung + 1` lines' units.

    `units` [place, line], `chances` [place, line, day] of having come.
    """
    wanted = np.cumsum(units, axis=1)
    found = np.zeros_like(chances)
    for come in product((False, True), repeat=units.shape[1]):
        here = np.asarray(come)
        enough = (units * here).sum(axis=1, keepdims=True) >= wanted  # [place, rung]
        if enough.any():
            each = np.where(here[None, :, None], chances, 1.0 - chances)
            found += enough[:, :, None] * each.prod(axis=1)[:, None, :]
    return np.clip(found, 0.0, 1.0)


def _gathered(coming: Coming, places: Ints, lines: int) -> tuple[Ints, Floats]:
    """Units and chances of `lines` lines of each place, the last one standing for all after it."""
    at = coming.start[places][:, None] + np.arange(lines, dtype=np.int64)
    units, chances = coming.units[at], coming.by_evening[at]
    for row, place in enumerate(places):
        rest = slice(int(at[row, -1]), int(coming.start[place + 1]))
        if rest.stop - rest.start > 1:
            units[row, -1] = coming.units[rest].sum()
            chances[row, -1] = coming.by_evening[rest].prod(axis=0)
    return units, chances


def all_by(chances: Sequence[Floats]) -> Floats:
    """Chance [day] that all of several independent things have come."""
    return np.prod(np.stack(list(chances)), axis=0)
