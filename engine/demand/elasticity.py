"""How demand answers to the list price: elasticities pooled from company to series.

Demand is its level x season x promotions x (price / usual price) ** elasticity. Price moves are
told from the drift of the level by looking at them against the neighbourhood only: what demand
did when the price moved, not where both stood a year ago. Prices during promotions are list
prices here; the cut has its own effect (`engine.demand.lift`).
"""

import numpy as np

from engine.demand.arrays import Floats, clipped, ratio, window_sum
from engine.demand.groups import Groups
from engine.demand.response import (
    FIRST_SPREAD,
    Sold,
    beyond_counting,
    expected_units,
    shared_noise,
    surprise,
)
from engine.demand.shrinkage import Normal, Spread, learned_spread, shrunk

LOWEST = -4.0  # elasticities below are another product at the same code
MOST_MOVE = 0.7  # of the log price: twice the price or half of it
USUAL_DAYS = 63.0  # half-life of the usual price
REACH_DAYS = 182  # on either side a move is compared with
COMPANY, DEVIATION = 4.0, 0.5  # variances of elasticities: of the company's, of its parts
STEPS = 3
# What else moves demand after a price step lasts for weeks as well: weeks in a row count as one.
ALIKE_DAYS = 56.0


def price_factor(elasticity: Floats, log_price: Floats | None, usual: Floats) -> Floats:
    """[series, bucket] demand at this list price over demand at the usual one; 1 if unknown."""
    if log_price is None or not elasticity.any():
        return np.ones((len(elasticity), 1 if log_price is None else log_price.shape[1]))
    return np.exp(elasticity[:, None] * moves(log_price, usual))


def moves(log_price: Floats, usual: Floats) -> Floats:
    """[series, bucket] list price against the usual one, as a logarithm."""
    return clipped(np.nan_to_num(log_price - usual[:, None]), -MOST_MOVE, MOST_MOVE)


def usual_price(log_price: Floats | None, weight: Floats, bucket_days: int) -> Floats:
    """[series] logarithm of the price at which the level of late was sold; NaN if unknown."""
    if log_price is None:
        return np.full(len(weight), np.nan)
    age = np.arange(weight.shape[1] - 1, -1, -1.0)
    fade = 0.5 ** (age * bucket_days / USUAL_DAYS)
    known = np.isfinite(log_price)
    # Without any bucket in stock the price still has a usual value: that of the calendar.
    counts = np.where(known, (weight + 1e-6) * fade, 0.0)
    return ratio((counts * np.nan_to_num(log_price)).sum(axis=1), counts.sum(axis=1), np.nan)


def fit_elasticity(sold: Sold, log_price: Floats, groups: Groups, bucket_days: int) -> Floats:
    """[series] elasticity to the list price, 0 or below; exactly 0 where no price ever moved."""
    usual = ratio(
        np.nan_to_num(log_price).sum(axis=1), np.isfinite(log_price).sum(axis=1).astype(np.float64)
    )
    move = moves(log_price, usual)
    half = max(round(REACH_DAYS / bucket_days), 1)
    elasticity, beyond = np.zeros(len(move)), FIRST_SPREAD
    spread = Spread(company=np.array([COMPANY]), variance=np.full((len(groups.nest), 1), DEVIATION))
    everywhere = np.arange(move.size, dtype=np.int64)
    for _ in range(STEPS):
        factor = np.exp(elasticity[:, None] * move)
        mean = expected_units(sold, factor, beyond, half)
        beyond = beyond_counting(sold, mean)
        weight = mean / (1.0 + beyond * mean)
        usual_near = ratio(window_sum(weight * move, half), window_sum(weight, half))
        apart = move - usual_near
        information = (weight * apart**2).sum(axis=1)
        pull = weight * apart * surprise(sold, mean, beyond)
        score = pull.sum(axis=1)
        evidence = Normal(
            matrix=information[:, None, None],
            vector=(score + information * elasticity)[:, None],
        ).divided(
            shared_noise(pull.ravel(), everywhere, mean.shape, groups)
            * max(ALIKE_DAYS / bucket_days, 1.0)
        )
        spread = learned_spread(evidence, groups.nest, spread)
        elasticity = clipped(shrunk(evidence, groups.nest, spread)[:, 0], LOWEST, 0.0)
    return elasticity
