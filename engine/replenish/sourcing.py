"""From which supplier each place buys, where several sell the item."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.model.money import exponent
from engine.replenish.buying import Buying
from engine.replenish.context import Context
from engine.replenish.echelon import Flow, feed_stores
from engine.replenish.options import Options, options_of
from engine.replenish.outlook import rate_after_of, window_of
from engine.replenish.shortfall import Window, shortfall

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

PREFERRED = "preferred"


def chosen_ranks(context: Context, chosen: Ints, flow: Flow) -> tuple[Ints, Ints]:
    """The rank of the supplier to buy from, and of the second best (-1: none), [chosen].

    `flow` is that of the places in `chosen`, before any transfer.
    What an order now would be worth until a day common to all suppliers, the latest on which
    one's next order could arrive. Where an order's own time ends before that day, what is still
    needed of it earns the unit's margin less half a cycle's holding: it would be ordered next
    time. Another than the preferred supplier is chosen only where it is worth more by
    `rules.switch_supplier_share` of what its order costs.
    """
    rank, second = np.zeros(len(chosen), dtype=np.int64), np.full(len(chosen), -1, dtype=np.int64)
    several = context.terms.count[chosen] > 1
    if several.any():
        skus = {context.places.sku[int(place)] for place in chosen[several]}
        rows = np.flatnonzero([context.places.sku[int(place)] in skus for place in chosen])
        worth, cost = _worths(context, chosen[rows], flow.at(rows))
        best, other = _best(worth, cost * context.rules.switch_supplier_share)
        ours = several[rows]
        rank[rows[ours]], second[rows[ours]] = best[ours], other[ours]
    return _with_their_source(context, chosen, rank), second


def _best(worth: Floats, least_gain: Floats) -> tuple[Ints, Ints]:
    """The best rank and the second best by `worth` [rank, place]; the first unless beaten."""
    every = np.arange(len(worth[0]), dtype=np.int64)
    ahead = worth.copy()
    ahead[1:] -= least_gain[1:]
    best = ahead.argmax(axis=0)  # of equals the more preferred
    rest = worth.copy()
    rest[best, every] = -np.inf
    second = rest.argmax(axis=0)
    return best, np.where(np.isfinite(rest[second, every]), second, -1)


def _with_their_source(context: Context, chosen: Ints, rank: Ints) -> Ints:
    """Places that are supplied have the rank of the place that buys for them."""
    every: Ints = np.zeros(len(context.places), dtype=np.int64)
    every[chosen] = rank
    source = context.places.source
    at: Ints = np.where(source >= 0, source, np.arange(len(source), dtype=np.int64))
    top = at[at[at]]  # a chain of supply is not longer
    return every[top[chosen]]


def _worths(context: Context, chosen: Ints, flow: Flow) -> tuple[Floats, Floats]:
    """Value and cost [rank, place] of the best order of each supplier, minor units."""
    flow, _ = feed_stores(context, chosen, flow)
    count = context.terms.count[chosen]
    windows = [window_of(_at(context, each), chosen) for each in context.ranked]
    until = np.max([window.end for window in windows], axis=0)
    worth = np.full((len(windows), len(chosen)), -np.inf)
    cost = np.zeros(worth.shape)
    for rank, (buying, window) in enumerate(zip(context.ranked, windows, strict=True)):
        rows = np.flatnonzero((count > rank) & (buying.buyer[chosen] >= 0))
        if len(rows):
            here = window.at(rows)
            places = chosen[rows]
            worth[rank, rows], cost[rank, rows] = _worth_of(
                _at(context, buying), places, flow.at(rows), here, until[rows]
            )
    return worth, cost


def _at(context: Context, buying: Buying) -> Context:
    return replace(context, buying=buying)


def _worth_of(
    context: Context, places: Ints, flow: Flow, window: Window, until: Floats
) -> tuple[Floats, Floats]:
    """Of the best order of each place, and of the orders after it until a day; minor units."""
    shortage = context.config.shortage
    missing = shortfall(flow.demand, flow.available, flow.coming, window, shortage)
    rate_after = rate_after_of(flow.demand, window)
    options = options_of(context, places, missing, window, rate_after)
    best = _best_options(options)
    later = Window(start=window.end, end=np.maximum(until, window.end))
    then = shortfall(flow.demand, flow.available, flow.coming, later, shortage).need[-1]
    money, scale = context.money.at(places), 10.0 ** exponent(context.currency)
    each = money.margin - money.holding * window.days.mean(axis=1) / 2
    batch = context.batch[places]
    cover = batch / np.maximum(rate_after, 1e-9)
    refused = (batch > 1) & (cover > context.rules.refuse_cover_days)
    tail = np.maximum(each, 0.0) * then.mean(axis=1) * scale
    worth = np.where(refused, 0.0, options.value[best] + tail)
    return worth, options.cost_minor[best].astype(np.float64)


def _best_options(options: Options) -> Ints:
    """The option worth most of each place."""
    first = np.cumsum(options.count) - options.count
    best = np.maximum.reduceat(options.value, first)
    at = np.flatnonzero(options.value == np.repeat(best, options.count))[::-1]
    found = first.copy()
    found[np.repeat(np.arange(len(first)), options.count)[at]] = at
    return found


def whys(context: Context, rank: Ints) -> list[str]:
    """Why each place buys from its supplier: a key of engine.model.plan.SOURCE_WHY, [place]."""
    found: list[str] = []
    for place in range(len(rank)):
        r = int(rank[place])
        if context.terms.count[place] < 2:  # noqa: PLR2004  one supplier is no choice
            found.append("")
        elif r == 0:
            found.append(PREFERRED)
        else:
            found.append(_difference(context, place, context.ranked[r]))
    return found


def _difference(context: Context, place: int, buying: Buying) -> str:
    """What most sets a supplier apart from the preferred one."""
    first = context.ranked[0]
    lead = context.chances.lead_days()
    if buying.money.cost[place] < first.money.cost[place]:
        return "cheaper"
    if buying.batch[place] < first.batch[place]:
        return "smaller"
    sooner = first.listed[place] < 0 or lead[buying.listed[place]] < lead[first.listed[place]]
    return "sooner" if sooner else "better"
