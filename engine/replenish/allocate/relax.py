"""The relaxation of a problem: prices, modes of all blocks at them, and what it leaves open."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.blocks import Blocks, blocks_of
from engine.replenish.allocate.certificate import fee_price, priced_score
from engine.replenish.allocate.frontier import Frontier, Replies, frontier_of, price_of, replies
from engine.replenish.allocate.hull import Steps, hull_steps
from engine.replenish.allocate.loads import LoadedGroup, loaded_groups
from engine.replenish.allocate.problem import Floats, Problem
from engine.replenish.allocate.side import SidePrices, main_cap, side_prices

# Prices of cash relative to the one at which it is just spent: dense around it.
_FINE = np.linspace(0.002, 0.05, 25)
_DOWN = np.asarray([0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1.0])
# Very high prices show that what asks for more than there is cannot be.
_UP = np.asarray([0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 20.0, 200.0])
LADDER = 1 + np.concatenate([-_DOWN[::-1], -_FINE[::-1], [0.0], _FINE, _UP])
_COARSE = np.asarray([0.005, 0.015, 0.03, 0.06, 0.12, 0.25])
# Every price costs a look at all loaded groups, so there are fewer where there are such groups.
SHORT_LADDER = 1 + np.concatenate(
    [[-1.0, -0.8, -0.6, -0.4], -_COARSE[::-1], [0.0], _COARSE, [0.6, 2.0, 20.0, 200.0]]
)


@dataclass(frozen=True, kw_only=True)
class Relaxation:
    """`scores` [option] have all but the main cap priced in; `grid` are prices of that one."""

    problem: Problem
    blocks: Blocks
    side: SidePrices
    main: int
    scores: Floats = field(repr=False)
    steps: Steps = field(repr=False)
    frontier: Frontier = field(repr=False)
    price: float  # of the main cap: the middle of the grid
    settled: bool  # for one combination of modes alone: the grid is its price
    grid: Floats = field(repr=False)
    replies: Replies = field(repr=False)
    loads: dict[int, LoadedGroup] = field(repr=False)

    @property
    def is_plain(self) -> bool:
        """Whether the bound is tight but for modes and whole quantities: one cap, no weights."""
        return not self.loads and not self.side.cap.any() and self.problem.pools is None

    @property
    def budget(self) -> float:
        return np.inf if self.main < 0 else max(self.problem.caps[self.main].limit, 0.0)


def relax(
    problem: Problem,
    steps: Steps | None = None,
    side: SidePrices | None = None,
    *,
    alone: bool = True,
) -> Relaxation:
    """`steps` are the problem's own (cost, value) hull, where it is at hand already.

    `side` are prices instead of those at which all caps just hold: for one combination of modes
    `alone`, at no other price of the main cap.
    """
    blocks, main = blocks_of(problem), main_cap(problem)
    settled = side is not None and alone
    coupled = side is not None or len(problem.caps) > (main >= 0) or problem.pools is not None
    if coupled:
        side = side_prices(problem, blocks) if side is None else side
        scores = priced_score(problem, side.cap, side.pool)
        steps = None
    else:
        side = SidePrices(cap=np.zeros(len(problem.caps)), pool=np.zeros(0), main=0.0)
        scores = problem.value
    if steps is None:
        steps = hull_steps(
            problem.owner, np.arange(len(scores)), problem.cost.astype(np.float64), scores
        )
    plain = np.where(blocks.loaded[blocks.of_item], -1, blocks.of_item)
    frontier = frontier_of(steps, scores, plain, blocks.least)
    price = side.main if coupled else _price(problem, blocks, frontier, main)
    grid = _grid(price, short=bool(blocks.loaded.any()), alone=settled)
    fees = fee_price(problem, side.cap)
    return Relaxation(
        problem=problem, blocks=blocks, side=side, main=main, scores=scores, steps=steps,
        frontier=frontier, price=price, settled=settled, grid=grid, replies=replies(frontier, grid),
        loads=loaded_groups(problem, blocks, scores, np.zeros(0) if settled else grid, fees),
    )  # fmt: skip


def _grid(price: float, *, short: bool, alone: bool) -> Floats:
    if alone or price <= 0:
        return np.asarray([price])
    return np.unique(price * (SHORT_LADDER if short else LADDER))


def _price(problem: Problem, blocks: Blocks, frontier: Frontier, main: int) -> float:
    """Where the main cap is just used up, loaded groups taken as if they were not."""
    if main < 0:
        return 0.0
    if blocks.loaded.any():
        return side_prices(problem, blocks).main
    return price_of(frontier, max(problem.caps[main].limit, 0.0))
