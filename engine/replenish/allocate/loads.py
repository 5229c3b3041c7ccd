"""Groups whose weight is limited: containers to fill, or a minimum of units or volume."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.blocks import Blocks, Spans, spans_of
from engine.replenish.allocate.hull import Steps, hull_steps
from engine.replenish.allocate.problem import Floats, Ints, Problem

# Returns on cash tried below the price of cash, for orders that must reach a minimum of it.
LOWER = (0.9, 0.8, 0.65, 0.5, 0.3, 0.1, 0.0, -0.2, -0.5, -1.0, -3.0)


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


def load_tables(
    problem: Problem, blocks: Blocks, scores: Floats, prices: Floats, fee_price: Floats
) -> dict[int, LoadTable]:
    """Of all loaded blocks; `fee_price` [group] are prices of cash besides `prices`."""
    members = np.flatnonzero(blocks.loaded)
    centre = float(np.median(prices))
    lower = np.asarray([rate * centre for rate in LOWER if blocks.least[members].any()])
    rates = np.unique(np.concatenate([lower[lower < prices.min()], prices]))
    spans = {int(b): spans_of(problem, blocks, int(b)) for b in members}
    tries = [_try(problem, blocks, spans, scores, float(rate)) for rate in rates]
    return {
        block: _table(
            [each[block] for each in tries],
            spans[block],
            rates,
            prices,
            float(blocks.least[block]),
            float(fee_price[blocks.group[block]]),
        )
        for block in spans
    }


@dataclass(frozen=True, kw_only=True)
class _Try:
    """One block's modes at one return on cash, [mode]."""

    gained: Floats  # score less cash at that return
    spend: Floats
    load: Floats


def _try(
    problem: Problem, blocks: Blocks, spans: dict[int, Spans], scores: Floats, rate: float
) -> dict[int, _Try]:
    item = np.flatnonzero(blocks.loaded[blocks.of_item])
    option, owner = _options(problem, item)
    weight = np.zeros(len(option))
    block = blocks.of_item[item][owner]
    for each, span in spans.items():
        mine = block == each
        weight[mine] = span.weight[option[mine]]
    score = scores[option] - rate * problem.cost[option]
    steps = hull_steps(owner, np.arange(len(option)), weight, score)
    of = blocks.of_item[item][steps.item]
    order = np.lexsort((-steps.rate, of))
    cost = problem.cost[option].astype(np.float64)
    edges = np.searchsorted(of[order], np.arange(blocks.count + 1))
    start = blocks.of_item[item][owner[steps.start]]
    base = np.bincount(start, weights=score[steps.start], minlength=blocks.count)
    paid = np.bincount(start, weights=cost[steps.start], minlength=blocks.count)
    return {
        each: _clipped(
            steps, order[edges[each] : edges[each + 1]], cost, span, base[each], paid[each]
        )
        for each, span in spans.items()
    }


def _options(problem: Problem, item: Ints) -> tuple[Ints, Ints]:
    """Options of some items, and for each the place of its item."""
    sizes = problem.first[item + 1] - problem.first[item]
    owner = np.repeat(np.arange(len(item)), sizes)
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return problem.first[item][owner] + within, owner


def _clipped(steps: Steps, mine: Ints, cost: Floats, span: Spans, base: float, paid: float) -> _Try:
    """The best weight within each mode's span on the concave curve of the block's steps."""
    rate = steps.rate[mine]
    weight = np.concatenate([[0.0], np.cumsum(steps.use[mine])])
    gained = base + np.concatenate([[0.0], np.cumsum(steps.score[mine])])
    spent = paid + np.concatenate(
        [[0.0], np.cumsum(cost[steps.after[mine]] - cost[steps.before[mine]])]
    )
    free = float(weight[np.searchsorted(-rate, 0.0)])
    at: Floats = np.minimum(np.maximum(free, span.low), span.high)
    reach = float(weight[-1])
    step = np.searchsorted(weight, at, side="left") - 1
    place: Ints = np.clip(step, 0, max(len(rate) - 1, 0)).astype(np.int64)
    slope = rate[place] if len(rate) else np.zeros(len(at))
    load = np.where(
        at == free, 0.0, np.where(at < free, np.maximum(slope, 0), np.minimum(slope, 0))
    )
    # Out of reach: filling is paid so much that the mode shows it cannot pay.
    lacking = np.maximum(at - reach, 1e-9)
    beyond = at > reach
    heavy = -2.0 * (float(np.abs(gained).max()) + float(np.abs(steps.score[mine]).sum()) + 1.0)
    return _Try(
        gained=np.where(beyond, -np.inf, np.interp(at, weight, gained)),
        spend=np.interp(at, weight, spent),
        load=np.where(beyond, heavy / lacking, load),
    )


def _table(
    tries: list[_Try], spans: Spans, rates: Floats, prices: Floats, least: float, fee_price: float
) -> LoadTable:
    """The lowest bound on each mode over all returns up to the price of cash."""
    gained = np.stack([each.gained for each in tries], axis=1)  # [mode, rate]
    spend = np.stack([each.spend for each in tries], axis=1)
    load = np.stack([each.load for each in tries], axis=1)
    bound = gained + rates * least
    shape = (len(spans.boxes), len(prices))
    profit, cash = np.zeros(shape), np.zeros(shape)
    taken, loads = np.zeros(shape), np.zeros(shape)
    every = np.arange(shape[0])
    for k, price in enumerate(prices):
        last = int(np.searchsorted(rates, price, side="right"))
        # Without a minimum of cash nothing is bought below its price.
        first = 0 if least > 0 else last - 1
        best = first + bound[:, first:last].argmin(axis=1)
        fees = spans.boxes * spans.fee
        profit[:, k] = bound[every, best] - price * least - fees * (1 + price + fee_price)
        cash[:, k] = np.maximum(spend[every, best], least) + fees
        taken[:, k], loads[:, k] = rates[best], load[every, best]
    return LoadTable(spans=spans, profit=profit, spend=cash, rate=taken, load=loads)
