"""Meet several limits of a group at once by whole options: sums of few good changes, paired."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.problem import SLACK, Floats, Ints

ITEMS = 100  # whose best change loses least; the rest stay as they are
OPTIONS = 8  # of an item
STATES = 600  # sums kept of each half of the items
# Into so many per usual change sums are told apart: finely for small corrections, coarsely for
# those that take several large changes.
CELLS = (6.0, 1.0)
_MIX = 1_000_003  # by which cells of several rows become one number


@dataclass(frozen=True, kw_only=True)
class _Sums:
    """Sums of changes of some items: what they add to each row, gain and lose, and of what."""

    lift: Floats = field(repr=False)  # [state, row]
    gain: Floats = field(repr=False)
    loss: Floats = field(repr=False)
    changes: Ints = field(repr=False)  # [state, item gone through], -1: none


def balanced(owner: Ints, gain: Floats, loss: Floats, lift: Floats, spare: Floats) -> Ints | None:
    """Changes (places in the option arrays) after which every limit holds and most is gained.

    `spare` [row] is what a start is above (below 0: short of) each limit; `lift` [row, option] is
    what changing an item to an option adds to it, `gain` [option] what it gains or (below 0)
    costs. `loss` [option], at least 0, is the same at prices of the limits: changes that lose
    little are looked at, the most promising sums of two halves of the items are kept, and every
    sum of one half is tried with every one of the other (Horowitz and Sahni, 1974, Computing
    partitions with applications to the knapsack problem, with the lists cut short). None where
    nothing fits.
    """
    place = _core(owner, np.where((lift != 0).any(axis=0), loss, np.inf))
    if not len(place):
        return None
    usual = np.quantile(np.abs(lift[:, place]), 0.5, axis=1)
    items = _by_item(owner, loss, place)
    left = spare + SLACK * np.maximum(np.abs(spare), 1.0)
    best: Ints | None = None
    most = -np.inf
    for cells in CELLS:
        one, other = (_sums(items[k::2], gain, loss, lift, usual / cells + 1e-9) for k in (0, 1))
        found = _best_pair(one, other, left)
        if found is not None and float(gain[found].sum()) > most:
            best, most = found, float(gain[found].sum())
    return best


def _core(owner: Ints, loss: Floats) -> Ints:
    """The best few changes of the items whose best change loses least, in order of items."""
    place = np.flatnonzero(np.isfinite(loss))
    place = place[np.lexsort((loss[place], owner[place]))]
    starts = np.flatnonzero(np.diff(owner[place], prepend=-1) != 0)
    rank = np.arange(len(place)) - np.repeat(starts, np.diff(np.append(starts, len(place))))
    heads = place[starts]
    chosen = owner[heads[np.argsort(loss[heads], kind="stable")[:ITEMS]]]
    return place[(rank < OPTIONS) & np.isin(owner[place], chosen)]


def _by_item(owner: Ints, loss: Floats, place: Ints) -> list[Ints]:
    """The changes of each item, the item with the least loss first."""
    parts = np.split(place, np.flatnonzero(np.diff(owner[place])) + 1)
    return sorted(parts, key=lambda mine: (float(loss[mine[0]]), int(mine[0])))


def _sums(items: list[Ints], gain: Floats, loss: Floats, lift: Floats, unit: Floats) -> _Sums:
    """Of all combinations of changes those that lose least; of sums that are alike the best."""
    rows = len(unit)
    mix = np.asarray([_MIX**row % 2**61 for row in range(rows)], dtype=np.int64)
    made = _Sums(
        lift=np.zeros((1, rows)), gain=np.zeros(1), loss=np.zeros(1),
        changes=np.zeros((1, 0), dtype=np.int64),
    )  # fmt: skip
    for mine in items:
        count = len(made.loss)
        total = (made.loss + np.append(0.0, loss[mine])[:, None]).ravel()
        order = np.argsort(total, kind="stable")[: 3 * STATES]
        state, change = order % count, np.append(-1, mine)[order // count]
        shift = np.where(change[:, None] >= 0, lift.T[change], 0.0)
        sums = made.lift[state] + shift
        cell = np.floor(sums / unit).astype(np.int64) @ mix
        kept = np.sort(np.unique(cell, return_index=True)[1])[:STATES]
        state, change = state[kept], change[kept]
        made = _Sums(
            lift=sums[kept],
            gain=made.gain[state] + np.where(change >= 0, gain[change], 0.0),
            loss=total[order[kept]],
            changes=np.column_stack([made.changes[state], change]),
        )
    return made


def _best_pair(one: _Sums, other: _Sums, spare: Floats) -> Ints | None:
    fits = np.ones((len(one.loss), len(other.loss)), dtype=np.bool_)
    for row, left in enumerate(spare):
        fits &= one.lift[:, row, None] + left >= -other.lift[None, :, row]
    total = np.where(fits, one.gain[:, None] + other.gain[None, :], -np.inf)
    first, second = np.unravel_index(int(total.argmax()), total.shape)
    if not fits[first, second]:
        return None
    found = np.concatenate([one.changes[first], other.changes[second]])
    return found[found >= 0]
