"""Which limit changed a quantity: the budget, a category's or a supplier's, or a minimum."""

import numpy as np

from engine.kernels.ladder import BUDGET, SUPPLIER_MINIMUM
from engine.replenish.allocate.problem import Cap, Floats, Ints, Problem, allowed

TOTAL = "total"
ROOM = "room"  # scopes of what a location has room for begin so


def causes_of(problem: Problem, price: Floats, choice: Ints, free: Ints) -> list[str]:
    """Per item what keeps its choice from the free one; "" where the two are the same.

    The cap that has no room for the difference; of several the dearest, at `price` [cap], then
    the narrowest. Where all have room, it is the dearest that charges anything: the cash went to
    something better. An item that no cap holds back falls with others of its supplier, whose
    minimum is no longer reached. A cause is "budget", a cap's scope, or "supplier minimum".
    """
    found = [""] * problem.items
    left = [
        allowed(cap) - spent for cap, spent in zip(problem.caps, problem.spent(choice), strict=True)
    ]
    more = [problem.use(cap)[free] - problem.use(cap)[choice] for cap in problem.caps]
    by_price = sorted(
        range(len(problem.caps)),
        key=lambda k: (-float(price[k]), int(problem.caps[k].member.sum()), problem.caps[k].scope),
    )
    for item in np.flatnonzero(free != choice):
        over = [k for k in by_price if problem.caps[k].member[item]]
        full = [k for k in over if left[k] < more[k][item]] or [k for k in over if price[k] > 0]
        found[item] = _name(problem.caps[full[0]]) if full else SUPPLIER_MINIMUM
    return found


def _name(cap: Cap) -> str:
    return BUDGET if cap.scope == TOTAL else cap.scope
