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
    if not (source >= 0).any():
        return flow, moves
    for giver in _farthest_first(source):
        stores = np.flatnonzero(source == giver)
        found = _feed(context, chosen, flow, giver, stores)
        moves += found
        flow = _moved(context, flow, local, found)
        flow = _passed_up(context, flow, giver, stores)
    return flow, moves


def _farthest_first(source: Ints) -> list[int]:
    """Supplying places, those at the end of the longest chain of supply first."""
    depth = np.zeros(len(source), dtype=np.int64)
    at = source.copy()
    while bool((at >= 0).any()):
        depth += at >= 0
        at = np.where(at >= 0, source[at], -1)
    givers = sorted({int(each) for each in source if each >= 0})
    return sorted(givers, key=lambda giver: (-int(depth[giver]), giver))


def _feed(context: Context, chosen: Ints, flow: Flow, giver: int, stores: Ints) -> list[Move]:
    config = context.config
    paths = flow.demand.upto.shape[1]
    start = np.full((len(stores), paths), float(config.transfer_days))
    window = Window(start=start, end=start + config.review_days)
    need = shortfall(
        flow.demand.at(stores), flow.available[stores], flow.coming.at(stores), window, "lost_sales"
    ).need[-1]
    place = int(chosen[giver])
    own = _lowest(flow, giver, _until_help(context, place, paths))
    return transfers(
        [
            Giver(
                place=place,
                available=0 if context.doubtful[place] else int(max(flow.available[giver], 0)),
                spare=np.maximum(own, 0.0),
                margin=float(context.money.margin[place]),
                keeps=0.0,  # it is there to supply; its own customers count by their margin
            )
        ],
        [
            Taker(
                place=int(chosen[store]),
                need=need[i],
                margin=float(context.money.margin[chosen[store]]),
            )
            for i, store in enumerate(stores)
        ],
        unit_cost=context.transfer_cost,
        least_value=context.least_transfer,
    )


def _until_help(context: Context, place: int, paths: int) -> Floats:
    """Days [path] until an order placed now would reach the place."""
    buyer = int(context.buyer[place])
    if buyer < 0:
        return np.full(paths, float(context.config.transfer_days + context.config.review_days))
    one = np.asarray([buyer])
    window = context.chances.window(one, context.strata, context.keys[place : place + 1])
    return window.start[0]


def _lowest(flow: Flow, place: int, until: Floats) -> Floats:
    """The lowest stock [path] before `until`, as if demand could go below zero."""
    row = np.asarray([place])
    supply = Supply(flow.demand.at(row), flow.available[row], flow.coming.at(row), "backorders")
    moment = until[None, :]
    return -supply.highest(moment, supply.missing(moment))[0]


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


def _passed_up(context: Context, flow: Flow, giver: int, stores: Ints) -> Flow:
    """Add what the stores will draw to the demand of their source."""
    demand = flow.demand.at(stores)
    supply = Supply(demand, flow.available[stores], flow.coming.at(stores), "lost_sales")
    _, paths, moments = flow.demand.upto.shape
    drawn = np.zeros((paths, moments))
    for step in range(moments):
        day = float(step * demand.bucket_days + context.config.transfer_days)
        moment = np.full((len(stores), paths), day)
        drawn[:, step] = supply.deepest(moment, supply.missing(moment)).sum(axis=0)
    upto = flow.demand.upto.copy()
    upto[giver] += drawn
    paths = DemandPaths(upto=upto, bucket_days=demand.bucket_days)
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
    moves: list[Move] = []
    for rows in _same_sku(context, chosen):
        moves += _move_within(context, chosen, flow, window, rows)
    return _moved(context, flow, local, moves), moves


def _same_sku(context: Context, chosen: Ints) -> list[Ints]:
    """Rows of each SKU that several buying places hold."""
    groups: dict[str, list[int]] = {}
    for row, place in enumerate(chosen):
        if context.places.source[place] < 0 and context.places.row[place] >= 0:
            groups.setdefault(context.places.sku[int(place)], []).append(row)
    return [np.asarray(rows) for rows in groups.values() if len(rows) > 1]


def _move_within(
    context: Context, chosen: Ints, flow: Flow, window: Window, rows: Ints
) -> list[Move]:
    until = window.end[rows]
    spare = np.stack([_lowest(flow, int(row), end) for row, end in zip(rows, until, strict=True)])
    if not bool((spare.mean(axis=1) > 0).any()) or not bool((spare.mean(axis=1) < 0).any()):
        return []
    start = np.minimum(float(context.config.transfer_days), until)
    reach = Window(start=start, end=until)
    need = shortfall(
        flow.demand.at(rows), flow.available[rows], flow.coming.at(rows), reach, "lost_sales"
    ).need[-1]
    margin = np.maximum(context.money.margin[chosen[rows]], 0.0)
    hold = context.money.holding[chosen[rows]] * window.days[rows].mean(axis=1)
    keeps = np.maximum(margin / np.maximum(margin + hold, 1e-12), 0.5)
    givers = [
        Giver(
            place=int(chosen[row]),
            available=0 if context.doubtful[chosen[row]] else int(max(flow.available[row], 0)),
            spare=np.maximum(spare[i], 0.0),
            margin=float(margin[i]),
            keeps=float(keeps[i]),
        )
        for i, row in enumerate(rows)
    ]
    takers = [
        Taker(place=int(chosen[row]), need=need[i], margin=float(margin[i]))
        for i, row in enumerate(rows)
    ]
    return transfers(
        givers, takers, unit_cost=context.transfer_cost, least_value=context.least_transfer
    )
