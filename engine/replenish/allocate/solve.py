"""The best use of a budget: priced limits, modes of groups, whole quantities, remainders filled."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.certificate import Certificate
from engine.replenish.allocate.exact import Multipliers, improve_exactly
from engine.replenish.allocate.fill import fill
from engine.replenish.allocate.hull import Steps
from engine.replenish.allocate.moves import with_moves
from engine.replenish.allocate.pooled import matched
from engine.replenish.allocate.problem import Floats, Ints, Problem
from engine.replenish.allocate.proof import Part, certificate_of, modes_of
from engine.replenish.allocate.realise import Realiser
from engine.replenish.allocate.reduce import reduced
from engine.replenish.allocate.relax import Relaxation, relax
from engine.replenish.allocate.search import Modes, choose_modes, joined
from engine.replenish.allocate.side import SidePrices, side_prices

ROUNDING = 1e-7  # share of a value by which sums over all items may miss it
ROUNDS = 4  # of searching modes and splitting groups whose whole quantities fall short
SHARE = 4e-5  # of the bound: what all groups together may stay below theirs
CLOSE = 1e-6  # share of the best value: cases of modes that promise no more are not split
COUPLED_CLOSE = 1e-4  # the same where prices of several caps leave more open than that
PICKS, COUPLED_PICKS = 3, 1  # combinations of modes made whole in a round
SETTLED = 2  # combinations to which the prices of other caps are fitted
FITTED = 3  # times each, unless one brings nothing
FITS = 1e-4  # share of a cap that may be left or exceeded then
COUPLED_ENOUGH = 3e-4  # share of the value below which no further one is
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
    proof = _Proof(relax(problem, steps))
    if problem.pools is not None:
        _moves_first(proof, best)
    else:
        _search(proof, best)
        if not proof.first.is_plain:
            _settle(proof, best)
    found = proof.found
    certificate = certificate_of(proof.parts, found.tree)
    if found.bound > best.value:
        best.offer(improve_exactly(problem, best.choice, _root(proof, certificate)), best.price)
    return Solution(
        choice=best.choice,
        value=best.value,
        bound=checked_bound(found.bound, best.value),
        price=best.price,
        fees=int(problem.fees(best.choice).sum()),
        certificate=certificate,
    )


def _root(proof: "_Proof", certificate: Certificate) -> Multipliers:
    """The multipliers of the row that bounds all cases together best: the middle of a grid."""
    problem, row = proof.first.problem, len(proof.first.grid) // 2
    first = np.searchsorted(certificate.mode_group, np.arange(problem.groups))
    case = np.searchsorted(certificate.case_mode, first)
    return Multipliers(
        price=certificate.price[row],
        pool=certificate.pool_price[row],
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


class _Proof:
    """Relaxations at several prices of the other caps, and the search for modes over all."""

    def __init__(self, relaxed: Relaxation) -> None:
        self.first = relaxed
        self.realiser = Realiser(relaxed)
        self._others: list[Relaxation] = []
        self._close = CLOSE if relaxed.is_plain else COUPLED_CLOSE
        self.found = choose_modes(self._modes(), self._close)

    @property
    def parts(self) -> list[Part]:
        return [(self.first, self.realiser.wholes), *((each, {}) for each in self._others)]

    def _modes(self) -> Modes:
        return joined([modes_of(*part) for part in self.parts])

    def add(self, side: SidePrices) -> None:
        """Prices at which a combination of modes is seen better."""
        self._others.append(relax(self.first.problem, side=side, alone=False))
        self.again()

    def again(self) -> None:
        """Search once more, as more is known."""
        closer = choose_modes(self._modes(), self._close)
        self.found = closer if closer.bound <= self.found.bound else self.found

    def gains(self, relaxed: Relaxation, place: int, mode: Ints) -> Floats:
        """What each block gains in its mode at a row's prices, [block]."""
        part = next(part for part in self.parts if part[0] is relaxed)
        return modes_of(*part).profit[np.arange(len(mode)), mode, place]

    @property
    def best(self) -> tuple[Relaxation, int, Ints]:
        """Prices and modes of the best combination: the relaxation, and the place in its grid."""
        _, row, mode = self.found.picks[0]
        return *self.at(row), mode

    def at(self, row: int) -> tuple[Relaxation, int]:
        """The relaxation and the place in its grid that a row is."""
        for relaxed, _ in self.parts:
            if row < len(relaxed.grid):
                return relaxed, row
            row -= len(relaxed.grid)
        raise IndexError(f"There is no row of prices {row} places after the last.")


def _search(proof: _Proof, best: "_Best") -> None:
    """Modes by the relaxation; once more where groups had to be looked into to be made whole."""
    relaxed, realiser = proof.first, proof.realiser
    picks = PICKS if relaxed.is_plain else COUPLED_PICKS
    tried: set[bytes] = set()
    for _ in range(ROUNDS if relaxed.is_plain else 1):
        found, known, fresh = proof.found, realiser.known, 0
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
        proof.again()
        if proof.found.bound - best.value <= GOOD_ENOUGH * abs(proof.found.bound):
            break


def _moves_first(proof: _Proof, best: "_Best") -> None:
    """Stock moves as the relaxation has it; what is left to buy is a problem of its own.

    Then groups are looked into as far as their whole quantities may stay below the bound.
    """
    problem, first, tolerance = proof.first.problem, proof.first, SHARE * abs(proof.found.bound)
    if not proof.found.picks:
        return
    proof.add(side_prices(problem, first.blocks, proof.found.picks[0][2] > 0, first.side))
    relaxed, place, mode = proof.best
    realiser = proof.realiser if relaxed is first else Realiser(relaxed)
    score = realiser.own_score(place, mode)
    left, options = with_moves(problem, matched(problem, score))
    bought = _buy(left, tolerance)
    choice = options[bought.choice]
    if problem.is_feasible(choice):
        best.offer(fill(problem, choice, bought.price), bought.price)
    _look_closer(proof, tolerance)


def _buy(problem: Problem, tolerance: float) -> "_Best":
    """The best found where moves are decided.

    Where no combination of modes can be made whole, those that gain least buy nothing, twice as
    many each time.
    """
    best, proof = _Best(problem, None), _Proof(relax(problem))
    if not proof.found.picks:
        return best
    _look_closer(proof, tolerance)
    relaxed, place, mode = proof.best
    _fit(proof, best, mode)
    if best.value <= 0:
        _settle(proof, best)
    gain = proof.gains(relaxed, place, mode)
    left_out = 1
    while best.value <= 0 and left_out < 2 * len(mode):
        few = mode.copy()
        few[np.argsort(np.where(mode > 0, gain, np.inf), kind="stable")[:left_out]] = 0
        _fit(proof, best, few)
        left_out *= 2
    return best


def _look_closer(proof: _Proof, tolerance: float) -> None:
    """Cases of groups for the best combination of modes, and modes once more where they tell."""
    relaxed, place, mode = proof.best
    price = float(relaxed.grid[place])
    proof.realiser.tighten(price, mode, tolerance)
    proof.again()


def _settle(proof: _Proof, best: "_Best") -> None:
    """Whole quantities once more at prices that fit each of the best combinations of modes."""
    seen: set[bytes] = set()
    for _ in range(SETTLED):
        mode = proof.found.picks[0][2] if proof.found.picks else None
        if mode is None or mode.tobytes() in seen:
            return
        seen.add(mode.tobytes())
        proof.add(_fit(proof, best, mode))
        if proof.found.bound - best.value <= COUPLED_ENOUGH * abs(best.value):
            break


def _fit(proof: _Proof, best: "_Best", mode: Ints) -> SidePrices:
    """Prices at which the whole quantities of a combination of modes just use up the caps.

    Each time the caps are taken to be so much tighter as more was used than the prices foresaw.
    """
    relaxed, bound = proof.first, proof.found.bound
    problem, side = relaxed.problem, relaxed.side
    limit = np.asarray([cap.limit for cap in problem.caps])
    beyond = np.zeros(len(limit))
    for _ in range(FITTED):
        side = side_prices(problem, relaxed.blocks, mode > 0, side, beyond)
        realiser = Realiser(relax(problem, side=side))
        wanted = realiser.wanted(0, mode, SHARE * abs(bound))
        price = realiser.price_at(0)
        choice = reduced(problem, wanted, price)
        if choice is not None:
            before = best.value
            best.offer(fill(problem, choice, price), price)
            if before > 0 and best.value <= before + COUPLED_CLOSE * abs(before):
                break
        over = np.asarray(problem.spent(wanted)) - limit
        beyond = np.where((price > 0) | (over > 0), beyond + over, 0.0)
        if relaxed.main >= 0:
            beyond[relaxed.main] = 0.0  # cash itself is cut back item by item
        if np.all(np.abs(over) <= FITS * limit):
            break
    return side


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
        price=np.zeros((1, len(problem.caps))), pool_price=np.zeros((1, 0)),
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
