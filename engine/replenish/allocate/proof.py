"""From the relaxation to the search's table of modes, and from its tree to a certificate."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.replenish.allocate.certificate import Certificate, Tree
from engine.replenish.allocate.problem import Floats, Ints
from engine.replenish.allocate.relax import Relaxation
from engine.replenish.allocate.search import Modes
from engine.replenish.allocate.wholes import Wholes

if TYPE_CHECKING:
    from engine.replenish.allocate.cases import Limit

Part = tuple[Relaxation, Mapping[int, Wholes]]

DEARER = 1.05  # how much cash costs where modes are made to fit


def modes_of(relaxed: Relaxation, wholes: Mapping[int, Wholes]) -> Modes:
    """All blocks' modes at all prices; mode 0 buys nothing but may move stock."""
    blocks, grid = relaxed.blocks, relaxed.grid
    most = 1 + max((len(each.spans.boxes) for each in relaxed.loads.values()), default=1)
    shape = (blocks.count, most, len(grid))
    profit, spend = np.full(shape, -np.inf), np.zeros(shape)
    profit[:, 0], spend[:, 0] = _idle(relaxed)
    plain = ~blocks.loaded
    profit[plain, 1], spend[plain, 1] = relaxed.replies.profit[plain], relaxed.replies.spend[plain]
    for block, whole in wholes.items():
        if len(whole.cases) > 1:
            profit[block, 1], spend[block, 1], _ = whole.replies()
    for block, loaded in relaxed.loads.items():
        table = loaded.table(grid)
        count = 1 + len(table.spans.boxes)
        profit[block, 1:count], spend[block, 1:count] = table.profit, table.spend
    # Block 0 must reach nothing: to be able to buy is never worse.
    profit[0, 0] = -np.inf
    others = sum(
        float(p) * max(cap.limit, 0.0)
        for cap, p in zip(relaxed.problem.caps, relaxed.side.cap, strict=True)
    )
    base = others + (grid * relaxed.budget if relaxed.main >= 0 else np.zeros(len(grid)))
    dearer = np.minimum(np.searchsorted(grid, grid * DEARER), len(grid) - 1)
    return Modes(
        price=grid, profit=profit, spend=spend, base=base, dearer=dearer, budget=relaxed.budget
    )


def _idle(relaxed: Relaxation) -> tuple[Floats, Floats]:
    """Profit and cash [block, price] of blocks that buy nothing."""
    problem, blocks = relaxed.problem, relaxed.blocks
    shape = (blocks.count, len(relaxed.grid))
    profit, spend = np.zeros(shape), np.zeros(shape)
    if problem.pools is None:
        return profit, spend
    idle = np.flatnonzero(~problem.buys)
    owner = problem.owner[idle]
    first = np.flatnonzero(np.diff(owner, prepend=-1) != 0)
    of = blocks.of_item[owner[first]]
    for k, price in enumerate(relaxed.grid):
        score = relaxed.scores[idle] - price * problem.cost[idle]
        best = np.maximum.reduceat(score, first)
        at_best = score >= best[np.cumsum(np.diff(owner, prepend=-1) != 0) - 1]
        cost = np.where(at_best, problem.cost[idle], np.inf)
        profit[:, k] = np.bincount(of, weights=best, minlength=blocks.count)
        paid = np.minimum.reduceat(cost, first)
        spend[:, k] = np.bincount(of, weights=paid, minlength=blocks.count)
    return profit, spend


class _Rows:
    """The arrays of a certificate over cases, filled in block by block."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._blocks = parts[0][0].blocks
        self._grid = np.concatenate([relaxed.grid for relaxed, _ in parts])
        self.mode_group: list[int] = []
        self.mode_boxes: list[int] = []
        self.case_mode: list[int] = []
        self.limits: list[tuple[int, Limit]] = []
        self.reward: list[Floats] = []  # [row, minimum] each
        self.load: list[Floats] = []

    def add_group(self, group: int) -> None:
        block = int(self._blocks.of_group[group])
        if self._blocks.loaded[block]:
            self._add_loaded(group, block)
            return
        self._mode(group, 0)
        whole = self._parts[0][1].get(block)
        cases = [()] if whole is None else [case.limits for case in whole.cases]
        for rate, limits in zip(self._rates(block, len(cases)), cases, strict=True):
            self.limits += [(len(self.case_mode), limit) for limit in limits]
            self._case(rate, np.zeros_like(rate), -1)

    def _add_loaded(self, group: int, block: int) -> None:
        tables = [relaxed.loads[block].table(relaxed.grid) for relaxed, _ in self._parts]
        spans = tables[0].spans
        for mode in range(len(spans.boxes)):
            self._mode(group, int(spans.boxes[mode]))
            rate = np.concatenate([table.rate[mode] for table in tables])
            load = np.concatenate([table.load[mode] for table in tables])
            self._case(rate, load, int(spans.minimum[mode]))

    def _rates(self, block: int, cases: int) -> list[Floats]:
        """Returns on cash [case] at all rows; only the first part knows of several cases."""
        if block == 0:
            return [self._grid]
        first, whole = self._parts[0][0], self._parts[0][1].get(block)
        rates = [first.replies.rate[block]] if whole is None else whole.rates()
        rest = [relaxed.replies.rate[block] for relaxed, _ in self._parts[1:]]
        return [np.concatenate([rates[case], *rest]) for case in range(cases)]

    def _mode(self, group: int, boxes: int) -> None:
        self.mode_group.append(group)
        self.mode_boxes.append(boxes)

    def _case(self, rate: Floats, load: Floats, minimum: int) -> None:
        """`minimum` is what `load` below 0 pays for: -1 the filling of containers."""
        problem = self._parts[0][0].problem
        reward = np.zeros((len(rate), len(problem.minimums)))
        if self._blocks.cash >= 0:
            reward[:, self._blocks.cash] = np.maximum(self._grid - rate, 0.0)
        if minimum >= 0:
            reward[:, minimum] += np.maximum(-load, 0.0)
            load = np.maximum(load, 0.0)
        self.case_mode.append(len(self.mode_group) - 1)
        self.reward.append(reward)
        self.load.append(load)


def certificate_of(parts: Sequence[Part], tree: Tree) -> Certificate:
    """Prices, rewards and the tree, in terms of the problem's own caps, groups and minimums.

    The rows of all parts follow one another; cases of groups are those of the first.
    """
    problem, blocks = parts[0][0].problem, parts[0][0].blocks
    rows = _Rows(parts)
    for group in range(problem.groups):
        rows.add_group(group)
    price = np.concatenate([_prices(relaxed) for relaxed, _ in parts])
    pool = np.concatenate([np.tile(r.side.pool, (len(r.grid), 1)) for r, _ in parts])
    kinds, count = len(problem.minimums), len(price)
    group_of = np.concatenate([blocks.group, [-1]])
    return Certificate(
        price=price,
        pool_price=pool,
        mode_group=_ints(rows.mode_group),
        mode_boxes=_ints(rows.mode_boxes),
        case_mode=_ints(rows.case_mode),
        reward=np.asarray(rows.reward).reshape(len(rows.reward), count, kinds).transpose(1, 0, 2),
        load=np.asarray(rows.load).reshape(len(rows.load), count).T,
        limit_case=_ints([case for case, _ in rows.limits]),
        limit_item=_ints([limit.item for _, limit in rows.limits]),
        limit_low=_ints([limit.low for _, limit in rows.limits]),
        limit_high=_ints([limit.high for _, limit in rows.limits]),
        node_parent=_ints(tree.parent),
        node_group=group_of[np.asarray(tree.group)],
        node_low=_ints(tree.low),
        node_high=_ints(tree.high),
        node_row=_ints(tree.row),
    )


def _prices(relaxed: Relaxation) -> Floats:
    """Of all caps [row, cap]."""
    price = np.tile(relaxed.side.cap, (len(relaxed.grid), 1))
    if relaxed.main >= 0:
        price[:, relaxed.main] = relaxed.grid
    return price


def _ints(values: Sequence[int]) -> Ints:
    return np.asarray(values, dtype=np.int64)
