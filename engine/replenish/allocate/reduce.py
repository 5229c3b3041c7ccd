"""Give back what is over a cap, at the least loss."""

import numpy as np

from engine.replenish.allocate.limits import Room
from engine.replenish.allocate.problem import Floats, Ints, Problem

ROUNDS = 60


def reduced(problem: Problem, choice: Ints, price: Floats) -> Ints | None:
    """The choice within every cap, or None where minimums leave no way.

    Takes the change of an item that loses least value per unit of what is over.
    """
    room = Room(problem, choice, price)
    for _ in range(ROUNDS):
        over = [k for k, left in enumerate(room.left) if left < 0]
        if not over:
            return room.choice
        if not _give_back(room, over[0]):
            return None
    return None


def _give_back(room: Room, k: int) -> bool:
    """Go through items in order of loss until cap `k` holds; whether anything changed."""
    problem = room.problem
    cap = problem.caps[k]
    use = np.where(cap.member[problem.owner], problem.use(cap), 0.0)
    now = room.choice[problem.owner]
    saved = use[now] - use
    options = np.flatnonzero(saved > 0)
    options = options[room.may_change(options, now[options])]
    loss = problem.value[now[options]] - problem.value[options]
    rate = loss / np.minimum(saved[options], -room.left[k])
    changed = False
    touched = np.zeros(problem.items, dtype=np.bool_)
    for option in options[np.lexsort((options, rate))]:
        item = int(problem.owner[option])
        if touched[item]:
            continue
        now_one = room.choice[[item]]
        if bool(room.may_change(np.asarray([option]), now_one)[0]):
            room.move(item, int(option))
            touched[item] = changed = True
        if room.left[k] >= 0:
            break
    return changed
