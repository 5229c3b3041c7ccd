"""Groups whose weight is limited: containers to fill, or a minimum of units or volume."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.blocks import Blocks, Spans, spans_of
from engine.replenish.allocate.frontier import HOPELESS
from engine.replenish.allocate.hull import hull_steps
from engine.replenish.allocate.problem import Flags, Floats, Ints, Problem

# Returns on cash tried below the price of cash, for orders that must reach a minimum of it.
LOWER = (0.85, 0.65, 0.4, 0.1, -0.2, -1.0, -4.0)
HALVINGS = 9  # of the returns between which a minimum of cash is just reached


@dataclass(frozen=True, kw_only=True)
class LoadTable:
    """One block's modes at the prices of cash; axes [mode, price].

    `rate` is the return on cash that purchases are held to: the price less what the minimum of
    cash is worth. `load` is the price of weight (below 0: what filling is worth).
    """

    spans: Spans = field(repr=False)
    profit: Floats = field(repr=False)
    spend: Floats = field(repr=False)
    rate: Floats = field(repr=False)
    load: Floats = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class _Try:
    """The modes at one return on cash, [mode]."""

    gained: Floats  # score less cash at that return
    spend: Floats
    load: Floats


class LoadedGroup:
    """One group's modes, looked at for as many returns on cash as were asked for."""

    def __init__(
        self,
        problem: Problem,
        blocks: Blocks,
        block: int,
        scores: Floats,
        fee_price: float,
        allowed: Flags | None = None,
    ) -> None:
        """`fee_price` are prices of cash on container fees besides the main one.

        `allowed` [the group's options] leaves some out.
        """
        item = np.flatnonzero(blocks.of_item == block)
        sizes = problem.first[item + 1] - problem.first[item]
        self._owner = np.repeat(np.arange(len(item)), sizes)
        within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        option = problem.first[item][self._owner] + within
        if allowed is not None:
            option, self._owner = option[allowed], self._owner[allowed]
        self.spans = spans_of(problem, blocks, block)
        self._least = float(blocks.least[block])
        self._fee_price = fee_price
        self._weight = self.spans.weight[option].astype(np.float64)
        self._cost = problem.cost[option].astype(np.float64)
        self._score = scores[option]
        self._tries: dict[float, _Try] = {}
        self._by_weight = np.lexsort((self._weight, self._owner))
        owner, weight = self._owner[self._by_weight], self._weight[self._by_weight]
        self._alike = np.flatnonzero(
            np.diff(owner, prepend=-1) | (np.diff(weight, prepend=np.nan) != 0)
        )

    @property
    def tries(self) -> int:
        return len(self._tries)

    def paid(self, mode: int, price: float) -> float:
        """What a mode's containers cost at a price of cash."""
        boxes = int(self.spans.boxes[mode - 1])
        return boxes * self.spans.fee * (1 + price + self._fee_price)

    def look_at(self, prices: Floats) -> None:
        """Every price as return on cash, and lower ones where a minimum may ask for them."""
        if not len(prices):
            return
        centre = float(np.median(prices)) or 0.1
        lower = [rate * centre for rate in LOWER] if self._least > 0 else []
        for rate in sorted({*prices.tolist(), *lower}):
            self._try(rate)

    def refine(self, mode: int, price: float) -> tuple[float, float]:
        """The return on cash and the price of weight at which a mode just reaches its minimum.

        The price of cash itself where that is enough.
        """
        made = self._try(price)
        place = mode - 1
        if self._least <= 0 or made.spend[place] >= self._least:
            return price, float(made.load[place])
        low, high = self._bracket(place, price)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            reached = self._try(middle).spend[place] >= self._least
            low, high = (middle, high) if reached else (low, middle)
        return low, float(self._tries[low].load[place])

    def _bracket(self, place: int, price: float) -> tuple[float, float]:
        """Returns between which a mode comes to spend the minimum."""
        for factor in LOWER:
            self._try(factor * max(price, 1e-3))
            if self._tries[factor * max(price, 1e-3)].spend[place] >= self._least:
                break
        enough = [r for r, each in self._tries.items() if each.spend[place] >= self._least]
        low = max((rate for rate in enough if rate < price), default=min(self._tries))
        return low, min(rate for rate in self._tries if rate > low)

    def _try(self, rate: float) -> _Try:
        if rate not in self._tries:
            self._tries[rate] = self._clipped(self._score - rate * self._cost)
        return self._tries[rate]

    def _clipped(self, score: Floats) -> _Try:
        """The best weight within each mode's span on the concave curve of the group's steps."""
        span, best = self.spans, self._best_alike(score)
        steps = hull_steps(self._owner[best], best, self._weight[best], score[best])
        mine = np.argsort(-steps.rate, kind="stable")
        rate, more = steps.rate[mine], self._cost[steps.after] - self._cost[steps.before]
        weight = np.concatenate([[0.0], np.cumsum(steps.use[mine])])
        weight += float(self._weight[steps.start].sum())
        gained = float(score[steps.start].sum()) + _sums(steps.score[mine])
        spent = float(self._cost[steps.start].sum()) + _sums(more[mine])
        free = float(weight[np.searchsorted(-rate, 0.0)])
        at: Floats = np.minimum(np.maximum(free, span.low), span.high)
        step = np.searchsorted(weight, at, side="left") - 1
        place: Ints = np.clip(step, 0, max(len(rate) - 1, 0)).astype(np.int64)
        slope = rate[place] if len(rate) else np.zeros(len(at))
        kept = np.where(at < free, np.maximum(slope, 0), np.minimum(slope, 0))
        # Out of reach: filling is paid so much that the mode shows it cannot pay.
        beyond = at > weight[-1]
        lacking = np.maximum(at - weight[-1], 1e-9)
        heavy = -HOPELESS * (float(np.abs(gained).max()) + float(np.abs(steps.score).sum()) + 1.0)
        return _Try(
            gained=np.where(beyond, -np.inf, np.interp(at, weight, gained)),
            spend=np.interp(at, weight, spent),
            load=np.where(beyond, heavy / lacking, np.where(at == free, 0.0, kept)),
        )

    def _best_alike(self, score: Floats) -> Ints:
        """Of each item's options of equal weight the first of the best, in rising weight."""
        mine = score[self._by_weight]
        best = np.maximum.reduceat(mine, self._alike)
        count = np.diff(np.append(self._alike, len(mine)))
        number = np.repeat(np.arange(len(count)), count)
        at_best = np.flatnonzero(mine == best[number])
        kept = np.diff(number[at_best], prepend=-1) > 0
        return self._by_weight[at_best[kept]]

    def table(self, prices: Floats) -> LoadTable:
        """The lowest bound on each mode over all returns tried up to the price of cash."""
        rates = np.asarray(sorted(self._tries))
        tries = [self._tries[rate] for rate in rates.tolist()]
        gained = np.stack([each.gained for each in tries], axis=1)  # [mode, rate]
        spend = np.stack([each.spend for each in tries], axis=1)
        load = np.stack([each.load for each in tries], axis=1)
        bound = gained + rates * self._least
        spans, shape = self.spans, (len(self.spans.boxes), len(prices))
        profit, cash = np.zeros(shape), np.zeros(shape)
        taken, loads = np.zeros(shape), np.zeros(shape)
        every: Ints = np.arange(len(spans.boxes))
        fees = spans.boxes * spans.fee
        reached: Ints = np.searchsorted(rates, prices, side="right").astype(np.int64)
        for k, price in enumerate(prices.tolist()):
            last = int(reached[k])
            # Without a minimum of cash nothing is bought below its price.
            first = 0 if self._least > 0 else last - 1
            open_: Floats = bound[:, first:last]
            best: Ints = np.argmin(open_, axis=1) + first
            paid = fees * (1 + price + self._fee_price)
            profit[:, k] = bound[every, best] - price * self._least - paid
            # Held to less than the price, a group spends its minimum and no more.
            held = (rates[best] < price) & (self._least > 0)
            cash[:, k] = np.where(held, self._least, spend[every, best]) + fees
            taken[:, k], loads[:, k] = rates[best], load[every, best]
        return LoadTable(spans=spans, profit=profit, spend=cash, rate=taken, load=loads)


def _sums(steps: Floats) -> Floats:
    """After 0, 1, ... steps."""
    return np.concatenate([[0.0], np.cumsum(steps)])


def loaded_groups(
    problem: Problem, blocks: Blocks, scores: Floats, prices: Floats, fee_price: Floats
) -> dict[int, LoadedGroup]:
    """Of all loaded blocks, looked at for the prices of cash; `fee_price` is per group."""
    found: dict[int, LoadedGroup] = {}
    for block in np.flatnonzero(blocks.loaded).tolist():
        fee = float(fee_price[blocks.group[block]])
        found[block] = LoadedGroup(problem, blocks, block, scores, fee)
        found[block].look_at(prices)
    return found
