"""Put cash that is left to its best use, one change at a time."""

import heapq

import numpy as np

from engine.replenish.allocate.problem import SLACK, Floats, Ints, Problem

ROUNDS = 4  # looks at all items; each later one has only small change to spend
LOOKED_AT = 4.0  # changes are queued until they could use up what is left so many times
LEAST_QUEUED = 200
MOVES = 40_000  # a fixed amount of work, so that the result does not depend on the machine


def fill(problem: Problem, choice: Ints) -> Ints:
    """Change single items for more value per unit of cash while every cap and minimum holds.

    Takes the best return that still fits, again and again; stopping at the first misfit would
    leave cash that a cheaper option can use. Options off the hull count as well, so a quantity
    between two hull points can use up a remainder.
    """
    room = _Room(problem, choice)
    for _ in range(ROUNDS):
        if not _spend(room):
            break
    return room.choice


def _spend(room: "_Room") -> bool:
    """Make the best changes among those in reach; whether there was one."""
    queue = _queued(room)
    changed = False
    for _ in range(MOVES):
        if not queue:
            break
        _, item, target = heapq.heappop(queue)
        fits = room.fits(item, target)
        if fits:
            room.move(item, target)
            changed = True
        again = room.best_change(item)
        if again is not None and (fits or again[1] != target):
            heapq.heappush(queue, (-again[0], item, again[1]))
    return changed


def _queued(room: "_Room") -> list[tuple[float, int, int]]:
    """Best change of each item, by return on cash; as many as could be paid for, and some more."""
    rate, option = room.best_changes()
    wanted = np.flatnonzero(rate > 0)
    order = wanted[np.lexsort((wanted, -rate[wanted]))]
    cost = room.problem.cost[option[order]] - room.problem.cost[room.choice[order]]
    left = max((float(each) for each in room.left), default=np.inf)
    enough = int(np.searchsorted(np.cumsum(np.maximum(cost, 0)), LOOKED_AT * left))
    kept = order[: max(enough + 1, LEAST_QUEUED)]
    queue = [(-float(rate[i]), int(i), int(option[i])) for i in kept]
    heapq.heapify(queue)
    return queue


class _Room:
    """What is left under each cap, and above each minimum, as the choice changes."""

    def __init__(self, problem: Problem, choice: Ints) -> None:
        self.problem = problem
        self.choice = choice.copy()
        self.left = np.asarray(
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
        for cap, each in zip(self.problem.caps, self.left, strict=True):
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
            (int(x) for cap, x in zip(problem.caps, self.left, strict=True) if cap.member[item]),
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
            for cap, left in zip(problem.caps, self.left, strict=True)
        )
        return within and all(
            minimum.weight[target] - minimum.weight[now] + spare[group] >= -SLACK
            for minimum, spare in zip(problem.minimums, self._spare, strict=True)
        )

    def move(self, item: int, target: int) -> None:
        problem, now = self.problem, int(self.choice[item])
        for k, cap in enumerate(problem.caps):
            if cap.member[item]:
                self.left[k] -= problem.cost[target] - problem.cost[now]
        for minimum, spare in zip(problem.minimums, self._spare, strict=True):
            spare[problem.group[item]] += minimum.weight[target] - minimum.weight[now]
        self.choice[item] = target
