"""What is left under every limit as a choice changes one item at a time."""

import numpy as np

from engine.replenish.allocate.problem import (
    SLACK,
    Flags,
    Floats,
    Ints,
    Problem,
    allowed,
    slack,
)


class Room:
    """Caps and group limits around a feasible choice; moved stock and containers stay as they are.

    Group limits are rows: a change of `weight` [option] may use up `spare` [group].
    """

    def __init__(self, problem: Problem, choice: Ints, price: Floats) -> None:
        """`price` [cap] weighs what a change uses; cash alone where all are 0."""
        self.problem = problem
        self.choice = choice.copy()
        used = problem.spent(choice)
        self.left = [allowed(cap) - each for cap, each in zip(problem.caps, used, strict=True)]
        self._rows = _group_rows(problem, choice)
        # A group that must reach something and buys nothing cannot take up a single item.
        barred = (problem.has_minimum | problem.boxed) & ~problem.in_use(choice)
        self._barred = barred
        self.usage = _usage(problem, price)

    def may_change(self, option: Ints, now: Ints) -> Flags:
        """Changes [option] from the options `now` that every limit has room for.

        Of a cap that is exceeded a change may not use more.
        """
        problem = self.problem
        item = problem.owner[option]
        fits = ~(self._barred[problem.group[item]] & problem.buys[option])
        for cap, left in zip(problem.caps, self.left, strict=True):
            use = problem.use(cap)
            fits &= ~cap.member[item] | (use[option] - use[now] <= max(left, 0.0))
        for weight, spare in self._rows:
            fits &= weight[option] - weight[now] + spare[problem.group[item]] >= -SLACK
        if problem.pools is not None:
            pool, draw = problem.pools.pool, problem.pools.draw
            fits &= (pool[option] == pool[now]) & (draw[option] == draw[now])
        return fits

    def rates(self, option: Ints, now: Ints) -> Floats:
        """Value per unit of what is scarce; 0 where a change gains nothing or does not fit."""
        gain = self.problem.value[option] - self.problem.value[now]
        usage = self.usage[option] - self.usage[now]
        rate = np.where(gain > 0, gain / np.maximum(usage, 1e-9), 0.0)
        wanted = np.flatnonzero(rate > 0)
        rate[wanted[~self.may_change(option[wanted], now[wanted])]] = 0.0
        return rate

    def move(self, item: int, target: int) -> None:
        problem, now = self.problem, int(self.choice[item])
        group = int(problem.group[item])
        for k, cap in enumerate(problem.caps):
            if cap.member[item]:
                use = problem.use(cap)
                self.left[k] -= float(use[target] - use[now])
        for weight, spare in self._rows:
            spare[group] += weight[target] - weight[now]
        self.choice[item] = target


def _group_rows(problem: Problem, choice: Ints) -> list[tuple[Floats, Floats]]:
    rows = [
        (minimum.weight, np.where(minimum.least > 0, weights - minimum.least, np.inf))
        for minimum, weights in zip(problem.minimums, problem.weights(choice), strict=True)
    ]
    boxes = problem.containers
    if boxes is not None:
        volume = problem.by_group(problem.group, boxes.weight[choice])
        edge = boxes.begun(volume) * boxes.size
        least = edge * boxes.fill
        boxed = problem.boxed
        rows.append((boxes.weight, np.where(boxed, volume - least + slack(least), np.inf)))
        rows.append((-boxes.weight, np.where(boxed, edge - volume + slack(edge), np.inf)))
    return rows


def _usage(problem: Problem, price: Floats) -> Floats:
    if not price.any():
        return problem.cost.astype(np.float64)
    usage = np.zeros(len(problem.cost))
    for cap, each in zip(problem.caps, price, strict=True):
        usage += np.where(cap.member[problem.owner], float(each) * problem.use(cap), 0.0)
    return usage
