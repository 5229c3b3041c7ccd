"""Put what is left under the caps to its best use, one change at a time."""

import heapq

import numpy as np

from engine.replenish.allocate.limits import Room
from engine.replenish.allocate.problem import Floats, Ints, Problem

ROUNDS = 4  # looks at all items; each later one has only small change to spend
LOOKED_AT = 4.0  # changes are queued until they could use up what is left so many times
LEAST_QUEUED = 200
MOVES = 40_000  # a fixed amount of work, so that the result does not depend on the machine


def fill(problem: Problem, choice: Ints, price: Floats) -> Ints:
    """Change single items for more value per unit of what is scarce while every limit holds.

    `price` [cap] says how scarce. Takes the best return that still fits, again and again;
    stopping at the first misfit would leave cash that a cheaper option can use. Options off the
    hull count as well, so a quantity between two hull points can use up a remainder.
    """
    room = Room(problem, choice, price)
    for _ in range(ROUNDS):
        if not _spend(room):
            break
    return room.choice


def _spend(room: Room) -> bool:
    """Make the best changes among those in reach; whether there was one."""
    queue = _queued(room)
    changed = False
    for _ in range(MOVES):
        if not queue:
            break
        _, item, target = heapq.heappop(queue)
        option, now = np.asarray([target]), room.choice[[item]]
        fits = bool(room.may_change(option, now)[0])
        if fits:
            room.move(item, target)
            changed = True
        again = _best_change(room, item)
        if again is not None and (fits or again[1] != target):
            heapq.heappush(queue, (-again[0], item, again[1]))
    return changed


def _queued(room: Room) -> list[tuple[float, int, int]]:
    """Best change of each item, by return; as many as could be paid for, and some more."""
    rate, option = _best_changes(room)
    wanted = np.flatnonzero(rate > 0)
    order = wanted[np.lexsort((wanted, -rate[wanted]))]
    problem, enough = room.problem, len(order)
    for cap, left in zip(problem.caps, room.left, strict=True):
        use = problem.use(cap)
        more = np.where(cap.member[order], use[option[order]] - use[room.choice[order]], 0.0)
        used = np.cumsum(np.maximum(more, 0.0))
        enough = min(enough, int(np.searchsorted(used, LOOKED_AT * left)))
    kept = order[: max(enough + 1, LEAST_QUEUED)]
    queue = [(-float(rate[i]), int(i), int(option[i])) for i in kept]
    heapq.heapify(queue)
    return queue


def _best_changes(room: Room) -> tuple[Floats, Ints]:
    """Per item the best return among changes that fit, and its option."""
    problem = room.problem
    owner = problem.owner
    rate = room.rates(np.arange(len(owner)), room.choice[owner])
    best = np.maximum.reduceat(rate, problem.first[:-1]) if problem.items else rate
    at_best = np.flatnonzero(rate == best[owner])
    option = np.zeros(problem.items, dtype=np.int64)
    option[owner[at_best][::-1]] = at_best[::-1]
    return best, option


def _best_change(room: Room, item: int) -> tuple[float, int] | None:
    first = room.problem.first
    options = np.arange(int(first[item]), int(first[item + 1]))
    rate = room.rates(options, np.repeat(room.choice[item], len(options)))
    place = int(rate.argmax())
    return (float(rate[place]), int(options[place])) if rate[place] > 0 else None
