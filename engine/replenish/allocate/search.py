"""Which groups buy at all, and in how many containers: branch and bound over their modes."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.certificate import Tree
from engine.replenish.allocate.problem import Floats, Ints

NODES = 4_000  # a fixed amount of work, so that the result does not depend on the machine
KEPT = 8  # best combinations of modes handed on


@dataclass(frozen=True, kw_only=True)
class Modes:
    """What each block may do at each row of prices, relaxed within the block.

    `price` [row] is that of cash. `profit` [block, mode, row] is score less priced cash (minus
    infinity: no such mode), `spend` its cash. `base` [row] is what the prices charge for all there
    is; `dearer` [row] is a row at which cash costs somewhat more, other prices alike.
    """

    price: Floats = field(repr=False)
    profit: Floats = field(repr=False)
    spend: Floats = field(repr=False)
    base: Floats = field(repr=False)
    dearer: Ints = field(repr=False)
    budget: float


def joined(parts: Sequence[Modes]) -> Modes:
    """Rows of several sets of prices of the other caps one after the other."""
    starts = np.cumsum([0, *(len(part.price) for part in parts[:-1])])
    return Modes(
        price=np.concatenate([part.price for part in parts]),
        profit=np.concatenate([part.profit for part in parts], axis=2),
        spend=np.concatenate([part.spend for part in parts], axis=2),
        base=np.concatenate([part.base for part in parts]),
        dearer=np.concatenate([p.dearer + at for p, at in zip(parts, starts, strict=True)]),
        budget=parts[0].budget,
    )


@dataclass(frozen=True, kw_only=True)
class Found:
    """`picks`: (relaxed value, row of prices, mode [block]), best first."""

    bound: float
    tree: Tree
    picks: list[tuple[float, int, Ints]]


@dataclass(order=True)
class _Case:
    """A node that is still open; compared by its bound, the highest first, then by age."""

    minus_bound: float
    node: int
    sums: Floats = field(compare=False)  # [price]
    low: Ints = field(compare=False)
    high: Ints = field(compare=False)


def choose_modes(modes: Modes, close: float) -> Found:
    """The best combinations of modes, and a tree of cases that proves a bound.

    A case is bounded by its lowest sum over the prices of cash (Lagrangian relaxation of the
    budget alone; the groups are solved within). Where the sums are lowest a group is split
    between the two modes that are nearest to a tie there. A case that promises no more than the
    share `close` above the best is left as it is.
    """
    return _Search(modes, close).run()


class _Search:
    def __init__(self, modes: Modes, close: float) -> None:
        self._modes, self._close = modes, close
        self._blocks, self._most = len(modes.profit), int(modes.profit.shape[1])
        self._least = modes.spend.min(axis=2)  # at whatever prices
        self._tree = Tree()
        self._picks: dict[bytes, tuple[float, int, Ints]] = {}
        self._best = -np.inf
        self._closed = -np.inf  # highest bound of a case that was closed

    def run(self) -> Found:
        low = np.zeros(self._blocks, dtype=np.int64)
        high = np.full(self._blocks, self._most - 1)
        sums = self._modes.base + self._modes.profit.max(axis=1).sum(axis=0)
        self._tree.row[0] = int(sums.argmin())
        open_ = [_Case(-float(sums.min()), 0, sums, low, high)]
        for _ in range(NODES):
            if not open_ or -open_[0].minus_bound <= self._enough():
                break
            for case in self._split(heapq.heappop(open_)):
                heapq.heappush(open_, case)
        bound = max([self._closed, *(-case.minus_bound for case in open_)])
        picks = sorted(self._picks.values(), key=lambda pick: -pick[0])[:KEPT]
        return Found(bound=bound, tree=self._tree, picks=picks)

    def _enough(self) -> float:
        return self._best + self._close * abs(self._best)

    def _split(self, case: _Case) -> list[_Case]:
        """Two cases that cover this one; none where it is decided or has become hopeless."""
        place = int(case.sums.argmin())
        allowed = self._allowed(case, place)
        self._round(allowed, place)
        two = np.sort(allowed, axis=1)[:, -2:] if self._most > 1 else allowed[:, :1]
        gap = two[:, -1] - two[:, 0]
        gap[~np.isfinite(gap) | (case.low == case.high)] = np.inf
        block = int(gap.argmin())
        if self._most == 1 or not np.isfinite(gap[block]):
            self._closed = max(self._closed, -case.minus_bound)
            return []
        best, other = np.argsort(-allowed[block], kind="stable")[:2]
        edge = int(min(best, other))
        spans = ((int(case.low[block]), edge), (edge + 1, int(case.high[block])))
        made = [self._case(case, block, *span) for span in spans]
        return [each for each in made if each is not None]

    def _allowed(self, case: _Case, place: int) -> Floats:
        """Profit [block, mode] at one price, minus infinity for modes that are ruled out."""
        mode = np.arange(self._most)
        inside = (mode >= case.low[:, None]) & (mode <= case.high[:, None])
        return np.where(inside, self._modes.profit[:, :, place], -np.inf)

    def _case(self, case: _Case, block: int, first: int, last: int) -> _Case | None:
        profit = self._modes.profit[block]
        now = profit[case.low[block] : case.high[block] + 1].max(axis=0)
        then = profit[first : last + 1].max(axis=0)
        # What no price lets pay is settled by any of them.
        sums = case.sums - now + then
        place = int(sums.argmin())
        node = self._tree.add(case.node, block, first, last, place)
        bound = float(sums[place])
        if bound <= self._enough():
            self._closed = max(self._closed, bound)
            return None
        low, high = case.low.copy(), case.high.copy()
        low[block], high[block] = first, last
        return _Case(-bound, node, sums, low, high)

    def _round(self, allowed: Floats, place: int) -> None:
        """Combinations that fit near this price: the best modes, less what does not fit."""
        best: Ints = np.argmax(allowed, axis=1)
        for at in sorted({place, int(self._modes.dearer[place])}):
            mode = self._fitted(best, allowed, self._modes.spend[:, :, at])
            if mode is not None:
                self._keep(mode)

    def _fitted(self, mode: Ints, allowed: Floats, spend: Floats) -> Ints | None:
        """Switched to cheaper modes, least loss first, until it fits; then up where room is."""
        every = np.arange(self._blocks)
        left = self._modes.budget - float(spend[every, mode].sum())
        for _ in range(self._blocks):
            extra = spend - spend[every, mode][:, None]
            loss = allowed[every, mode][:, None] - allowed
            if left < 0:
                possible = np.where((extra < 0) & np.isfinite(loss), loss, np.inf)
            else:
                possible = np.where((extra > 0) & (extra <= left) & (loss < 0), loss, np.inf)
            move = int(possible.argmin())
            if not np.isfinite(possible.ravel()[move]):
                return mode if left >= 0 else None
            block, to = divmod(move, self._most)
            left -= float(extra[block, to])
            mode = mode.copy()
            mode[block] = to
        return mode if left >= 0 else None

    def _keep(self, mode: Ints) -> None:
        key = mode.tobytes()
        if key in self._picks:
            return
        every = np.arange(self._blocks)
        if float(self._least[every, mode].sum()) > self._modes.budget:
            return
        sums = self._modes.base + self._modes.profit[every, mode].sum(axis=0)
        place = int(sums.argmin())
        value = float(sums[place])
        if np.isfinite(value):
            self._picks[key] = (value, place, mode)
            self._best = max(self._best, value)
