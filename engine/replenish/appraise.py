"""What each place needs, what could be moved to it, and what each quantity of it is worth."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.forecast.paths import demand_paths
from engine.replenish.context import Context
from engine.replenish.demand_paths import DemandPaths
from engine.replenish.echelon import Flow, feed_stores, move_surplus
from engine.replenish.options import Options, options_of
from engine.replenish.shortfall import Shortfall, Window, shortfall, stockout_days
from engine.replenish.transfers import Move

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_MONTH_DAYS = 28.0


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What happens without an order. Axis [place]; units and days."""

    stockout_days: Floats = field(repr=False)  # [place, 3]: 10 %, 50 %, 90 % of paths
    stockout_before: Floats = field(repr=False)  # chance of running out before an order helps
    lost: Floats = field(repr=False)  # until the order after this one could arrive
    lost_before: Floats = field(repr=False)  # of them before this one could
    protection_days: Floats = field(repr=False)
    protection_demand: Floats = field(repr=False)
    daily_demand: Floats = field(repr=False)  # past the protection


@dataclass(frozen=True, kw_only=True)
class Appraisal:
    """Of the places asked for, in their order."""

    outlook: Outlook
    moves: list[Move] = field(repr=False)
    transfer_units: Ints = field(repr=False)  # net into the place
    options: Options


def appraise(context: Context, chosen: Ints) -> Appraisal:
    """Appraise some places; all places of a SKU must be among them or none.

    Transfers come first: what they bring is supply for the purchase, and what they take is gone
    from the source. The result for a place does not depend on which other SKUs are asked for.
    """
    flow = _flow(context, chosen)
    flow, fed = feed_stores(context, chosen, flow)
    flow, moved = move_surplus(context, chosen, flow, _window(context, chosen))
    window = _window(context, chosen)
    missing = shortfall(flow.demand, flow.available, flow.coming, window, context.config.shortage)
    rate_after = _rate_after(flow.demand, window)
    net = np.zeros(len(context.places), dtype=np.int64)
    for move in (*fed, *moved):
        net[move.source] -= move.units
        net[move.target] += move.units
    return Appraisal(
        outlook=_outlook(context, chosen, flow, window, missing, rate_after),
        moves=[*fed, *moved],
        transfer_units=net[chosen],
        options=options_of(context, chosen, missing, window, rate_after),
    )


def _flow(context: Context, chosen: Ints) -> Flow:
    """Own demand, stock and supply of the places."""
    config, forecast = context.config, context.forecast
    rows = context.places.row[chosen]
    demand = np.zeros((len(chosen), config.paths, forecast.mean.shape[1]), dtype=np.int32)
    sold = rows >= 0
    demand[sold] = demand_paths(forecast, rows[sold], config.paths, config.seed)
    return Flow(
        demand=DemandPaths.of(demand, forecast.bucket_days),
        available=context.available[chosen].astype(np.float64),
        coming=context.inflows.coming(chosen),
    )


def _window(context: Context, chosen: Ints) -> Window:
    """When a decision of today helps and until when; places that do not buy wait for transfers."""
    config = context.config
    shape = (len(chosen), config.paths)
    start = np.full(shape, float(config.transfer_days))
    window = Window(start=start, end=start + config.review_days)
    buyer = context.buyer[chosen]
    buys = np.flatnonzero(buyer >= 0)
    if len(buys):
        bought = context.chances.window(buyer[buys], context.strata, context.keys[chosen[buys]])
        window.start[buys], window.end[buys] = bought.start, bought.end
    return window


def _rate_after(demand: DemandPaths, window: Window) -> Floats:
    """Mean demand per day after the window: of the rest of the horizon where there is a month."""
    rest = demand.horizon_days - window.end.mean(axis=1)
    later = demand.upto[:, :, -1] - demand.by(window.end)
    within: Floats = np.maximum(later, 0.0).mean(axis=1) / np.maximum(rest, 1.0)
    return np.where(rest >= _MONTH_DAYS, within, demand.rate_after.mean(axis=1))


def _outlook(
    context: Context,
    chosen: Ints,
    flow: Flow,
    window: Window,
    missing: Shortfall,
    rate_after: Floats,
) -> Outlook:
    coming = flow.coming
    if context.expected is not context.inflows:
        # What is put off comes when it comes; the transfers of this plan stand before it.
        counted = context.inflows.coming(chosen).lines
        moved = flow.coming.first(flow.coming.lines - counted)
        coming = moved.followed_by(context.expected.coming(chosen))
    days = stockout_days(flow.demand, flow.available, coming)
    return Outlook(
        stockout_days=np.quantile(days, [0.1, 0.5, 0.9], axis=1).T,
        stockout_before=(days < window.start).mean(axis=1),
        lost=missing.lost.mean(axis=1),
        lost_before=missing.lost_before.mean(axis=1),
        protection_days=window.end.mean(axis=1),
        protection_demand=flow.demand.by(window.end).mean(axis=1),
        daily_demand=rate_after,
    )


def joined(parts: list[Appraisal]) -> Appraisal:
    """Appraisals of consecutive places as one."""
    outlooks = [part.outlook for part in parts]
    names = Outlook.__dataclass_fields__
    merged = {name: np.concatenate([getattr(each, name) for each in outlooks]) for name in names}
    return Appraisal(
        outlook=replace(outlooks[0], **merged),
        moves=[move for part in parts for move in part.moves],
        transfer_units=np.concatenate([part.transfer_units for part in parts]),
        options=Options.joined([part.options for part in parts]),
    )
