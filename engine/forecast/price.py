"""Prices paid, and how demand answers to them: one elasticity per category, pooled.

The price of the last weeks is taken to continue; its effect is measured against the price at
which the level was sold. Prices during promotions teach nothing here: promotions have their own
lift.
"""

import numpy as np
import pandas as pd

from engine.demand.arrays import (
    Floats,
    Ints,
    clipped,
    day_numbers,
    floats,
    ratio,
    sum_groups,
    sum_into,
    window_sum,
)
from engine.demand.axes import first_day
from engine.demand.expected import local_rate
from engine.demand.groups import Groups, parents
from engine.forecast.training import Training
from engine.model.panel import DemandPanel
from engine.model.snapshot import Snapshot

LEAST_MOVE, MOST_MOVE = 0.02, 0.5  # of the log price: smaller is rounding, larger another product
EVIDENCE = 2.0  # weighed units x squared log move at which own evidence counts half
LOWEST = -2.5
RECENT_DAYS, LEVEL_HALF_LIFE_DAYS, USUAL_DAYS = 28, 63.0, 182
GIANT = 4.0  # as in engine.demand.lift


def paid_prices(panel: DemandPanel, snapshot: Snapshot) -> Floats:
    """[series, bucket] mean price over sales lines, base currency; NaN where nothing tells.

    A mean over lines, not over units: large orders at a lower price would look like elasticity.
    """
    shape = panel.observed.shape
    sales = snapshot["sales"]
    units, revenue = floats(sales["units"]), floats(sales["net_revenue_micros"])
    price = floats(sales["price_micros"])
    price = np.where(np.isnan(price), revenue / np.where(units > 0, units, np.nan), price)
    usable = (units > 0) & (price > 0) & (sales["kind"] == "sale").to_numpy()
    if not usable.any() or shape[1] == 0:
        return np.full(shape, np.nan)
    first = first_day(panel.starts)
    bucket = (day_numbers(sales["date"]) - first) // panel.bucket_days
    row = _rows(panel, sales)
    inside = usable & (row >= 0) & (bucket >= 0) & (bucket < shape[1])
    cells = np.where(inside, row * shape[1] + bucket, -1)
    lines = sum_into(shape, cells, np.ones(len(cells)))
    return ratio(sum_into(shape, cells, np.nan_to_num(price) / 1e6), lines, np.nan)


def _rows(panel: DemandPanel, sales: pd.DataFrame) -> Ints:
    """The series of each sales line; -1 for lines under an earlier name or of a set."""
    skus = pd.Index(panel.series["sku"].unique())
    places = pd.Index(panel.series["location"].unique())
    table = np.full((len(skus) + 1, len(places) + 1), -1, dtype=np.int64)
    at = (
        skus.get_indexer(pd.Index(panel.series["sku"])),
        places.get_indexer(pd.Index(panel.series["location"])),
    )
    table[at] = np.arange(len(panel.series))
    sku, place = pd.Categorical(sales["sku"]), pd.Categorical(sales["location"])
    sku_code = np.append(skus.get_indexer(sku.categories), -1)[sku.codes]
    place_code = np.append(places.get_indexer(place.categories), -1)[place.codes]
    return table[sku_code, place_code]


def price_effect(training: Training, shape: Floats) -> Floats:
    """[series] factor on demand of the price now against the price at which the level was sold."""
    quiet = np.where(training.levers.promoted > 0, 0.0, training.weight)
    priced = np.isfinite(training.price) & (quiet > 0)
    if not priced.any():
        return np.ones(training.shape[0])
    logs = np.where(priced, np.log(np.where(priced, training.price, 1.0)), 0.0)
    age = np.arange(training.shape[1] - 1, -1, -1.0)
    fade = 0.5 ** (age / training.buckets(LEVEL_HALF_LIFE_DAYS))
    at_level = ratio((logs * fade * priced).sum(axis=1), (fade * priced).sum(axis=1))
    recent = priced & (age < training.buckets(RECENT_DAYS))
    now = ratio((logs * recent).sum(axis=1), recent.sum(axis=1).astype(np.float64))
    move = np.where(recent.any(axis=1), np.clip(now - at_level, -MOST_MOVE, MOST_MOVE), 0.0)
    move = np.where(np.abs(move) >= LEAST_MOVE, move, 0.0)
    if not move.any():
        return np.ones(training.shape[0])
    return np.exp(_elasticity(training, shape, logs, priced.astype(np.float64)) * move)


def _elasticity(training: Training, shape: Floats, logs: Floats, priced: Floats) -> Floats:
    """Per series, from local price moves and what was sold then; drawn towards the parent's.

    One Fisher-scoring step of a Poisson regression at zero elasticity: moves are small.
    """
    wide = round(training.buckets(USUAL_DAYS) / 2)
    usual = ratio(window_sum(logs, wide), window_sum(priced, wide))
    move = np.where(priced > 0, np.clip(logs - usual, -MOST_MOVE, MOST_MOVE), 0.0)
    base = local_rate(training.sold, training.weight, shape, wide) * training.weight
    weight = 1.0 / (1.0 + base.mean(axis=1, keepdims=True) / GIANT)
    score = (weight * move * (training.sold - base)).sum(axis=1, keepdims=True)
    information = (weight * move**2 * base).sum(axis=1, keepdims=True)
    return _pooled(score, information, training.groups)


def _pooled(score: Floats, information: Floats, groups: Groups) -> Floats:
    answer: Floats = np.zeros((1, 1))
    above = np.zeros(len(score), dtype=np.int64)
    for codes, size in zip(groups.levels, groups.sizes(), strict=True):
        prior = answer[parents(codes, above, size)]
        gained = sum_groups(score, codes, size) + EVIDENCE * prior
        answer = gained / (sum_groups(information, codes, size) + EVIDENCE)
        answer, above = clipped(answer, LOWEST, 0.0), codes
    elasticity: Floats = np.take(answer[:, 0], above)
    return elasticity
