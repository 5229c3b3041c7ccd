"""The options of each item that can be best at some price of what they use, as steps upward."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.problem import Flags, Floats, Ints


@dataclass(frozen=True, kw_only=True)
class Steps:
    """Steps along the concave hull of (use, score) of each item, in order of items.

    Step s takes its item from option `before` to option `after`, which uses `use` > 0 more and
    scores `score` more; score / use falls within an item. `start` [item] is where it begins: its
    best option among those of the least use.
    """

    item: Ints = field(repr=False)
    before: Ints = field(repr=False)
    after: Ints = field(repr=False)
    use: Floats = field(repr=False)
    score: Floats = field(repr=False)
    start: Ints = field(repr=False)

    @property
    def rate(self) -> Floats:
        """Score per unit of use."""
        return self.score / self.use


def hull_steps(owner: Ints, option: Ints, use: Floats, score: Floats) -> Steps:
    """Of the options in `option`, `owner` their items from 0 without gaps; arrays alike.

    Vertices are found by dropping options on or below the line between their neighbours. A
    vertex lies above every such line, so all others can be dropped at once, again and again
    until none is left: few rounds, as most curves are nearly concave to begin with. Options that
    score less than what uses less stay: they may serve a supplier's minimum.
    """
    order = _rising(owner, use, score)
    owner, use, score, option = owner[order], use[order], score[order], option[order]
    done: list[Ints] = []
    place = np.arange(len(owner))
    while len(place):
        mine = owner[place]
        inner = _inner(mine, use[place], score[place])
        # Items without an inner option are finished and need not be looked at again.
        bent = np.zeros(int(owner[-1]) + 1, dtype=np.bool_)
        bent[mine[inner]] = True
        open_ = bent[mine]
        done.append(place[~open_])
        place = place[open_ & ~inner]
    kept = np.sort(np.concatenate(done)) if done else place
    return _steps(owner[kept], option[kept], use[kept], score[kept])


def _rising(owner: Ints, use: Floats, score: Floats) -> Ints:
    """Options in rising use per item; of equal use only the best (the first of equals).

    A price break can make more units cost less, so options are ordered by use, not by units.
    """
    same = owner[1:] == owner[:-1]
    if bool(np.all((use[1:] > use[:-1]) | ~same)):
        return np.arange(len(owner))
    order = np.arange(len(owner))
    # Few items have price breaks; only theirs are sorted, each within its own places.
    bent = np.zeros(int(owner[-1]) + 1, dtype=np.bool_)
    bent[owner[1:][same & (use[1:] <= use[:-1])]] = True
    mine = np.flatnonzero(bent[owner])
    order[mine] = mine[np.lexsort((-score[mine], use[mine], owner[mine]))]
    by = use[order]
    repeated = same & (by[1:] <= by[:-1])
    return order[np.concatenate([[True], ~repeated])]


def _inner(owner: Ints, use: Floats, score: Floats) -> Flags:
    """Options on or below the line between the options before and after them in their item."""
    inner = np.zeros(len(owner), dtype=np.bool_)
    if len(owner) < 3:  # noqa: PLR2004  a middle needs two neighbours
        return inner
    same = (owner[:-2] == owner[1:-1]) & (owner[1:-1] == owner[2:])
    rise, run = np.diff(score), np.diff(use)
    inner[1:-1] = same & (rise[:-1] * run[1:] <= rise[1:] * run[:-1])
    return inner


def _steps(owner: Ints, option: Ints, use: Floats, score: Floats) -> Steps:
    ends = np.flatnonzero(owner[1:] == owner[:-1]) + 1
    starts = np.flatnonzero(np.diff(owner, prepend=-1) != 0)
    return Steps(
        item=owner[ends],
        before=option[ends - 1],
        after=option[ends],
        use=use[ends] - use[ends - 1],
        score=score[ends] - score[ends - 1],
        start=option[starts],
    )
