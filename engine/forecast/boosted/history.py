"""Running sums over the history of some series, from which any origin's inputs are read off."""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints, ratio
from engine.forecast.training import Training

LEVEL_HALF_LIFE_DAYS, LONG_HALF_LIFE_DAYS = 21.0, 364.0
LONG_BUCKETS = 4.0  # for which the long level stands in the level
COMPANY_SHARE = 0.02  # of those, the mean of all series: a level is never zero


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What histories are gathered from: a training, its shape, and the level of the company."""

    training: Training
    shape: Floats  # [series, bucket]
    everyone: Floats  # [bucket + 1] units per bucket in stock over all series so far


def ground(training: Training, shape: Floats) -> Ground:
    units = np.concatenate([[0.0], np.cumsum(training.sold.sum(axis=0))])
    offered = np.einsum("sb,sb->b", training.weight, shape)
    everyone = ratio(units, np.concatenate([[0.0], np.cumsum(offered)]))
    return Ground(training=training, shape=shape, everyone=everyone)


@dataclass(frozen=True, kw_only=True)
class History:
    """[series, bucket + 1]: entry k is what was known before bucket k began.

    `offset` is share in stock x season x events x promotions: units over offset is a level.
    """

    units: Floats
    offset: Floats
    in_stock: Floats
    quiet: Floats  # buckets in stock without a sale
    squares: Floats  # of demand with the shape taken out
    level: Floats  # units per bucket; positive
    last_sale: Ints  # bucket; -1: none so far
    first: Ints  # [series] bucket in which the series began
    bucket_days: int

    def buckets(self, days: float) -> int:
        return max(round(days / self.bucket_days), 1)


def gather(grounds: Ground, rows: Ints) -> History:
    """The history of `rows` up to the end of the training."""
    training = grounds.training
    sold, weight = training.sold[rows], training.weight[rows]
    offset = weight * grounds.shape[rows]
    return History(
        units=_running(sold),
        offset=_running(offset),
        in_stock=_running(weight),
        quiet=_running(weight * (sold <= 0)),
        squares=_running(ratio(sold, offset) ** 2 * weight),
        level=_level(grounds, sold, offset),
        last_sale=_last(sold > 0),
        first=np.asarray(np.argmax(training.begun[rows] > 0, axis=1), dtype=np.int64),
        bucket_days=training.bucket_days,
    )


def _running(amounts: Floats) -> Floats:
    return np.hstack([np.zeros((len(amounts), 1)), np.cumsum(amounts, axis=1)])


def _level(grounds: Ground, sold: Floats, offset: Floats) -> Floats:
    """Mean of the last weeks, drawn towards the mean of the last year, and that to everyone's."""
    training = grounds.training
    long_units = _faded(sold, training.buckets(LONG_HALF_LIFE_DAYS))
    long_offset = _faded(offset, training.buckets(LONG_HALF_LIFE_DAYS))
    long = ratio(
        long_units + COMPANY_SHARE * LONG_BUCKETS * grounds.everyone, long_offset + LONG_BUCKETS
    )
    near_units = _faded(sold, training.buckets(LEVEL_HALF_LIFE_DAYS))
    near_offset = _faded(offset, training.buckets(LEVEL_HALF_LIFE_DAYS))
    return np.maximum((near_units + LONG_BUCKETS * long) / (near_offset + LONG_BUCKETS), 1e-9)


def _faded(amounts: Floats, half_life: float) -> Floats:
    """[series, bucket + 1] exponentially weighted sums of the buckets before."""
    # Growing weights divided out again are the same sums without a loop; a half-life of three
    # weeks stays within double precision for sixty years.
    ages: Floats = np.arange(amounts.shape[1] + 1, dtype=np.float64) / half_life
    growing = np.exp2(ages)
    return _running(amounts * growing[1:]) / growing


def _last(sold: Bools) -> Ints:
    buckets = np.arange(sold.shape[1], dtype=np.int64)[None, :]
    position = np.where(sold, buckets, -1)
    latest = np.maximum.accumulate(position, axis=1)
    return np.hstack([np.full((len(sold), 1), -1), latest]).astype(np.int64)
