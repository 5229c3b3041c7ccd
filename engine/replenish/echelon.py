"""Locations that supply one another: transfers, and the needs they pass upstream."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.replenish.context import Context
from engine.replenish.demand_paths import DemandPaths
from engine.replenish.shortfall import Coming, Supply, Window, shortfall
from engine.replenish.transfers import Giver, Move, Taker, transfers

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Demand, stock less claims, and supply under way; axis [place]."""

    demand: DemandPaths
    available: Floats = field(repr=False)
    coming: Coming

    def at(self, rows: Ints) -> "Flow":
        return Flow(
            demand=self.demand.at(rows), available=self.available[rows], coming=self.coming.at(rows)
        )


def feed_stores(context: Context, chosen: Ints, flow: Flow) -> tuple[Flow, list[Move]]:
    """Supply the places that do not buy, and let their sources plan for them.

    A supplied place gets what it is expected to miss until the transfer after this one, as far
    as the source's stock goes and the source's own customers do not need it more. What it will
    still be short of later is demand on its source, due a transfer time before: the source buys
    for its own customers and for the sum of these draws on each path, so that stores share its
    safety stock. The farthest places come first; a chain passes needs up link by link.
    """
    local = {int(place): i for i, place in enumerate(chosen)}
    source = np.asarray(
        [local.get(int(s), -1) for s in context.places.source[chosen]], dtype=np.int64
    )
    moves: list[Move] = []
    for givers in _farthest_first(source):
        stores = np.flatnonzero(np.isin(source, givers))
        found = _feed(context, chosen, flow, source, stores)
        moves += found
        flow = _moved(context, flow, local, found)
        flow = _passed_up(context, flow, source[stores], stores)
    return flow, moves


def _farthest_first(source: Ints) -> list[Ints]:
    """Supplying places, those at the end of the longest chains of supply first.

    Those equally far supply nobody of each other and are done together.
    """
    depth = np.zeros(len(source), dtype=np.int64)
    at = source.copy()
    while bool((at >= 0).any()):
        depth += at >= 0
        at = np.where(at >= 0, source[at], -1)
    givers = np.unique(source[source >= 0])
    return [givers[depth[givers] == far] for far in np.unique(depth[givers])[::-1]]


def _feed(context: Context, chosen: Ints, flow: Flow, source: Ints, stores: Ints) -> list[Move]:
    config = context.config
    paths = flow.demand.upto.shape[1]
    start = np.full((len(stores), paths), float(config.transfer_days))
    window = Window(start=start, end=start + config.review_days)
    here = flow.at(stores)
    need = shortfall(here.demand, here.available, here.coming, window, "lost_sales").need[-1]
    short = need.max(axis=1) > 0
    givers = np.unique(source[stores[short]])
    own = _lowest(flow, givers, _until_help(context, chosen[givers], paths))
    moves: list[Move] = []
    for giver, spare in zip(givers.tolist(), own, strict=True):
        mine = np.flatnonzero(short & (source[stores] == giver))
        place = int(chosen[giver])
        moves += transfers(
            [
                Giver(
                    place=place,
                    available=0 if context.doubtful[place] else int(max(flow.available[giver], 0)),
                    spare=np.maximum(spare, 0.0),
                    margin=float(context.money.margin[place]),
                    keeps=0.0,  # it is there to supply; its own customers count by their margin
                    location=context.places.location[place],
                )
            ],
            [_taker(context, int(chosen[stores[i]]), need[i]) for i in mine],
            unit_cost=context.transfer_cost,
            least_value=context.least_transfer,
            closed=context.closed_routes,
        )
    return moves


def _taker(context: Context, place: int, need: Floats) -> Taker:
    return Taker(
        place=place,
        need=need,
        margin=float(context.money.margin[place]),
        location=context.places.location[place],
    )


def _until_help(context: Context, places: Ints, paths: int) -> Floats:
    """Days [place, path] until an order placed now would reach each place."""
    config = context.config
    until = np.full((len(places), paths), float(config.transfer_days + config.review_days))
    buyer = context.buyer[places]
    buys = np.flatnonzero(buyer >= 0)
    if len(buys):
        keys = context.keys[places[buys]]
        until[buys] = context.chances.window(buyer[buys], context.strata, keys).start
    return until


def _lowest(flow: Flow, rows: Ints, until: Floats) -> Floats:
    """The lowest stock [row, path] before `until`, as if demand could go below zero."""
    here = flow.at(rows)
    supply = Supply(here.demand, here.available, here.coming, "backorders")
    return -supply.highest(until, supply.missing(until))


def _moved(context: Context, flow: Flow, local: dict[int, int], moves: list[Move]) -> Flow:
    """The flow after transfers that leave today."""
    if not moves:
        return flow
    available, arriving = flow.available.copy(), np.zeros(len(flow.available))
    for move in moves:
        available[local[move.source]] -= move.units
        arriving[local[move.target]] += move.units
    coming = flow.coming.after_line(float(context.config.transfer_days), arriving)
    return Flow(demand=flow.demand, available=available, coming=coming)


def _passed_up(context: Context, flow: Flow, giver: Ints, stores: Ints) -> Flow:
    """Add what the stores will draw to the demand of the places [store] that supply them."""
    here = flow.at(stores)
    supply = Supply(here.demand, here.available, here.coming, "lost_sales")
    moments = flow.demand.upto.shape[2]
    upto = flow.demand.upto.copy()
    order = np.argsort(giver, kind="stable")
    supplying, first = np.unique(giver[order], return_index=True)
    for step in range(moments):
        day = float(step * here.demand.bucket_days + context.config.transfer_days)
        moment = np.full(here.demand.upto.shape[:2], day)
        drawn = supply.deepest(moment, supply.missing(moment))
        upto[supplying, :, step] += np.add.reduceat(drawn[order], first, axis=0)
    paths = DemandPaths(upto=upto, bucket_days=here.demand.bucket_days)
    return Flow(demand=paths, available=flow.available, coming=flow.coming)


def move_surplus(
    context: Context, chosen: Ints, flow: Flow, window: Window
) -> tuple[Flow, list[Move]]:
    """Move stock between places that buy the same SKU, where one has more than it will need.

    A source gives only what stays spare, in as many paths as its own service asks for, until
    the order after its next could arrive; a target counts only what it would miss after the
    transfer could be there. Stock that may not be there is not moved.
    """
    local = {int(place): i for i, place in enumerate(chosen)}
    groups = _same_sku(context, chosen)
    if not groups:
        return flow, []
    rows = np.concatenate(groups)
    spare = _lowest(flow, rows, window.end[rows])
    mean = dict(zip(rows.tolist(), spare.mean(axis=1).tolist(), strict=True))
    uneven = [
        group
        for group in groups
        if any(mean[int(row)] > 0 for row in group) and any(mean[int(row)] < 0 for row in group)
    ]
    if not uneven:
        return flow, []
    place = {int(row): i for i, row in enumerate(rows)}
    kept = np.concatenate(uneven)
    spare = spare[[place[int(row)] for row in kept]]
    moves = _move_within(context, chosen, flow, window, uneven, spare)
    return _moved(context, flow, local, moves), moves


def _same_sku(context: Context, chosen: Ints) -> list[Ints]:
    """Rows of each SKU that several buying places hold."""
    groups: dict[str, list[int]] = {}
    for row, place in enumerate(chosen):
        if context.places.source[place] < 0 and context.places.row[place] >= 0:
            groups.setdefault(context.places.sku[int(place)], []).append(row)
    return [np.asarray(rows) for rows in groups.values() if len(rows) > 1]


def _move_within(
    context: Context, chosen: Ints, flow: Flow, window: Window, groups: list[Ints], spare: Floats
) -> list[Move]:
    """`spare` [row, path] of all groups, one after the other."""
    rows = np.concatenate(groups)
    places, until = chosen[rows], window.end[rows]
    reach = Window(start=np.minimum(float(context.config.transfer_days), until), end=until)
    here = flow.at(rows)
    need = shortfall(here.demand, here.available, here.coming, reach, "lost_sales").need[-1]
    margin = np.maximum(context.money.margin[places], 0.0)
    hold = context.money.holding[places] * window.days[rows].mean(axis=1)
    keeps = np.maximum(margin / np.maximum(margin + hold, 1e-12), 0.5)
    moves: list[Move] = []
    first = 0
    for group in groups:
        span = range(first, first + len(group))
        first += len(group)
        moves += transfers(
            [
                Giver(
                    place=int(places[i]),
                    available=0 if context.doubtful[places[i]] else int(max(here.available[i], 0)),
                    spare=np.maximum(spare[i], 0.0),
                    margin=float(margin[i]),
                    keeps=float(keeps[i]),
                    location=context.places.location[int(places[i])],
                )
                for i in span
            ],
            [_taker(context, int(places[i]), need[i]) for i in span],
            unit_cost=context.transfer_cost,
            least_value=context.least_transfer,
            closed=context.closed_routes,
        )
    return moves
