"""The best use of a budget: priced limits, modes of groups, whole quantities, remainders filled."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.certificate import Certificate
from engine.replenish.allocate.exact import Multipliers, improve_exactly
from engine.replenish.allocate.fill import fill
from engine.replenish.allocate.hull import Steps
from engine.replenish.allocate.problem import Floats, Ints, Problem
from engine.replenish.allocate.proof import certificate_of, modes_of
from engine.replenish.allocate.realise import Realiser
from engine.replenish.allocate.relax import relax
from engine.replenish.allocate.search import choose_modes

ROUNDING = 1e-7  # share of a value by which sums over all items may miss it
ROUNDS = 5  # of searching modes and splitting groups whose whole quantities fall short
SHARE = 4e-5  # of the bound: what all groups together may stay below theirs
GOOD_ENOUGH = 5e-5  # share of the bound: combinations of modes are tried until the gap is less


@dataclass(frozen=True, kw_only=True)
class Solution:
    """`choice` [item] of options; no feasible choice is worth more than `bound`.

    The bound holds for the quantities offered as options, not for those between them. `price`
    [cap] is what a little more of each cap would bring per unit; `certificate` proves the bound.
    """

    choice: Ints = field(repr=False)
    value: float
    bound: float
    price: Floats = field(repr=False)
    fees: int  # of containers
    certificate: Certificate = field(repr=False)

    @property
    def gap(self) -> float:
        return (self.bound - self.value) / max(self.value, 1.0)


def solve(problem: Problem, *, steps: Steps | None = None, start: Ints | None = None) -> Solution:
    """Maximise value within caps and minimums.

    Lagrangian relaxation prices each cap; at those prices every item takes its best quantity and
    every group reaches its minimum, or fills its containers, by what loses least, or stays out
    (Fisher, 1981, The Lagrangian relaxation method for solving integer programming problems).
    Which groups buy is searched by branch and bound, whose cases are the certificate. The best
    combinations are made whole and cash left over goes where it earns most. `start` is a feasible
    choice that the result must not fall below; `steps` are the problem's own hull of cost and
    value, which problems that differ by their caps alone share.
    """
    if not problem.items:
        return _empty(problem)
    relaxed = relax(problem, steps)
    realiser = Realiser(relaxed)
    best = _Best(problem, start)
    found = choose_modes(modes_of(relaxed, realiser.wholes))
    for round_ in range(ROUNDS):
        tolerance = SHARE * abs(found.bound)
        for _, place, mode in found.picks[: 1 if round_ < ROUNDS - 1 else len(found.picks)]:
            choice = realiser.choice(place, mode, tolerance)
            if choice is not None:
                price = realiser.price_at(place)
                best.offer(fill(problem, choice, price), price)
            if found.bound - best.value <= GOOD_ENOUGH * abs(found.bound):
                break
        closer = choose_modes(modes_of(relaxed, realiser.wholes))
        found = closer if closer.bound < found.bound else found
        if found.bound - best.value <= GOOD_ENOUGH * abs(found.bound):
            break
    certificate = certificate_of(relaxed, realiser.wholes, found.tree)
    if found.bound > best.value:
        best.offer(improve_exactly(problem, best.choice, _root(problem, certificate)), best.price)
    return Solution(
        choice=best.choice,
        value=best.value,
        bound=checked_bound(found.bound, best.value),
        price=best.price,
        fees=int(problem.fees(best.choice).sum()),
        certificate=certificate,
    )


def _root(problem: Problem, certificate: Certificate) -> Multipliers:
    """The multipliers of the row that bounds all cases together best: the middle of the grid."""
    row = len(certificate.price) // 2
    first = np.searchsorted(certificate.mode_group, np.arange(problem.groups))
    case = np.searchsorted(certificate.case_mode, first)
    return Multipliers(
        price=certificate.price[row],
        pool=certificate.pool_price,
        reward=certificate.reward[row, case].T,
    )


class _Best:
    """The best choice so far and the caps' prices it came from."""

    def __init__(self, problem: Problem, start: Ints | None) -> None:
        self._problem = problem
        self.choice = problem.nothing() if start is None else start
        self.value = problem.worth(self.choice)
        self.price = np.zeros(len(problem.caps))

    def offer(self, choice: Ints, price: Floats) -> None:
        value = self._problem.worth(choice)
        if value > self.value:
            self.choice, self.value, self.price = choice, value, price


def _empty(problem: Problem) -> Solution:
    none, rows = np.zeros(0, dtype=np.int64), np.zeros((1, 0))
    certificate = Certificate(
        price=np.zeros((1, len(problem.caps))), pool_price=np.zeros(0),
        mode_group=none, mode_boxes=none, case_mode=none,
        reward=np.zeros((1, 0, len(problem.minimums))), load=rows,
        limit_case=none, limit_item=none, limit_low=none, limit_high=none,
        node_parent=none - 1, node_group=none, node_low=none, node_high=none, node_row=none,
    )  # fmt: skip
    price = np.zeros(len(problem.caps))
    return Solution(
        choice=problem.nothing(), value=0.0, bound=0.0, price=price, fees=0, certificate=certificate
    )


def checked_bound(bound: float, value: float) -> float:
    """`bound`, at least `value`: sums taken in another order may differ by their rounding.

    Raises ArithmeticError where they differ by more: a bound below what was found is wrong.
    """
    if value > bound + ROUNDING * max(abs(value), 1.0):
        raise ArithmeticError(
            f"A plan is worth {value!r}, above the bound {bound!r} that no plan should exceed. "
            "This is an error in the allocation; report it with the run's stored candidates."
        )
    return max(bound, value)
