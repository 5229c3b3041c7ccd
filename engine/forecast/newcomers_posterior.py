"""Prior belief meets own sales: the level of a newcomer on a grid of logarithms.

Counts given a level are negative binomial with a variance that grows with that level, so one sale
is taken for what it is at every level, large or small. Where nothing but the first sale dates the
start, the likelihood is that of the sales given that the first bucket had one: such an item could
not have been seen before it sold. Bayes' rule on a grid; no conjugate form is assumed.
"""

import numpy as np

from engine.demand.arrays import Floats, Ints
from engine.forecast.newcomers_evidence import Evidence

GRID: Floats = np.arange(-9.0, 7.05, 0.1)  # log of the level over its prior median
BANDWIDTH = 0.3  # of the normal kernel around each residual
STRANGE = 0.02  # share of items unlike any seen: Laplace around the prediction
CHUNK = 4096


def density(residuals: Floats) -> Floats:
    """[grid] prior probability of each log level beyond the prediction."""
    distance = (GRID[:, None] - residuals[None, :]) / BANDWIDTH
    usual = np.exp(-0.5 * distance**2).sum(axis=1)
    strange = np.exp(-np.abs(GRID))
    return (1.0 - STRANGE) * usual / usual.sum() + STRANGE * strange / strange.sum()


def mean_factor(residuals: Floats) -> float:
    """Mean of exp(log level less its prediction) under that density."""
    return float((density(residuals) * np.exp(GRID)).sum())


def update(
    rows: Ints, log_level: Floats, prior: Floats, exposure: Floats, evidence: Evidence
) -> tuple[Floats, Floats]:
    """Posterior mean level, and the spread of a gamma close to the posterior, per newcomer.

    `prior` [newcomer, grid] weighs levels exp(log_level + GRID); `exposure` [newcomer] is what of
    the exposure counts at the newcomer's age.
    """
    level, spread = np.empty(len(rows)), np.empty(len(rows))
    for first in range(0, len(rows), CHUNK):
        part = slice(first, first + CHUNK)
        chosen = rows[part]
        levels = np.exp(log_level[part][:, None] + GRID[None, :])
        weight = prior[part] * _likelihood(levels, chosen, exposure[part], evidence)
        weight /= weight.sum(axis=1, keepdims=True)
        mean = (weight * levels).sum(axis=1)
        logs = (weight * GRID[None, :]).sum(axis=1) + log_level[part]
        level[part], spread[part] = mean, _gamma_cv(np.log(mean) - logs)
    return level, spread


def _gamma_cv(skew: Floats) -> Floats:
    """Coefficient of variation of the gamma closest to a belief in Kullback-Leibler divergence.

    That gamma shares the belief's mean and its mean logarithm; `skew` is the logarithm of the one
    less the other, log(k) - digamma(k) for a gamma of shape k (solved as in Minka 2002). A gamma
    with the belief's variance would sit at zero wherever the belief has a long upper tail.
    """
    skew = np.maximum(skew, 1e-6)
    shape = (3.0 - skew + np.sqrt((skew - 3.0) ** 2 + 24.0 * skew)) / (12.0 * skew)
    return np.sqrt(1.0 / shape)


def _likelihood(levels: Floats, rows: Ints, exposure: Floats, evidence: Evidence) -> Floats:
    """[newcomer, grid] chance of what was sold, up to a factor per newcomer."""
    sold, noise = evidence.sold[rows][:, None], evidence.spread[rows]
    share = np.where(
        evidence.exposure[rows] > 0, exposure / np.maximum(evidence.exposure[rows], 1e-12), 0
    )
    squares = evidence.squares[rows] * share**2
    seen = exposure > 0
    size = np.where(seen, exposure**2 / np.maximum(noise * squares, 1e-12), 1.0)[:, None]
    mean = np.maximum(levels * exposure[:, None], 1e-300)
    log = size * np.log(size / (size + mean)) + sold * np.log(mean / (size + mean))
    log = np.where(seen[:, None], log, 0.0)
    first = evidence.first[rows] * share
    log -= _log_some_sale(levels, first[:, None], noise[:, None])
    return np.exp(log - log.max(axis=1, keepdims=True))


def _log_some_sale(levels: Floats, first: Floats, spread: Floats) -> Floats:
    """Log of P(at least one unit) at this exposure of a first bucket; 0 where there is none."""
    chance = -np.expm1(-first / spread * np.log1p(spread * levels))
    return np.where(first > 0, np.log(np.maximum(chance, 1e-300)), 0.0)
