"""Close the gap on small problems: branch and bound over what the bound cannot rule out."""

from dataclasses import dataclass, field, replace

import numpy as np

from engine.replenish.allocate.certificate import priced_score
from engine.replenish.allocate.problem import SLACK, Flags, Floats, Ints, Problem, allowed

NODES = 40_000  # a fixed amount of work, so that the result does not depend on the machine
LARGEST = 600  # options left over which the search is not tried: the gap is tiny by then
DEEPEST = 600  # calls that may nest


@dataclass(frozen=True, kw_only=True)
class Multipliers:
    """`price` [cap], `pool` [pool] and `reward` [minimum, group], all at least 0."""

    price: Floats
    pool: Floats
    reward: Floats = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class _Branching:
    """Reduced values under fixed multipliers: what an option adds to the bound."""

    score: Floats  # [option] value less priced limits plus rewarded weight
    owed: Floats  # [group] rewarded minimum
    capped: float  # priced caps
    bound: float


def improve_exactly(problem: Problem, choice: Ints, multipliers: Multipliers) -> Ints:
    """The best choice there is, or the best found within the work limit.

    An option whose bound is not above what is already reached cannot be part of a better choice;
    the rest is searched depth first, group by group, best options first. Containers and moved
    stock are only checked on whole choices: their minimums then earn no reward.
    """
    loose = problem.containers is not None or problem.pools is not None
    if loose:
        multipliers = replace(multipliers, reward=np.zeros_like(multipliers.reward))
    branching = _branching(problem, multipliers)
    open_ = _survivors(problem, branching, problem.worth(choice))
    undecided = int((np.add.reduceat(open_.astype(np.int64), problem.first[:-1]) > 1).sum())
    too_deep = undecided + 2 * problem.groups > DEEPEST
    if too_deep or open_.sum() > LARGEST + problem.items:
        return choice
    kept = [
        sorted(np.flatnonzero(open_[a:b]) + a, key=lambda o: (-branching.score[o], o))
        for a, b in zip(problem.first[:-1], problem.first[1:], strict=True)
    ]
    return _Search(problem, branching, kept, choice, loose=loose).run()


def _branching(problem: Problem, multipliers: Multipliers) -> _Branching:
    score = priced_score(problem, multipliers.price, multipliers.pool)
    owed = np.zeros(problem.groups)
    for minimum, reward in zip(problem.minimums, multipliers.reward, strict=True):
        score = score + reward[problem.group[problem.owner]] * minimum.weight
        owed += reward * minimum.least
    capped = sum(
        float(p) * max(cap.limit, 0.0)
        for cap, p in zip(problem.caps, multipliers.price, strict=True)
    )
    best = np.maximum.reduceat(score, problem.first[:-1])
    groups = problem.by_group(problem.group, best) - owed
    bound = capped + float(np.maximum(groups, 0.0).sum())
    return _Branching(score=score, owed=owed, capped=capped, bound=bound)


def _survivors(problem: Problem, branching: _Branching, reached: float) -> Flags:
    """Options that could be part of a choice worth more than `reached`; one per item at least."""
    owner = problem.owner
    best = np.maximum.reduceat(branching.score, problem.first[:-1])
    groups = problem.by_group(problem.group, best) - branching.owed
    group = problem.group[owner]
    with_it = groups[group] - best[owner] + branching.score
    without = branching.bound - np.maximum(groups, 0.0)[group]
    nothing = np.arange(len(owner)) == problem.first[owner]
    # Buying nothing of an item is also what a group that is off does.
    reachable = without + np.where(nothing, np.maximum(with_it, 0.0), with_it)
    open_ = reachable > reached + SLACK
    open_[problem.first[:-1]] |= ~np.logical_or.reduceat(open_, problem.first[:-1])
    return open_


class _Search:
    """Depth-first over groups (off or on) and their items."""

    def __init__(
        self,
        problem: Problem,
        branching: _Branching,
        kept: list[list[int]],
        choice: Ints,
        *,
        loose: bool,
    ) -> None:
        self._problem = problem
        self._score = branching.score
        self._best_choice = choice
        self._best = problem.worth(choice)
        self._kept = kept
        self._loose = loose
        self._uses = [
            np.where(cap.member[problem.owner], problem.use(cap), 0.0) for cap in problem.caps
        ]
        members: list[list[int]] = [[] for _ in range(problem.groups)]
        for item, group in enumerate(problem.group):
            members[int(group)].append(item)
        # Items with one option left are settled together: a call each would nest too deep.
        self._settled = [[i for i in items if len(kept[i]) == 1] for items in members]
        self._members = [[i for i in items if len(kept[i]) > 1] for items in members]
        top = [float(branching.score[options[0]]) for options in kept]
        worth = [
            sum(top[item] for item in items) - float(branching.owed[g])
            for g, items in enumerate(members)
        ]
        self._order = sorted(range(problem.groups), key=lambda g: (-worth[g], g))
        self._top, self._owed, self._capped = top, branching.owed, branching.capped
        self._nodes = 0
        self._current = problem.nothing()
        # What the groups after each place can still add to the bound.
        after = np.cumsum([max(worth[g], 0.0) for g in reversed(self._order)])[::-1]
        self._after = [*after.tolist(), 0.0]

    def run(self) -> Ints:
        self._group(0, self._capped, [allowed(cap) for cap in self._problem.caps])
        return self._best_choice

    def _needs(self, group: int) -> list[float]:
        if self._loose:
            return []
        return [float(minimum.least[group]) for minimum in self._problem.minimums]

    def _group(self, place: int, bound: float, left: list[float]) -> None:
        """`bound`: reduced value of what is decided, priced caps included."""
        if self._nodes > NODES or bound + self._after[place] <= self._best + SLACK:
            return
        if place == len(self._order):
            self._keep()
            return
        group = self._order[place]
        needs = self._needs(group)
        settled = self._settle(group, left, needs)
        if settled is not None:
            rest, still, gained = settled
            on = bound - float(self._owed[group]) + gained
            after = self._after[place + 1] + sum(self._top[item] for item in self._members[group])
            self._item(place, 0, on, after, rest, still)
        for item in (*self._settled[group], *self._members[group]):
            self._current[item] = self._problem.first[item]
        if any(needs) or self._loose:
            self._group(place + 1, bound, left)

    def _settle(
        self, group: int, left: list[float], needs: list[float]
    ) -> tuple[list[float], list[float], float] | None:
        """Caps and minimums left, and value, with each settled item's option; None: over a cap."""
        gained = 0.0
        rest, still = list(left), list(needs)
        for item in self._settled[group]:
            (option,) = self._kept[item]
            self._current[item] = option
            gained += float(self._score[option])
            rest = self._without(rest, option)
            still = self._towards(still, option)
        return None if min(rest, default=0.0) < 0 else (rest, still, gained)

    def _without(self, left: list[float], option: int) -> list[float]:
        return [each - float(use[option]) for each, use in zip(left, self._uses, strict=True)]

    def _towards(self, needs: list[float], option: int) -> list[float]:
        if self._loose:
            return []
        minimums = self._problem.minimums
        return [n - float(m.weight[option]) for n, m in zip(needs, minimums, strict=True)]

    def _item(
        self, place: int, at: int, bound: float, after: float, left: list[float], needs: list[float]
    ) -> None:
        self._nodes += 1
        if self._nodes > NODES or bound + after <= self._best + SLACK:
            return
        members = self._members[self._order[place]]
        if at == len(members):
            if all(need <= SLACK for need in needs):
                self._group(place + 1, bound, left)
            return
        item = members[at]
        rest = after - self._top[item]
        for option in self._kept[item]:
            fits = self._without(left, option)
            if min(fits, default=0.0) < 0:
                continue
            self._current[item] = option
            still = self._towards(needs, option)
            self._item(place, at + 1, bound + float(self._score[option]), rest, fits, still)
        self._current[item] = self._problem.first[item]

    def _keep(self) -> None:
        worth = self._problem.worth(self._current)
        if worth > self._best + SLACK and self._problem.is_feasible(self._current):
            self._best = worth
            self._best_choice = self._current.copy()
