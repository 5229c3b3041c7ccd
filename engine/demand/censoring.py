"""Demand of buckets in which the series could not be bought all the time."""

import numpy as np
from scipy.special import betainc

from engine.demand.arrays import Floats


def uncensored(sold: Floats, exposure: Floats, rate: Floats, spread: Floats) -> Floats:
    """Expected demand of each bucket given what was sold while in stock, units.

    Demand has a gamma rate with mean `rate` and variance `spread` x rate^2 (per series) and is
    Poisson given it; in stock for a share `exposure`, the sales of that share are seen and those
    of the rest expected: E[demand | sold] = sold + (1 - exposure) (a + sold) / (a / rate +
    exposure) with a = 1 / spread. A busy series is thereby scaled up by its own sales, a sparse
    one filled from its neighbours. Out of stock all the time but with sales on the books, demand
    was at least those sales: the mean of a negative binomial above them.
    """
    shape = (1.0 / spread)[:, None]
    known_rate = np.maximum(rate, 1e-9)
    posterior = (shape + sold) / (shape / known_rate + exposure)
    filled = sold + (1.0 - exposure) * np.where(rate > 0, posterior, 0.0)
    blind = (exposure <= 0) & (rate > 0)
    if blind.any():
        row = np.nonzero(blind)[0]
        filled[blind] = mean_above(sold[blind], rate[blind], 1.0 / spread[row])
    return np.where(exposure >= 1.0, sold, filled)


def at_least(units: Floats, mean: Floats, size: Floats) -> Floats:
    """P(D >= units) for D negative binomial: I(k, size) at mean / (mean + size)."""
    odds = mean / (mean + size)
    tail = np.asarray(betainc(np.maximum(units, 1e-9), size, odds), dtype=np.float64)
    return np.where(units > 0, tail, 1.0)


def mean_above(least: Floats, mean: Floats, size: Floats) -> Floats:
    """E[D | D >= least] for D negative binomial with this mean and size.

    E[D; D >= k] = mean x P(D' >= k - 1), D' with size + 1 and the same success probability.
    """
    tail = at_least(least, mean, size)
    # The same odds mean / size belong to size + 1 at a mean larger in proportion.
    shifted = at_least(least - 1.0, mean * (size + 1.0) / size, size + 1.0)
    # So far out that both tails underflow, demand was what was sold.
    sure = tail > 1e-12  # noqa: PLR2004  below it the quotient is noise
    conditional = np.where(sure, mean * shifted / np.where(sure, tail, 1.0), least)
    return np.maximum(conditional, least)
