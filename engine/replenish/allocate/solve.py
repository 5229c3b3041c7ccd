"""The best use of a budget: priced limits, modes of groups, whole quantities, remainders filled."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.certificate import Certificate
from engine.replenish.allocate.exact import Multipliers, improve_exactly
from engine.replenish.allocate.fill import fill
from engine.replenish.allocate.hull import Steps
from engine.replenish.allocate.moves import with_moves
from engine.replenish.allocate.problem import Floats, Ints, Problem
from engine.replenish.allocate.proof import certificate_of, modes_of
from engine.replenish.allocate.realise import Realiser
from engine.replenish.allocate.relax import Relaxation, relax
from engine.replenish.allocate.search import Found, choose_modes
from engine.replenish.allocate.side import side_prices

ROUNDING = 1e-7  # share of a value by which sums over all items may miss it
ROUNDS = 4  # of searching modes and splitting groups whose whole quantities fall short
SHARE = 4e-5  # of the bound: what all groups together may stay below theirs
CLOSE = 1e-6  # share of the best value: cases of modes that promise no more are not split
COUPLED_CLOSE = 1e-4  # the same where prices of several caps leave more open than that
PICKS, COUPLED_PICKS = 3, 1  # combinations of modes made whole in a round
SETTLED = 3  # combinations to which the prices of other caps are fitted
COUPLED_ENOUGH = 5e-4  # share of the value below which no further one is
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
    best = _Best(problem, start)
    relaxed = relax(problem, steps)
    proof = _search(relaxed, best) if problem.pools is None else _moves_first(relaxed, best)
    if problem.pools is None and not proof.relaxed.is_plain:
        _settle(proof, best)
    relaxed, realiser, found = proof.relaxed, proof.realiser, proof.found
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
        if value > self.value and self._problem.is_feasible(choice):
            self.choice, self.value, self.price = choice, value, price


@dataclass(frozen=True, kw_only=True)
class _Proof:
    relaxed: Relaxation
    realiser: Realiser
    found: Found


def _search(relaxed: Relaxation, best: "_Best") -> _Proof:
    """Modes by the relaxation; once more where groups had to be looked into to be made whole."""
    realiser = Realiser(relaxed)
    close, picks = (CLOSE, PICKS) if relaxed.is_plain else (COUPLED_CLOSE, COUPLED_PICKS)
    found = choose_modes(modes_of(relaxed, realiser.wholes), close)
    tried: set[bytes] = set()
    for _ in range(ROUNDS):
        known, fresh = realiser.known, 0
        for _, place, mode in found.picks:
            if fresh and (mode.tobytes() in tried or fresh >= picks):
                continue
            fresh += 1
            tried.add(mode.tobytes())
            _realise(relaxed, realiser, best, place, mode, found.bound)
            if found.bound - best.value <= GOOD_ENOUGH * abs(found.bound):
                break
        if realiser.known == known:
            break
        closer = choose_modes(modes_of(relaxed, realiser.wholes), close)
        found = closer if closer.bound < found.bound else found
        if found.bound - best.value <= GOOD_ENOUGH * abs(found.bound):
            break
    return _Proof(relaxed=relaxed, realiser=realiser, found=found)


def _moves_first(relaxed: Relaxation, best: "_Best") -> _Proof:
    """Stock moves as the relaxation has it; what is left to buy is a problem of its own."""
    realiser, problem = Realiser(relaxed), relaxed.problem
    found = choose_modes(modes_of(relaxed, realiser.wholes), COUPLED_CLOSE)
    for _, place, mode in found.picks[:1]:
        left, options = with_moves(problem, realiser.moved(place, mode))
        choice = options[solve(left).choice]
        price = realiser.price_at(place)
        if problem.is_feasible(choice):
            best.offer(fill(problem, choice, price), price)
    closer = choose_modes(modes_of(relaxed, realiser.wholes), COUPLED_CLOSE)
    return _Proof(
        relaxed=relaxed, realiser=realiser, found=closer if closer.bound < found.bound else found
    )


def _settle(proof: _Proof, best: "_Best") -> None:
    """Whole quantities once more at prices that fit each of the best combinations of modes."""
    relaxed = proof.relaxed
    for _, _, mode in proof.found.picks[:SETTLED]:
        side = side_prices(relaxed.problem, relaxed.blocks, mode > 0, relaxed.side)
        alone = relax(relaxed.problem, side=side)
        _realise(alone, Realiser(alone), best, 0, mode, proof.found.bound)
        if proof.found.bound - best.value <= COUPLED_ENOUGH * abs(best.value):
            break


def _realise(
    relaxed: Relaxation, realiser: Realiser, best: "_Best", place: int, mode: Ints, bound: float
) -> None:
    """Offer what a combination of modes becomes in whole quantities, remainders filled."""
    choice = realiser.choice(place, mode, SHARE * abs(bound))
    if choice is not None:
        price = realiser.price_at(place)
        best.offer(fill(relaxed.problem, choice, price), price)


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
