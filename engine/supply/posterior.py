"""Distributions over days that borrow from a prior where evidence is thin."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LONGEST_DAYS = 730  # of any distribution


def censored_posterior(
    *,
    prior: Floats,
    strength: float,
    lane: Ints,
    day: Ints,
    weight: Floats,
    censored: NDArray[np.bool_],
) -> Floats:
    """Posterior mean pmf [lane, day] under a Dirichlet prior with right-censored evidence.

    `prior` [lane, day] rows sum to 1; `strength` is how many observations the prior is worth.
    Evidence is one entry per observation: its lane, its day (of the event, or the last day known
    to be without one), its weight. Without censoring this is (strength x prior + counts) /
    (strength + n); with it, hazards are shrunk: Susarla & Van Ryzin (1976), Nonparametric
    Bayesian estimation of survival curves from incomplete observations.
    """
    width = prior.shape[1]
    clipped = np.minimum(day, width - 1)
    events, at_risk = np.zeros_like(prior), np.zeros_like(prior)
    np.add.at(events, (lane[~censored], clipped[~censored]), weight[~censored])
    np.add.at(at_risk, (lane, clipped), weight)
    at_risk = _sum_from(at_risk)
    exposed = strength * _sum_from(prior) + at_risk
    hazard = (strength * prior + events) / np.maximum(exposed, 1e-12)
    hazard = np.clip(hazard, 0.0, 1.0)
    alive = np.cumprod(1 - hazard, axis=1)
    before = np.concatenate([np.ones_like(alive[:, :1]), alive[:, :-1]], axis=1)
    pmf = hazard * before
    pmf[:, -1] += np.maximum(1 - pmf.sum(axis=1), 0.0)
    return pmf / pmf.sum(axis=1, keepdims=True)


def product_limit(values: Floats, weight: Floats, came: NDArray[np.bool_]) -> Floats:
    """Weights of `values` that count those not over yet as "longer than so far"; they sum to 1.

    Kaplan & Meier (1958), product-limit estimate, weighted; an event comes before a censoring of
    the same value. What is left beyond the last event lies on the largest value.
    """
    order = np.lexsort((~came, values))
    at_risk = _sum_from(weight[order][None, :])[0]
    hazard = np.where(came[order], weight[order], 0.0) / np.maximum(at_risk, 1e-300)
    alive: Floats = np.multiply.accumulate(1 - np.clip(hazard, 0.0, 1.0))
    share: Floats = np.concatenate([[1.0], alive[:-1]]) - alive
    share[-1] += alive[-1]
    found = np.zeros(len(values))
    found[order] = share
    return found


def _sum_from(values: Floats) -> Floats:
    """Sum of this day and all later ones."""
    return np.cumsum(values[:, ::-1], axis=1)[:, ::-1]


def gamma_days(mean: Floats, spread: float, width: int) -> Floats:
    """Whole-day pmf [lane, day] of a gamma with these means and coefficient of variation.

    Day d holds the probability of (d - 1/2, d + 1/2]; without spread or with mean 0 all of it
    lies on the nearest day (of two, by their distance).
    """
    if spread <= 0:
        return days_of_samples(mean[:, None], np.ones(1), width)
    shape = 1 / spread**2
    scale = np.maximum(mean, 1e-9)[:, None] / shape
    edges = np.arange(width, dtype=np.float64) + 0.5
    upto = np.asarray(special.gammainc(shape, edges[None, :] / scale), dtype=np.float64)
    upto[:, -1] = 1.0
    return np.diff(upto, axis=1, prepend=0.0)


def days_of_samples(samples: Floats, weight: Floats, width: int) -> Floats:
    """Pmf [lane, day] of weighted samples [lane, sample] in (fractions of) days.

    A fraction is split between the days around it, so that means are kept.
    """
    lanes = np.arange(len(samples))[:, None]
    clipped = np.clip(samples, 0, width - 1)
    low = np.floor(clipped).astype(np.int64)
    high = np.minimum(low + 1, width - 1)
    part = clipped - low
    pmf = np.zeros((len(samples), width))
    share = np.broadcast_to(weight / weight.sum(), samples.shape)
    rows = np.broadcast_to(lanes, samples.shape)
    np.add.at(pmf, (rows, low), share * (1 - part))
    np.add.at(pmf, (rows, high), share * part)
    return pmf


def condensed(values: Floats, weight: Floats, most: int = 512) -> tuple[Floats, Floats]:
    """At most `most` samples that stand for the weighted ones: equal values as one, else means.

    Neighbours are taken together in shares of equal weight, so the mean is kept and each quantile
    moves by less than one such share.
    """
    found, place = np.unique(values, return_inverse=True)
    share: Floats = np.bincount(place, weights=weight, minlength=len(found)).astype(np.float64)
    if len(found) <= most:
        return found, share
    upto = np.cumsum(share) - share / 2
    part = np.minimum((most * upto / share.sum()).astype(np.int64), most - 1)
    total: Floats = np.bincount(part, weights=share, minlength=most).astype(np.float64)
    mean: Floats = np.bincount(part, weights=share * found, minlength=most) / np.where(
        total > 0, total, 1.0
    )
    return mean[total > 0], total[total > 0]


def moments(pmf: Floats, first: int = 0) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each row, day index shifted by `first`."""
    days = np.arange(pmf.shape[1], dtype=np.float64) + first
    mean = pmf @ days
    variance = np.maximum(pmf @ days**2 - mean**2, 0.0)
    return mean, np.sqrt(variance)


def day_quantiles(pmf: Floats, levels: Sequence[float]) -> Floats:
    """Days [row, level] by which an arrival has that chance, interpolated between whole days."""
    upto = np.cumsum(pmf, axis=1)
    days = np.arange(pmf.shape[1], dtype=np.float64)
    return np.stack([np.interp(levels, row, days) for row in upto])
