"""Reach a limit by whole options at the least loss: a knapsack over an item's few good changes."""

import numpy as np

from engine.replenish.allocate.problem import Floats, Ints

CELLS = 1024  # into which the weights in reach are cut
ITEMS = 40  # with the changes that lose least; the rest stay as they are
OPTIONS = 3  # of an item
REACH = 3.0  # how far above what is missing, and below nothing, sums may stray, in usual changes


def cover(owner: Ints, loss: Floats, lift: Floats, missing: float, reward: float) -> Ints | None:
    """Changes (places in the option arrays) that lift by `missing` or more at the least loss.

    `loss` [option] at least 0 is what an option falls short of its item's best at the prices of
    the relaxation, `lift` its weight above that of its item's best option; the best options lose
    and lift nothing. Lifting beyond `missing` loses `reward` per unit. Lifts are rounded down to
    cells, so what is found does reach. None where nothing among the best changes does.
    """
    over = np.where(lift >= missing, loss + reward * (lift - missing), np.inf)
    most = float(over.min(initial=np.inf))
    place = _core(owner, loss, most)
    if not len(place):
        return None
    usual = float(np.quantile(np.abs(lift[place]), 0.9))
    spread = max(REACH * usual, missing)
    cell = (2 * spread + missing) / CELLS
    zero = int(spread / cell) + 1
    table = np.full(CELLS + 2, np.inf)
    table[zero] = 0.0
    taken: list[tuple[Ints, Ints, Ints]] = []
    for mine in np.split(place, np.flatnonzero(np.diff(owner[place])) + 1):
        shift = np.floor(lift[mine] / cell).astype(np.int64)
        table, pick = _with_item(table, loss[mine], shift)
        taken.append((mine, shift, pick))
    first = zero + int(np.ceil(missing / cell))
    beyond = np.maximum((np.arange(len(table)) - zero) * cell - missing, 0.0)
    total = table + reward * beyond
    end = first + int(total[first:].argmin()) if first < len(total) else 0
    if first >= len(total) or not total[end] < most:
        return None if not np.isfinite(most) else np.asarray([int(over.argmin())])
    return _traced(taken, end)


def _core(owner: Ints, loss: Floats, most: float) -> Ints:
    """Changes worth looking at: the best few of the items whose best change loses least."""
    place = np.flatnonzero((loss > 0) & (loss < most) & np.isfinite(loss))
    place = place[np.lexsort((loss[place], owner[place]))]
    starts = np.flatnonzero(np.diff(owner[place], prepend=-1) != 0)
    rank = np.arange(len(place)) - np.repeat(starts, np.diff(np.append(starts, len(place))))
    place = place[rank < OPTIONS]
    heads = place[np.flatnonzero(np.diff(owner[place], prepend=-1) != 0)]
    chosen = owner[heads[np.argsort(loss[heads], kind="stable")[:ITEMS]]]
    return place[np.isin(owner[place], chosen)]


def _with_item(table: Floats, loss: Floats, shift: Ints) -> tuple[Floats, Ints]:
    """One more item, which changes to one of its options or stays."""
    best, pick = table.copy(), np.full(len(table), -1, dtype=np.int64)
    size = len(table)
    for option, (lost, by) in enumerate(zip(loss, shift, strict=True)):
        if abs(by) >= size:
            continue
        to = slice(max(by, 0), size + min(by, 0))
        come = slice(max(-by, 0), size - max(by, 0))
        offered = table[come] + lost
        better = offered < best[to]
        best[to][better] = offered[better]
        pick[to][better] = option
    return best, pick


def _traced(taken: list[tuple[Ints, Ints, Ints]], end: int) -> Ints:
    """The changes that lead to a cell."""
    found: list[int] = []
    for mine, shift, pick in reversed(taken):
        option = int(pick[end])
        if option >= 0:
            found.append(int(mine[option]))
            end -= int(shift[option])
    return np.asarray(found, dtype=np.int64)
