"""What each place needs, what could be moved to it, and what each quantity of it is worth."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.replenish.context import Context, from_chosen
from engine.replenish.echelon import Flow, feed_stores, move_surplus
from engine.replenish.following import Following, following
from engine.replenish.options import Options, options_of
from engine.replenish.outlook import flow_of, rate_after_of, window_of
from engine.replenish.shortfall import Shortfall, Window, shortfall, stockout_days
from engine.replenish.sourcing import chosen_ranks
from engine.replenish.transfers import Move

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What happens without an order. Axis [place]; units and days."""

    stockout_days: Floats = field(repr=False)  # [place, 3]: 10 %, 50 %, 90 % of paths
    stockout_before: Floats = field(repr=False)  # chance of running out before an order helps
    stockout_chance: Floats = field(repr=False)  # and before the order after this one does
    lost: Floats = field(repr=False)  # until the order after this one could arrive
    lost_before: Floats = field(repr=False)  # of them before this one could
    protection_days: Floats = field(repr=False)
    protection_demand: Floats = field(repr=False)
    demand_band: Floats = field(repr=False)  # [place, 2] of it: 10 %, 90 % of paths
    daily_demand: Floats = field(repr=False)  # past the protection
    # Units there when an order placed now arrives, all else under way counted; in nine of ten
    # paths fewer.
    stored: Floats = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Appraisal:
    """Of the places asked for, in their order."""

    outlook: Outlook
    moves: list[Move] = field(repr=False)
    transfer_units: Ints = field(repr=False)  # net into the place
    rank: Ints = field(repr=False)  # of the supplier bought from
    second: Ints = field(repr=False)  # of the second best; -1: none
    options: Options


def appraise(context: Context, chosen: Ints) -> Appraisal:
    """Appraise some places; all places of a SKU must be among them or none.

    Transfers come first: what they bring is supply for the purchase, and what they take is gone
    from the source. The result for a place does not depend on which other SKUs are asked for.
    """
    flow = flow_of(context, chosen)
    rank, second = chosen_ranks(context, chosen, flow)
    context = _bought_from(context, chosen, rank)
    flow, fed = feed_stores(context, chosen, flow)
    flow, moved = move_surplus(context, chosen, flow, window_of(context, chosen))
    window = window_of(context, chosen)
    missing = shortfall(flow.demand, flow.available, flow.coming, window, context.config.shortage)
    rate_after = rate_after_of(flow.demand, window)
    net = np.zeros(len(context.places), dtype=np.int64)
    for move in (*fed, *moved):
        net[move.source] -= move.units
        net[move.target] += move.units
    return Appraisal(
        outlook=_outlook(context, chosen, flow, window, missing, rate_after),
        moves=[*fed, *moved],
        transfer_units=net[chosen],
        rank=rank,
        second=second,
        options=options_of(
            context, chosen, missing, window, rate_after, _after(context, flow, window)
        ),
    )


def _after(context: Context, flow: Flow, window: Window) -> Following | None:
    """The window after this one, where what is left in it counts.

    Customers who wait are owed in full, so that the position tells all: nothing is to be followed.
    """
    if context.config.shortage == "backorders" or context.config.objective != "economic":
        return None
    return following(flow.demand, flow.available, flow.coming, window)


def _bought_from(context: Context, chosen: Ints, rank: Ints) -> Context:
    every = np.zeros(len(context.places), dtype=np.int64)
    every[chosen] = rank
    return from_chosen(context, every)


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
    wanted = flow.demand.by(window.end)
    return Outlook(
        stockout_days=np.quantile(days, [0.1, 0.5, 0.9], axis=1).T,
        stockout_before=(days < window.start).mean(axis=1),
        stockout_chance=(days < window.end).mean(axis=1),
        lost=missing.lost.mean(axis=1),
        lost_before=missing.lost_before.mean(axis=1),
        protection_days=window.end.mean(axis=1),
        protection_demand=wanted.mean(axis=1),
        demand_band=np.quantile(wanted, [0.1, 0.9], axis=1).T,
        daily_demand=rate_after,
        stored=_stored(flow, window),
    )


def _stored(flow: Flow, window: Window) -> Floats:
    """The position less what is sold until an order arrives, in nine of ten paths no more.

    What is still to come after that counts as there: a room must hold it, too.
    """
    came = flow.coming.day <= window.start[:, None, :]
    units = np.where(came, 0.0, flow.coming.units[:, :, None])
    to_come = units.sum(axis=1)
    position = flow.available + flow.coming.units.sum(axis=1)
    left = position[:, None] - flow.demand.by(window.start)
    held = np.maximum(left, to_come)
    return np.asarray(np.quantile(np.maximum(held, 0.0), 0.9, axis=1), dtype=np.float64)


def joined(parts: list[Appraisal]) -> Appraisal:
    """Appraisals of consecutive places as one."""
    outlooks = [part.outlook for part in parts]
    names = Outlook.__dataclass_fields__
    merged = {name: np.concatenate([getattr(each, name) for each in outlooks]) for name in names}
    return Appraisal(
        outlook=replace(outlooks[0], **merged),
        moves=[move for part in parts for move in part.moves],
        transfer_units=np.concatenate([part.transfer_units for part in parts]),
        rank=np.concatenate([part.rank for part in parts]),
        second=np.concatenate([part.second for part in parts]),
        options=Options.joined([part.options for part in parts]),
    )
