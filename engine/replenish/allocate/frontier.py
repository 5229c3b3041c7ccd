"""What groups gain for their cash: one concave curve each, cut off below the group's minimum."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.replenish.allocate.hull import Steps
from engine.replenish.allocate.problem import Flags, Floats, Ints

HOPELESS = 1e6  # times all value: a reward so high that what cannot be reached shows it


@dataclass(frozen=True, kw_only=True)
class Frontier:
    """Steps of several blocks of items, each block's in falling order of return on cash.

    `first` [block + 1] cuts the steps into blocks. `base` [block] is the score of what costs
    nothing; `least` [block] the cash that a block spends at least (0: no minimum).
    """

    steps: Steps = field(repr=False)
    block: Ints = field(repr=False)  # [item], -1: not in any
    first: Ints = field(repr=False)
    order: Ints = field(repr=False)  # of the steps
    rate: Floats = field(repr=False)
    cash: Floats = field(repr=False)  # summed up over all blocks, 0 first
    score: Floats = field(repr=False)
    base: Floats = field(repr=False)
    least: Floats = field(repr=False)

    @property
    def blocks(self) -> int:
        return len(self.base)

    def curve(self, block: int) -> tuple[Floats, Floats, Floats]:
        """Rates of the steps, and cash and score after 0, 1, ... of them."""
        span = slice(int(self.first[block]), int(self.first[block + 1]))
        ends = slice(span.start, span.stop + 1)
        cash = self.cash[ends] - self.cash[span.start]
        return self.rate[span], cash, self.score[ends] - self.score[span.start] + self.base[block]


@dataclass(frozen=True, kw_only=True)
class Replies:
    """What blocks do at prices of cash; axes [block, price].

    `profit` is score less priced cash, minus infinity where a minimum is out of reach. `rate` is
    the return on cash down to which steps are taken: the price, or less where a minimum asks for
    more; the price less it is what the minimum is worth per unit of cash.
    """

    profit: Floats = field(repr=False)
    spend: Floats = field(repr=False)
    rate: Floats = field(repr=False)


def frontier_of(steps: Steps, scores: Floats, block: Ints, least: Floats) -> Frontier:
    """`scores` [option]; `block` [item] with -1 for items that are left out."""
    blocks = len(least)
    of = block[steps.item]
    rate = steps.rate
    mine = np.flatnonzero(of >= 0)
    # A block without a minimum never takes a step that loses.
    mine = mine[(rate[mine] > 0) | (least[of[mine]] > 0)]
    mine = mine[np.argsort(-rate[mine], kind="stable")]
    order = mine[np.argsort(_small(of[mine]), kind="stable")]
    kept = block >= 0
    return Frontier(
        steps=steps,
        block=block,
        first=np.searchsorted(of[order], np.arange(blocks + 1)),
        order=order,
        rate=rate[order],
        cash=np.concatenate([[0.0], np.cumsum(steps.use[order])]),
        score=np.concatenate([[0.0], np.cumsum(steps.score[order])]),
        base=np.bincount(block[kept], weights=scores[steps.start[kept]], minlength=blocks).astype(
            np.float64
        ),
        least=least,
    )


def replies(frontier: Frontier, prices: Floats) -> Replies:
    """The best reply to each price, the last step towards a minimum divisible."""
    shape = (frontier.blocks, len(prices))
    profit, spend = np.zeros(shape), np.zeros(shape)
    taken = np.broadcast_to(prices, shape).copy()
    for block in range(frontier.blocks):
        rate, cash, score = frontier.curve(block)
        count = np.searchsorted(-rate, -prices)
        used, gained = cash[count], score[count]
        short = used < frontier.least[block]
        if short.any():
            at, worth = at_minimum(rate, cash, score, float(frontier.least[block]))
            used = np.where(short, frontier.least[block], used)
            gained = np.where(short, worth, gained)
            taken[block, short] = np.minimum(at, prices[short])
        profit[block], spend[block] = gained - prices * used, used
    return Replies(profit=profit, spend=spend, rate=taken)


def at_minimum(rate: Floats, cash: Floats, score: Floats, least: float) -> tuple[float, float]:
    """Return on cash of the step that reaches `least`, and the score there."""
    if cash[0] >= least:
        return np.inf, float(score[0])
    if cash[-1] < least:
        # So low a rate that the reward it stands for shows that nothing is best.
        lacking = least - float(cash[-1])
        return -HOPELESS * (float(np.abs(score).max(initial=0.0)) + 1.0) / lacking, -np.inf
    step = int(np.searchsorted(cash, least)) - 1
    return float(rate[step]), float(score[step]) + (least - float(cash[step])) * float(rate[step])


def price_of(frontier: Frontier, budget: float, on: Flags | None = None) -> float:
    """The price of cash at which blocks spend `budget` at most; 0 where that is enough.

    Blocks buy where that gains, or as `on` says. Spending falls as the price rises, so a grid is
    zoomed in on the edge.
    """
    low, high = 0.0, max(float(frontier.rate.max(initial=0.0)), 1e-9) * 1.01
    grid = np.concatenate([[0.0], np.geomspace(high * 1e-6, high, 24)])
    for _ in range(5):
        reply = replies(frontier, grid)
        buying = reply.profit > 0 if on is None else on[:, None]
        spent = np.where(buying, reply.spend, 0.0).sum(axis=0)
        fits = spent <= budget
        if bool(fits[0]):
            return float(grid[0])
        place = int(np.argmax(fits)) if fits.any() else len(grid) - 1
        low, high = float(grid[place - 1]), float(grid[place])
        grid = np.linspace(low, high, 24)
    return high


def _small(numbers: Ints) -> NDArray[np.int16] | Ints:
    """The same numbers in fewer bytes where they fit: those are sorted by radix."""
    fits = int(numbers.max(initial=0)) < np.iinfo(np.int16).max
    return numbers.astype(np.int16) if fits else numbers
