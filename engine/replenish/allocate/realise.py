"""Whole quantities for a combination of modes."""

import numpy as np

from engine.replenish.allocate.certificate import priced_score
from engine.replenish.allocate.frontier import price_of, replies
from engine.replenish.allocate.loads import LoadedGroup
from engine.replenish.allocate.packing import Packing, Wanted
from engine.replenish.allocate.polish import (
    GroupOptions,
    group_limits,
    options_of_groups,
    polish,
)
from engine.replenish.allocate.pooled import same_moves
from engine.replenish.allocate.problem import Flags, Floats, Ints, Problem, slack
from engine.replenish.allocate.reduce import reduced
from engine.replenish.allocate.relax import Relaxation
from engine.replenish.allocate.wholes import Wholes

LOADED = 5.0  # times its share of the tolerance: what a group limited by weight may lose
TIGHTER = 4  # attempts with less cash where whole quantities come out dearer than divided ones


class Realiser:
    """Turns combinations of modes into choices; what many of them need is kept."""

    def __init__(self, relaxed: Relaxation) -> None:
        self._relaxed = relaxed
        blocks = relaxed.blocks
        self._members = options_of_groups(relaxed.problem, blocks.group[1:])
        self.wholes = {
            block: Wholes(relaxed, block, self._members[int(blocks.group[block])])
            for block in range(1, blocks.count)
            if not blocks.loaded[block]
        }
        self._polished: dict[tuple[int, int, bytes], Ints | None] = {}

    @property
    def known(self) -> int:
        """How much is known of all groups together: cases, and returns on cash looked at."""
        split = sum(len(whole.cases) for whole in self.wholes.values())
        return split + sum(loaded.tries for loaded in self._relaxed.loads.values())

    def choice(self, place: int, mode: Ints, tolerance: float) -> Ints | None:
        """A feasible choice, or None where whole quantities do not fit.

        `tolerance` is how far all groups together may stay below their bounds; the groups that
        are furthest from theirs are worked on until they keep to it.
        """
        relaxed = self._relaxed
        budget = relaxed.budget
        choice = self._at(place, mode, budget, tolerance)
        for _ in range(TIGHTER):
            over = self._over(choice)
            if over <= 0:
                break
            budget -= over
            choice = self._at(place, mode, budget, tolerance)
        return reduced(relaxed.problem, choice, self.price_at(place))

    def tighten(self, price: float, mode: Ints, tolerance: float) -> None:
        """Split groups into cases where whole quantities stay below the bound by their share."""
        on = np.flatnonzero(mode)
        for block in on.tolist():
            if block in self.wholes:
                self.wholes[block].tighten(price, tolerance / len(on))

    def wanted(self, place: int, mode: Ints, tolerance: float) -> Ints:
        """What `choice` begins with: groups are whole, caps may be exceeded."""
        return self._at(place, mode, self._relaxed.budget, tolerance)

    def price_at(self, place: int) -> Floats:
        """Prices of all caps, [cap]."""
        price = self._relaxed.side.cap.copy()
        if self._relaxed.main >= 0:
            price[self._relaxed.main] = self._relaxed.grid[place]
        return price

    def _over(self, choice: Ints) -> float:
        main = self._relaxed.main
        if main < 0:
            return 0.0
        return self._relaxed.problem.spent(choice)[main] - self._relaxed.budget

    def own_score(self, place: int, mode: Ints) -> Floats:
        """What every option scores at its group's own prices, moved stock not priced."""
        relaxed, problem, blocks = self._relaxed, self._relaxed.problem, self._relaxed.blocks
        on, price = mode > 0, float(relaxed.grid[place])
        rate = np.where(on, replies(relaxed.frontier, np.asarray([price])).rate[:, 0], price)
        priced = priced_score(problem, relaxed.side.cap, np.zeros_like(relaxed.side.pool))
        load = np.zeros(blocks.count)
        for block in np.flatnonzero(on & blocks.loaded).tolist():
            rate[block], load[block] = relaxed.loads[block].refine(int(mode[block]), price)
        of = blocks.of_item[problem.owner]
        score = priced - rate[of] * problem.cost
        if problem.containers is not None:
            score -= (load * blocks.boxed)[of] * problem.containers.weight
        return np.where(on[of] | ~problem.buys, score, -np.inf)

    def _begun(self, on: Flags, mode: Ints, price: float) -> Ints:
        """What every group wants at its own prices, but for what only parts could reach."""
        relaxed, blocks = self._relaxed, self._relaxed.blocks
        rate = np.where(on, replies(relaxed.frontier, np.asarray([price])).rate[:, 0], price)
        choice = self._stepped(rate, on)
        for block in np.flatnonzero(on & blocks.loaded):
            members = self._members[int(blocks.group[block])]
            choice[members.item] = loaded_start(
                relaxed, members, relaxed.loads[int(block)], int(mode[block]), price
            )
        return choice

    def _at(self, place: int, mode: Ints, budget: float, tolerance: float) -> Ints:
        """The relaxed reply within `budget`, each group made whole."""
        relaxed, blocks = self._relaxed, self._relaxed.blocks
        on, price = mode > 0, relaxed.price if relaxed.settled else float(relaxed.grid[place])
        if relaxed.main >= 0 and not blocks.loaded.any():
            price = price_of(relaxed.frontier, budget, on)
        choice = self._begun(on, mode, price)
        loose = LOADED * tolerance / max(int(on.sum()), 1)
        tolerance = self._level(np.flatnonzero(on), price, tolerance)
        for block in np.flatnonzero(on[1:]) + 1:
            enough = loose if blocks.loaded[block] else tolerance
            made = self._whole(int(block), int(mode[block]), price, choice, enough)
            item = self._members[int(blocks.group[block])].item
            # What cannot be made whole is left out; others have its cash then.
            choice[item] = self._left_out(item, choice[item], price) if made is None else made
        return choice

    def _level(self, blocks: Ints, price: float, tolerance: float) -> float:
        """The loss to which the worst groups must come down so that all together keep to it."""
        if self._relaxed.problem.pools is not None:
            return tolerance
        loss = [
            self.wholes[int(block)].loss(price) for block in blocks if int(block) in self.wholes
        ]
        loss = np.sort(np.asarray(loss))
        total = np.cumsum(loss) + loss * np.arange(len(loss) - 1, -1, -1)
        keeps = np.flatnonzero(total <= tolerance)
        if len(keeps) == len(loss):
            return np.inf
        last = int(keeps[-1]) if len(keeps) else -1
        rest = tolerance - float(loss[: last + 1].sum())
        return rest / (len(loss) - last - 1)

    def _stepped(self, rate: Floats, on: Flags) -> Ints:
        """Steps with a return above each block's `rate`; blocks that are off only move stock."""
        relaxed, problem = self._relaxed, self._relaxed.problem
        blocks, steps = relaxed.blocks, relaxed.steps
        of = blocks.of_item[steps.item]
        taken = on[of] & (steps.rate > rate[of])
        count = np.bincount(steps.item[taken], minlength=problem.items)
        first = np.searchsorted(steps.item, np.arange(problem.items))
        choice = steps.start.copy()
        some = np.flatnonzero(count)
        choice[some] = steps.after[first[some] + count[some] - 1]
        off = np.flatnonzero(~on[blocks.of_item])
        choice[off] = self._idle_best(off, float(rate[0]))
        return choice

    def _idle_best(self, items: Ints, price: float) -> Ints:
        relaxed, problem = self._relaxed, self._relaxed.problem
        if problem.pools is None:
            return problem.first[:-1][items]
        score = relaxed.scores - price * problem.cost
        return best_options(problem, np.where(problem.buys, -np.inf, score))[items]

    def _left_out(self, items: Ints, now: Ints, price: float) -> Ints:
        """Options that buy nothing but move the same stock as `now`, where there are any."""
        relaxed, problem = self._relaxed, self._relaxed.problem
        if problem.pools is None:
            return problem.first[:-1][items]
        choice = problem.nothing()
        choice[items] = now
        score = relaxed.scores - price * problem.cost
        same = same_moves(problem, np.arange(len(score)), choice[problem.owner])
        return best_options(problem, np.where(same & ~problem.buys, score, -np.inf))[items]

    def _whole(
        self, block: int, mode: int, price: float, choice: Ints, tolerance: float
    ) -> Ints | None:
        """The block's options [its items] with every limit kept; stock moves as it does."""
        if block in self.wholes and self._relaxed.problem.pools is None:
            found = self.wholes[block].best(price, tolerance)
            return None if found is None else found.choice
        return self._polish(block, mode, price, choice, tolerance)

    def _polish(
        self, block: int, mode: int, price: float, choice: Ints, tolerance: float
    ) -> Ints | None:
        relaxed, problem = self._relaxed, self._relaxed.problem
        group = int(relaxed.blocks.group[block])
        members, table = self._members[group], relaxed.loads.get(block)
        start = choice[members.item]
        weight, least = group_limits(problem, members, group)
        if table is not None:
            extra, edges = _mode_limits(members, table, mode)
            weight, least = np.concatenate([weight, extra]), np.concatenate([least, edges])
        reached = weight[:, members.places(start)].sum(axis=1) >= least - slack(least)
        if bool(reached.all()):
            return start
        # Groups topped up to their minimum look alike in every combination nearby.
        key = (block, mode, start.tobytes())
        if key not in self._polished:
            score = relaxed.scores[members.option] - price * problem.cost[members.option]
            score[~same_moves(problem, members.option, start[members.owner])] = -np.inf
            if table is not None:
                wanted = Wanted(
                    block=block, mode=mode, price=price, score=score, weight=weight, least=least
                )
                packed = Packing(relaxed, members, wanted).choice(tolerance)
                start = start if packed is None else packed
            self._polished[key] = polish(members, score, weight, least, start)
        return self._polished[key]


def best_options(problem: Problem, score: Floats) -> Ints:
    """The option [item] with the highest score, the first of equals."""
    best = np.maximum.reduceat(score, problem.first[:-1])
    at_best = np.flatnonzero(score == best[problem.owner])
    choice = np.zeros(problem.items, dtype=np.int64)
    choice[problem.owner[at_best][::-1]] = at_best[::-1]
    return choice


def _mode_limits(members: GroupOptions, table: LoadedGroup, mode: int) -> tuple[Floats, Floats]:
    weight = table.spans.weight[members.option]
    low, high = table.spans.low[mode - 1], table.spans.high[mode - 1]
    if not np.isfinite(high):
        return weight[None, :][:0], np.zeros(0)
    return np.stack([weight, -weight]), np.asarray([low, -high])


def loaded_start(
    relaxed: Relaxation, members: GroupOptions, loaded: LoadedGroup, mode: int, price: float
) -> Ints:
    """Each item's best option at the block's own prices of cash and weight."""
    option, cost = members.option, relaxed.problem.cost
    rate, load = loaded.refine(mode, price)
    score = relaxed.scores[option] - rate * cost[option]
    score = score - load * loaded.spans.weight[option]
    first = np.flatnonzero(np.diff(members.owner, prepend=-1) != 0)
    best = np.maximum.reduceat(score, first)
    at_best = np.flatnonzero(score == best[members.owner])
    choice = np.zeros(len(members.item), dtype=np.int64)
    choice[members.owner[at_best][::-1]] = option[at_best[::-1]]
    return choice
