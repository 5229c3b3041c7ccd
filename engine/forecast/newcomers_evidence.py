"""What each series shows by itself: how long it has been there, and what it sold since."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats, Ints, any_bucket
from engine.demand.expected import expect
from engine.forecast.backtest import Standpoint
from engine.model.snapshot import Snapshot

NEAR_DAYS = 28
AGE_EDGES = (0, 28, 91, 364)  # days since the start: the first weeks, the quarter, the year
HIDDEN_START_DAYS = 56  # a series that is there this soon after the data began may be older


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Per series; exposure is buckets in stock x shape, that is, buckets of level demand.

    The age windows are those of AGE_EDGES. `seen_start` tells that the start lies inside the data;
    `by_sale` that nothing but a first sale dates it: that sale then says little of the level.
    """

    sold: Floats
    exposure: Floats
    squares: Floats  # sum of squared shapes; a part of a bucket has that part of its variance
    first: Floats  # exposure of the first bucket, 0 unless `by_sale`
    in_stock_days: Floats
    spread: Floats  # variance of a bucket beyond counting, per squared mean
    level: Floats  # of the series by itself
    young_sold: Floats  # [series, age window], without a bucket that dates the start
    young_exposure: Floats  # [series, age window]
    seen_start: Bools

    @property
    def by_sale(self) -> Bools:
        return self.first > 0


def gather_evidence(here: Standpoint, level: Floats, stated_start: Bools) -> Evidence:
    """`stated_start` [series]: a launch date, or stock, dates the start, not the first sale."""
    training = here.training
    offered = training.weight * here.shape
    start = starts_of(training.begun)
    rows = np.arange(len(start))
    some = training.shape[1] > 0
    at_start = np.minimum(start, max(training.shape[1] - 1, 0))
    sale = training.sold[rows, at_start] > 0 if some else np.zeros(len(start), dtype=np.bool_)
    selected = sale & ~stated_start
    first = np.where(selected, offered[rows, at_start], 0.0) if some else np.zeros(len(start))
    skip = start + selected
    near = max(round(training.buckets(NEAR_DAYS)), 1)
    return Evidence(
        sold=training.sold.sum(axis=1),
        exposure=offered.sum(axis=1),
        squares=(training.weight * here.shape**2).sum(axis=1),
        first=first,
        in_stock_days=training.weight.sum(axis=1) * training.bucket_days,
        spread=expect(training.sold, training.weight, here.shape, near).spread,
        level=level,
        young_sold=_by_age(training.sold, start, skip, training.bucket_days),
        young_exposure=_by_age(offered, start, skip, training.bucket_days),
        seen_start=start * training.bucket_days >= HIDDEN_START_DAYS,
    )


def starts_of(begun: Floats) -> Ints:
    """[series] first bucket; the number of buckets where it has not begun."""
    there = begun > 0
    if begun.shape[1] == 0:
        return np.zeros(len(begun), dtype=np.int64)
    first: Ints = there.argmax(axis=1)
    return np.where(any_bucket(there), first, begun.shape[1])


def _by_age(
    amounts: Floats,
    start: Ints,
    skip: Ints,
    bucket_days: int,
) -> Floats:
    """[series, window] sums between the ages of AGE_EDGES, from bucket `skip` on."""
    series, buckets = amounts.shape
    running = np.concatenate([np.zeros((series, 1)), np.cumsum(amounts, axis=1)], axis=1)
    ages = np.array(AGE_EDGES, dtype=np.int64) // bucket_days
    edge = np.minimum(np.maximum(start[:, None] + ages[None, :], skip[:, None]), buckets)
    at_edge: Floats = np.take_along_axis(running, edge, axis=1)
    windows: Floats = np.maximum(at_edge[:, 1:] - at_edge[:, :-1], 0.0)
    return windows


def stated_start(series: pd.DataFrame, snapshot: Snapshot) -> Bools:
    """[series] is its start dated by a launch date or by stock records, not by its first sale?"""
    stock = snapshot["stock"][["sku", "location"]].drop_duplicates()
    pairs = pd.MultiIndex.from_arrays([stock["sku"].astype(str), stock["location"].astype(str)])
    own = pd.MultiIndex.from_arrays([series["sku"].astype(str), series["location"].astype(str)])
    stocked = np.asarray(own.isin(pairs), dtype=np.bool_)
    return stocked | series["launch_date"].notna().to_numpy(dtype=np.bool_)
