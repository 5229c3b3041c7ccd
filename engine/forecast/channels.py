"""The forecast by channel of sale: parts that add up to it exactly.

Replenishment plans each SKU at each location; through which channel a unit leaves does not change
how many are needed. The decomposition is coherent by construction: the total is forecast, and its
parts are shares of it (top-down across channels), so channels sum to the series, and series sum to
locations, categories and the company (bottom-up, engine.forecast.hierarchy).
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats, ratio
from engine.demand.axes import day_edges, first_day
from engine.demand.catalogue import build_catalogue
from engine.demand.promotions import promoted_series, promotion_levers
from engine.forecast.channels_mix import Mix, Sold, learn_mix
from engine.forecast.learned import Learned
from engine.forecast.plans import Plans
from engine.model.forecast import DRIVERS
from engine.model.panel import DemandPanel
from engine.model.snapshot import Snapshot

PROMOTION = DRIVERS.index("promotion")


def channel_forecast(
    panel: DemandPanel, snapshot: Snapshot, learned: Learned, plans: Plans, drivers: Floats
) -> Floats:
    """[series, channel, step] of the mean that `drivers` [series, step, driver] add up to."""
    training, steps = learned.here.training, len(plans.starts)
    mean = drivers.sum(axis=2)
    if len(panel.channels) == 0:
        return np.zeros((len(mean), 0, steps))
    promoted = promoted_channels(panel, snapshot, plans.starts)
    buckets = training.shape[1]
    sold = Sold(
        units=panel.channel_units.astype(np.float64),
        promoted=promoted[:, :, :buckets],
        place=pd.factorize(panel.series["location"], sort=True)[0].astype(np.int64),
    )
    season = learned.here.structure.season(training.starts, training.bucket_days, len(mean))
    mix = learn_mix(sold, training, season, steps)
    before = drivers[..., :PROMOTION].sum(axis=2)
    lift = ratio(before + drivers[..., PROMOTION], before, 1.0)
    return exact_parts(mean, _split(mix, mean, lift, promoted[:, :, buckets:]))


def promoted_channels(panel: DemandPanel, snapshot: Snapshot, ahead: pd.DatetimeIndex) -> Floats:
    """[series, channel, bucket] share of past and coming buckets promoted on that channel alone."""
    starts = pd.DatetimeIndex(panel.starts.append(ahead))
    shape = (len(panel.series), len(starts))
    edges = day_edges(starts, first_day(ahead) + len(ahead) * panel.bucket_days)
    promotions, catalogue = snapshot["promotions"], build_catalogue(snapshot)
    grid = np.zeros((shape[0], len(panel.channels), shape[1]))
    for position, channel in enumerate(panel.channels):
        mine = promotions[promotions["channel"] == channel]
        if len(mine):
            only = replace(snapshot, tables={**snapshot.tables, "promotions": mine})
            named, _ = promoted_series(only, panel.series, catalogue)
            grid[:, position] = promotion_levers(named, shape, edges).promoted
    return grid


def _split(mix: Mix, mean: Floats, lift: Floats, promoted: Floats) -> Floats:
    """[series, channel, step] units, about adding up to the mean.

    While a promotion runs on some channels, the others sell their part of the demand without it,
    less what the promotion takes from them; the rest of the mean is the promoted channels'.
    """
    usual = mix.share[:, :, None] * mix.season
    usual = usual / usual.sum(axis=1, keepdims=True)
    on = promoted > 0
    strength = promoted.max(axis=1, initial=0.0)
    base = ratio(mean, lift)
    left = base * (1.0 - mix.taken[:, None] * strength)
    others = np.where(on, 0.0, usual) * left[:, None, :]
    # What the others sell can be no more than everything.
    others *= np.minimum(ratio(mean, others.sum(axis=1), 1.0), 1.0)[:, None, :]
    rest = mean - others.sum(axis=1)
    own = np.where(on, usual, 0.0)
    parts: Floats = others + ratio(own, own.sum(axis=1, keepdims=True)) * rest[:, None, :]
    return np.where(on.any(axis=1, keepdims=True), parts, usual * mean[:, None, :])


def exact_parts(mean: Floats, parts: Floats) -> Floats:
    """Parts [series, channel, step] moved to the grid of the mean's last bit, so they add up.

    Multiples of that bit below the mean are added without rounding, in any order. The largest part
    takes what rounding leaves.
    """
    grain = np.spacing(np.maximum(mean, np.finfo(np.float64).tiny))[:, None, :]
    whole: Floats = np.floor(np.maximum(parts, 0.0) / grain) * grain
    largest = parts.argmax(axis=1)[:, None, :]
    np.put_along_axis(whole, largest, 0.0, axis=1)
    rest = np.maximum(mean - whole.sum(axis=1), 0.0)[:, None, :]
    np.put_along_axis(whole, largest, rest, axis=1)
    return whole
