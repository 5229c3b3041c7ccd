"""Put cash that is left to its best use, one change at a time."""

import heapq

import numpy as np

from engine.replenish.allocate.problem import Floats, Ints, Problem

TRIED = 20_000  # items looked at again while filling; what is left after that is small change


def fill(problem: Problem, choice: Ints) -> Ints:
    """Change single items for more value per unit of cash while every cap and minimum holds.

    Takes the best return that still fits, again and again;
    stopping at the first misfit would leave cash that a cheaper option can use. Options off the
    hull count as well, so a quantity between two hull points can use up a remainder.
    """
    room = _Room(problem, choice)
    rate, option = room.best_changes()
    order = np.lexsort((np.arange(len(rate)), -rate))
    queue = [(-float(rate[i]), int(i), int(option[i])) for i in order[:TRIED] if rate[i] > 0]
    heapq.heapify(queue)
    for _ in range(4 * TRIED):
        if not queue:
            break
        _, item, target = heapq.heappop(queue)
        fits = room.fits(item, target)
        if fits:
            room.move(item, target)
        again = room.best_change(item)
        if again is not None and (fits or again[1] != target):
            heapq.heappush(queue, (-again[0], item, again[1]))
    return room.choice


class _Room:
    """What is left under each cap, and above each minimum, as the choice changes."""

    def __init__(self, problem: Problem, choice: Ints) -> None:
        self.problem = problem
        self.choice = choice.copy()
        self._left = np.asarray(
            [cap.minor - s for cap, s in zip(problem.caps, problem.spent(choice), strict=True)],
            dtype=np.int64,
        )
        self._spare = [
            np.where(minimum.least > 0, weights - minimum.least, np.inf)
            for minimum, weights in zip(problem.minimums, problem.weights(choice), strict=True)
        ]
        # A group that has a minimum and buys nothing cannot take up a single item.
        self._open = problem.in_use(choice) | ~problem.has_minimum

    def budget(self) -> Ints:
        """Cash that each item may still cost more."""
        left = np.full(self.problem.items, np.iinfo(np.int64).max)
        for cap, each in zip(self.problem.caps, self._left, strict=True):
            left[cap.member] = np.minimum(left[cap.member], each)
        return np.where(self._open[self.problem.group], left, -1)

    def best_changes(self) -> tuple[Floats, Ints]:
        """Per item the best return on cash among affordable changes, and its option."""
        problem = self.problem
        owner = problem.owner
        cost = problem.cost - problem.cost[self.choice][owner]
        value = problem.value - problem.value[self.choice][owner]
        rate = np.where(value > 0, value / np.maximum(cost, 1e-6), 0.0)
        rate[cost > self.budget()[owner]] = 0.0
        best = np.maximum.reduceat(rate, problem.first[:-1]) if problem.items else rate
        at_best = np.flatnonzero(rate == best[owner])
        option = np.zeros(problem.items, dtype=np.int64)
        option[owner[at_best][::-1]] = at_best[::-1]
        return best, option

    def best_change(self, item: int) -> tuple[float, int] | None:
        problem = self.problem
        span = slice(int(problem.first[item]), int(problem.first[item + 1]))
        now = int(self.choice[item])
        cost = problem.cost[span] - problem.cost[now]
        value = problem.value[span] - problem.value[now]
        left = min(
            (int(x) for cap, x in zip(problem.caps, self._left, strict=True) if cap.member[item]),
            default=np.iinfo(np.int64).max,
        )
        rate = np.where((value > 0) & (cost <= left), value / np.maximum(cost, 1e-6), 0.0)
        place = int(rate.argmax())
        return (float(rate[place]), span.start + place) if rate[place] > 0 else None

    def fits(self, item: int, target: int) -> bool:
        problem, now = self.problem, int(self.choice[item])
        group = int(problem.group[item])
        extra = int(problem.cost[target] - problem.cost[now])
        within = all(
            extra <= left or not cap.member[item]
            for cap, left in zip(problem.caps, self._left, strict=True)
        )
        return within and all(
            minimum.weight[target] - minimum.weight[now] + spare[group] >= -1e-9
            for minimum, spare in zip(problem.minimums, self._spare, strict=True)
        )

    def move(self, item: int, target: int) -> None:
        problem, now = self.problem, int(self.choice[item])
        for k, cap in enumerate(problem.caps):
            if cap.member[item]:
                self._left[k] -= problem.cost[target] - problem.cost[now]
        for minimum, spare in zip(problem.minimums, self._spare, strict=True):
            spare[problem.group[item]] += minimum.weight[target] - minimum.weight[now]
        self.choice[item] = target
