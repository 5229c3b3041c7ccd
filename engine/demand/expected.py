"""What a series was expected to sell in each bucket, from its neighbours and the pooled season."""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, ratio, window_total

PRIOR_BUCKETS = 1.0  # weight of the series' long-run mean against its neighbourhood
PRIOR_SERIES = 20.0  # buckets of evidence at which a series' own spread counts half
LEAST_SPREAD, MOST_SPREAD = 0.02, 5.0


@dataclass(frozen=True, kw_only=True)
class Expected:
    """[series, bucket]; a bucket never looks at itself in `others`."""

    rate: Floats  # expected demand had the whole bucket been in stock, units
    others: Floats  # the same from the other buckets alone
    spread: Floats  # [series] variance beyond counting, as a share of the squared mean


def local_rate(sold: Floats, exposure: Floats, shape: Floats, half_width: int) -> Floats:
    """Level of the neighbourhood (triangular weights) times `shape`, the season and promotions.

    `sold` counts where `exposure` is positive; buckets out of stock or before launch have none.
    """
    units, offset = np.where(exposure > 0, sold, 0.0), exposure * shape
    long_run = ratio(units.sum(axis=1), offset.sum(axis=1))[:, None]
    prior = PRIOR_BUCKETS * (2 * half_width + 1)
    near = _near(units, half_width), _near(offset, half_width)
    return shape * _drawn(*near, long_run, prior)


def expect(sold: Floats, exposure: Floats, shape: Floats, half_width: int) -> Expected:
    """`local_rate`, the same without each bucket itself, and how widely sales vary around it."""
    used = exposure > 0
    units, offset = np.where(used, sold, 0.0), exposure * shape
    all_units, all_offset = units.sum(axis=1, keepdims=True), offset.sum(axis=1, keepdims=True)
    prior = PRIOR_BUCKETS * (2 * half_width + 1)
    near_units, near_offset = _near(units, half_width), _near(offset, half_width)
    rate = shape * _drawn(near_units, near_offset, ratio(all_units, all_offset), prior)
    centre = window_total(np.ones((1, sold.shape[1])), half_width)
    rest_units = np.maximum(near_units - centre * units, 0.0)
    rest_offset = np.maximum(near_offset - centre * offset, 0.0)
    # The long-run mean has seen this bucket as well, so it is left out there, too.
    rest_mean = ratio(all_units - units, all_offset - offset)
    others = shape * _drawn(rest_units, rest_offset, rest_mean, prior)
    return Expected(rate=rate, others=others, spread=_spread(units, others * exposure, used))


def _near(amounts: Floats, half_width: int) -> Floats:
    """Two moving sums in a row weigh a neighbourhood like a triangle."""
    return window_total(window_total(amounts, half_width), half_width)


def _drawn(units: Floats, offset: Floats, mean: Floats, prior: float) -> Floats:
    return (units + prior * mean) / (offset + prior)


def _spread(sold: Floats, expected: Floats, used: Bools) -> Floats:
    """Excess variance per squared mean, each series drawn towards all others by its evidence.

    Negative binomial moments: Var = m + spread x m^2. Residuals beyond eight times their counting
    deviation are anomalies and do not teach.
    """
    usual = used & (np.abs(sold - expected) <= 8.0 * np.sqrt(expected + expected**2) + 1.0)
    beyond = np.where(usual, (sold - expected) ** 2 - expected, 0.0).sum(axis=1)
    squares = np.where(usual, expected**2, 0.0).sum(axis=1)
    buckets = usual.sum(axis=1).astype(np.float64)
    mean_square = ratio(squares, buckets)
    relative = ratio(beyond, squares)
    # Series with tiny demand carry little evidence on spread: a counting variance swamps it.
    evidence = buckets * mean_square / (mean_square + 1.0)
    total = float(evidence.sum())
    pooled = float((evidence * np.clip(relative, 0.0, MOST_SPREAD)).sum()) / max(total, 1e-12)
    drawn = (evidence * relative + PRIOR_SERIES * pooled) / (evidence + PRIOR_SERIES)
    return np.clip(drawn, LEAST_SPREAD, MOST_SPREAD)
