"""The proof of a bound: prices, and a tree of cases that each row of prices covers."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.problem import Floats, Ints, Problem


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Prices under which no choice is worth more than the bound (Lagrangian relaxation).

    What a group may do are its modes: mode 0 buys nothing, the others buy; a group that ships in
    containers has a mode for every number of them. A mode is worth its best case; its cases cover
    all choices, each limiting what some items may cost. Rows are alternative sets of prices. A node
    of the tree restricts one group to a span of modes (the root, first, restricts nothing); a leaf
    names the row that shows what its case is worth at most. All prices and rewards are at least 0,
    but `load`, which below 0 pays for filling.
    """

    price: Floats = field(repr=False)  # [row, cap] value per unit of the cap
    pool_price: Floats = field(repr=False)  # [row, pool] per unit drawn
    mode_group: Ints = field(repr=False)  # [mode]; in order, from mode 1 of the first group
    mode_boxes: Ints = field(repr=False)  # containers; 0 where the group has none
    case_mode: Ints = field(repr=False)  # [case], each mode's cases together, in order of modes
    reward: Floats = field(repr=False)  # [row, case, minimum] per unit of weight
    load: Floats = field(repr=False)  # [row, case] price of container volume
    limit_case: Ints = field(repr=False)  # [limit] in this case ...
    limit_item: Ints = field(repr=False)  # ... this item ...
    limit_low: Ints = field(repr=False)  # ... costs at least so many minor units ...
    limit_high: Ints = field(repr=False)  # ... and at most so many
    node_parent: Ints = field(repr=False)
    node_group: Ints = field(repr=False)
    node_low: Ints = field(repr=False)
    node_high: Ints = field(repr=False)
    node_row: Ints = field(repr=False)  # -1: not a leaf


@dataclass(frozen=True, kw_only=True)
class Tree:
    """Nodes of a certificate as they are made."""

    parent: list[int] = field(default_factory=lambda: [-1])
    group: list[int] = field(default_factory=lambda: [-1])
    low: list[int] = field(default_factory=lambda: [0])
    high: list[int] = field(default_factory=lambda: [0])
    row: list[int] = field(default_factory=lambda: [0])

    def add(self, parent: int, group: int, low: int, high: int, row: int) -> int:
        """A leaf below `parent`, which no longer is one."""
        self.row[parent] = -1
        for names, each in zip(
            (self.parent, self.group, self.low, self.high, self.row),
            (parent, group, low, high, row),
            strict=True,
        ):
            names.append(each)
        return len(self.parent) - 1


def leaf_spans(problem: Problem, certificate: Certificate) -> list[tuple[int, Ints, Ints]]:
    """(row, lowest mode, highest mode [group]) of every leaf."""
    top = np.bincount(certificate.mode_group, minlength=problem.groups)
    spans: dict[int, tuple[Ints, Ints]] = {0: (np.zeros_like(top), top)}
    for node in range(1, len(certificate.node_parent)):
        low, high = spans[int(certificate.node_parent[node])]
        group = int(certificate.node_group[node])
        low, high = low.copy(), high.copy()
        low[group] = max(low[group], certificate.node_low[node])
        high[group] = min(high[group], certificate.node_high[node])
        spans[node] = (low, high)
    leaves = np.flatnonzero(certificate.node_row >= 0)
    return [(int(certificate.node_row[n]), *spans[int(n)]) for n in leaves]


def certified_bound(problem: Problem, certificate: Certificate) -> float:
    """No feasible choice is worth more; anyone can recompute it from the certificate."""
    profits: dict[int, tuple[float, Floats, Floats]] = {}
    best = -np.inf
    group = certificate.mode_group
    rank = np.arange(len(group)) - np.searchsorted(group, group) + 1
    for row, low, high in leaf_spans(problem, certificate):
        if row not in profits:
            profits[row] = _profits(problem, certificate, row)
        base, off, on = profits[row]
        most = np.where(low == 0, off, -np.inf)
        open_ = (rank >= low[group]) & (rank <= high[group])
        np.maximum.at(most, group[open_], on[open_])
        best = max(best, base + float(most.sum()))
    return best


def priced_score(problem: Problem, price: Floats, pool_price: Floats) -> Floats:
    """Value of each option less what it uses at these prices of caps and pools."""
    score = problem.value.copy()
    for cap, each in zip(problem.caps, price, strict=True):
        if each > 0:
            score -= np.where(cap.member[problem.owner], float(each) * problem.use(cap), 0.0)
    if problem.pools is not None:
        pool = problem.pools.pool
        score -= np.where(pool >= 0, pool_price[pool] * problem.pools.draw, 0.0)
    return score


def _profits(problem: Problem, certificate: Certificate, row: int) -> tuple[float, Floats, Floats]:
    """What the caps are worth, and what every group gains in mode 0 [group] and in each [mode]."""
    score = priced_score(problem, certificate.price[row], certificate.pool_price[row])
    case_mode = certificate.case_mode
    group = certificate.mode_group[case_mode]
    rank = np.arange(len(group)) - np.searchsorted(group, group)
    on = np.full(len(certificate.mode_group), -np.inf)
    for each in range(int(rank.max(initial=-1)) + 1):
        cases = np.flatnonzero(rank == each)
        np.maximum.at(on, case_mode[cases], _case_profits(problem, certificate, row, cases, score))
    base = sum(
        float(p) * max(cap.limit, 0.0)
        for cap, p in zip(problem.caps, certificate.price[row], strict=True)
    )
    return base, group_best(problem, np.where(problem.buys, -np.inf, score)), on


def _case_profits(
    problem: Problem, certificate: Certificate, row: int, cases: Ints, score: Floats
) -> Floats:
    """Of one case per group at most."""
    modes, boxes = certificate.case_mode[cases], problem.containers
    group = certificate.mode_group[modes]
    score = _limited(problem, certificate, cases, score)
    owed = np.zeros(problem.groups)
    of_option = problem.group[problem.owner]
    for k, minimum in enumerate(problem.minimums):
        reward = np.zeros(problem.groups)
        reward[group] = certificate.reward[row, cases, k]
        score = score + reward[of_option] * minimum.weight
        owed += reward * minimum.least
    if boxes is not None:
        load = np.zeros(problem.groups)
        load[group] = certificate.load[row, cases]
        score = score - load[of_option] * boxes.weight
        number = np.zeros(problem.groups)
        number[group] = certificate.mode_boxes[modes]
        edge = np.where(load > 0, 1.0, boxes.fill) * number * boxes.size
        owed += number * boxes.fee * (1.0 + fee_price(problem, certificate.price[row]))
        owed -= load * edge
    return (group_best(problem, score) - owed)[group]


def _limited(problem: Problem, certificate: Certificate, cases: Ints, score: Floats) -> Floats:
    """The scores without the options that the cases rule out."""
    mine = np.flatnonzero(np.isin(certificate.limit_case, cases))
    score = score.copy() if len(mine) else score
    for limit in mine:
        item = int(certificate.limit_item[limit])
        span = slice(int(problem.first[item]), int(problem.first[item + 1]))
        low, high = certificate.limit_low[limit], certificate.limit_high[limit]
        score[span][(problem.cost[span] < low) | (problem.cost[span] > high)] = -np.inf
    return score


def fee_price(problem: Problem, price: Floats) -> Floats:
    """Value that a minor unit of container fees must bring besides itself, [group]."""
    total = np.zeros(problem.groups)
    for cap, each in zip(problem.caps, price, strict=True):
        total += np.where(problem.charged(cap), each, 0.0)
    return total


def group_best(problem: Problem, score: Floats) -> Floats:
    """Sum over each group's items of the best score."""
    best = np.maximum.reduceat(score, problem.first[:-1]) if problem.items else np.zeros(0)
    return problem.by_group(problem.group, best)
