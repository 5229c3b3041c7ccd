"""What one item's promotion does to its family: cannibalisation, or a halo.

While siblings gain, an item sells base x (1 - share x pressure), pressure being what the siblings
gain, spread over their family in proportion to what each sells (family.pressure). The share is
the part of a promoted item's gain that comes from its siblings: positive is cannibalisation,
negative a halo. It is a regression of what an item sold beyond its expectation on the pressure
beyond the usual one around it; the error of a share is measured between weeks of a category, not
between series, because a week's surprises are shared. What does not stand out from that error is
taken as zero, and so is what one half of the history would not have gained from the other; a
category departs from the one above it on the same condition (positive-part
James-Stein). See van Heerde, Gupta and Wittink, JMR 2003, on sales that move between brands.
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints, clipped, ratio, sum_groups, window_sum
from engine.demand.expected import local_rate
from engine.demand.groups import Groups, parents
from engine.forecast.family import CIRCLES, Family, pressure

MOST_TAKEN, MOST_GIVEN = 0.9, -0.5  # share of a gain that may come from, or spill to, siblings
LEAST_FACTOR, MOST_FACTOR = 0.2, 2.0  # of a series' demand under pressure
LEAST_SHARE = 0.05  # smaller ones move demand by less than their own error
SURE = 3.0  # standard errors within which a share is taken as chance; many groups are asked
LEAST_WEEKS = 8  # with pressure, before anything is believed
LEVEL_DAYS = 91
GIANT = 4.0  # units: beyond it a series counts by its relative demand, not by its units


@dataclass(frozen=True, kw_only=True)
class CrossEffect:
    """Shares [circle, series] of siblings' gains that a series loses; its `usual` pressure."""

    family: Family
    shares: Floats
    usual: Floats

    @property
    def is_flat(self) -> bool:
        return not self.shares.any()

    def factor(self, base: Floats, lift: Floats, promoted: Floats) -> Floats:
        """[series, bucket] on demand.

        What a series' own promotion lifts was measured on what it sells under usual pressure, so
        that is the pressure while it runs; the company in which it ran is in the lift already.
        `base` is demand without any promotion, `lift` the factor of each series' own promotions,
        `promoted` their share of the bucket.
        """
        if self.is_flat or not promoted.any():
            return np.ones((1, 1))
        gain = _gain(base, lift, promoted)
        factor = np.ones_like(gain)
        for circle, name in enumerate(CIRCLES):
            if self.shares[circle].any():
                felt = pressure(self.family, name, gain, base)
                usual = self.usual[circle][:, None]
                factor *= _relief(self.shares[circle], felt, usual, promoted)
        return clipped(factor, LEAST_FACTOR, MOST_FACTOR)


def _gain(base: Floats, lift: Floats, promoted: Floats) -> Floats:
    """Units that a series' own promotions add while they run."""
    return base * np.maximum(lift - 1.0, 0.0) * (promoted > 0)


def _relief(share: Floats, felt: Floats, usual: Floats, promoted: Floats) -> Floats:
    return 1.0 - share[:, None] * (felt * (1.0 - promoted) + usual * promoted)


@dataclass(frozen=True, kw_only=True)
class Watched:
    """History under promotions: [series, bucket] units, share in stock, season, lift, promoted."""

    sold: Floats
    weight: Floats
    season: Floats
    lift: Floats
    promoted: Floats
    bucket_days: int
    groups: Groups


def no_cross(family: Family) -> CrossEffect:
    """Series that take nothing from one another."""
    nothing = np.zeros((len(CIRCLES), len(family.category)))
    return CrossEffect(family=family, shares=nothing, usual=nothing)


def fit_cross(seen: Watched, family: Family) -> CrossEffect:
    """Shares by circle, from near to far; each circle explains what the nearer ones left."""
    effect = no_cross(family)
    if not (seen.promoted > 0).any():
        return effect
    wide = round(LEVEL_DAYS / seen.bucket_days)
    shape = seen.season * seen.lift
    rate = local_rate(seen.sold, seen.weight, shape, wide)
    base = ratio(rate, seen.lift) * (seen.weight > 0)
    gain, expected = _gain(base, seen.lift, seen.promoted), rate * seen.weight
    shares, usual = effect.shares.copy(), effect.usual.copy()
    quiet = np.where(seen.promoted > 0, 0.0, expected)
    for circle, name in enumerate(CIRCLES):
        if family.has(name):
            felt = pressure(family, name, gain, base)
            shares[circle] = _shares(seen, expected, felt, wide)
            usual[circle] = ratio((felt * quiet).sum(axis=1), quiet.sum(axis=1))
            relief = _relief(shares[circle], felt, usual[circle][:, None], seen.promoted)
            expected = expected * clipped(relief, LEAST_FACTOR, MOST_FACTOR)
    return CrossEffect(family=family, shares=shares, usual=usual)


def _shares(seen: Watched, expected: Floats, felt: Floats, wide: int) -> Floats:
    """[series] share lost, from buckets in which the series itself was not promoted."""
    quiet = np.where(seen.promoted > 0, 0.0, expected)
    # The level already sells under the usual pressure; only what differs from it can teach.
    unusual = felt - ratio(window_sum(felt * quiet, wide), window_sum(quiet, wide))
    mean = quiet.sum(axis=1) / np.maximum((quiet > 0).sum(axis=1), 1)
    precision = (1.0 / (1.0 + mean / GIANT))[:, None]
    score = -precision * unusual * (seen.sold - expected) * (quiet > 0)
    information = precision * unusual**2 * quiet
    return _believed(score, information, seen.groups)


def _believed(score: Floats, information: Floats, groups: Groups) -> Floats:
    """[series] the share of its category, each level of the tree as far as it is sure."""
    finest, count = groups.levels[-1], groups.sizes()[-1]
    scores = sum_groups(score, finest, count)
    informations = sum_groups(information, finest, count)
    share, above = np.zeros(1), np.zeros(count, dtype=np.int64)
    for codes, size in zip(groups.levels, groups.sizes(), strict=True):
        group = parents(finest, codes, count)
        prior = share[parents(group, above, size)]
        share = prior + _departure(scores, informations, group, size, prior)
        share, above = clipped(share, MOST_GIVEN, MOST_TAKEN), group
    return np.where(np.abs(share) >= LEAST_SHARE, share, 0.0)[finest]


def _departure(
    scores: Floats, informations: Floats, group: Ints, size: int, prior: Floats
) -> Floats:
    """[group] how far it departs from its prior, 0 within chance. Clusters are buckets."""
    top, bottom = sum_groups(scores, group, size), sum_groups(informations, group, size)
    total = bottom.sum(axis=1)
    away = ratio(top.sum(axis=1), total) - prior
    weeks = (bottom > 1e-6 * bottom.max(axis=1, keepdims=True)).sum(axis=1)
    rest = top - (prior + away)[:, None] * bottom
    error = np.sqrt((rest**2).sum(axis=1) * ratio(weeks * 1.0, weeks - 1.0, 1.0))
    ratio_to_error = ratio(np.abs(away) * total, error)
    kept = 1.0 - ratio(np.full(size, SURE**2), ratio_to_error**2, np.inf)
    sure = (weeks >= LEAST_WEEKS) & _holds(top - prior[:, None] * bottom, bottom)
    return np.where(sure, away * np.maximum(kept, 0.0), 0.0)


def _holds(top: Floats, bottom: Floats) -> Bools:
    """[group] does what one half of the history says of a share improve on the other half?

    The gain of a share d on a half is d x score - d^2 x information / 2. A share that other causes
    of one period have made fails the other.
    """
    half = top.shape[1] // 2
    score = np.column_stack([top[:, :half].sum(axis=1), top[:, half:].sum(axis=1)])
    information = np.column_stack([bottom[:, :half].sum(axis=1), bottom[:, half:].sum(axis=1)])
    said = ratio(score, information)[:, ::-1]
    gain = said * score - said**2 * information / 2.0
    return np.asarray((gain > 0).all(axis=1), dtype=np.bool_)
