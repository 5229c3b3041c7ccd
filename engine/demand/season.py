"""Seasonal profiles pooled over the category tree, each as strong as its evidence.

A group's profile is its parent's times exp(deviation). The deviation is a random effect: it is
measured once per year (or other repetition), and how well repetitions agree says how much of it
is season and how much is noise (empirical Bayes; variance components by the method of moments,
as in Searle, Casella and McCulloch, Variance Components, ch. 3). In the yearly season each group
has its own two variances, drawn towards those of all groups of its depth: a group whose years
contradict each other has moved for reasons of its own, however large it is. What moves
neighbouring weeks together and what moves a week alone are judged apart, because last spring's
fashion says nothing of whether a feast comes back. Before there is a second
repetition, the two halves of a group's series stand in: what they do together is half believed,
because it may be the weather of that one year; what a series does alone is not.
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints, ratio, sum_groups, window_total
from engine.demand.groups import Groups, parents

ROUNDS = 3  # level and profile explain each other; three rounds settle to a per mille
# A series' units count with their precision, 1 / (1 + mean x spread): neither a giant nor a lumpy
# item sets the profile of its category.
LEAST_SPREAD, MOST_SPREAD = 0.25, 25.0
PSEUDO_UNITS = 0.5  # keeps logarithms of empty cells finite
ONE_REPETITION = 0.5
LEAST_NOISE = 1e-3  # variance that repetitions have even where they seem to agree exactly
USUAL_NOISE = 0.05  # variance of a log-deviation that is not counting, to weigh cells by
# Well-measured phases for which the variances of all groups stand in a group's own. On weekly
# retail anything between 5 and 60 does alike.
POOLED_PHASES = 20.0
# Pairs of well-measured phases that would have to agree before a season is half believed: the few
# weeks beyond a first year agree by chance.
UNSEEN_PHASES = 20.0


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """Where each bucket stands: its phase (week of the year, weekday) and its repetition."""

    phase: Ints  # [bucket], 0 .. phases - 1
    repetition: Ints  # [bucket], 0 .. repetitions - 1
    phases: int
    near: int = 0  # phases on either side that move with one; 0: phases are not neighbours

    @property
    def repetitions(self) -> int:
        return int(self.repetition.max(initial=0)) + 1


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Factors with mean 1 over the phases: `factors[group, phase]`, `group` per series."""

    factors: Floats
    group: Ints

    def at(self, phase: Ints) -> Floats:
        """[series, bucket] for buckets in these phases."""
        return self.factors[:, phase][self.group]


def flat_profile(series: int, phases: int) -> Profile:
    return Profile(factors=np.ones((1, phases)), group=np.zeros(series, dtype=np.int64))


def fit_profile(
    sold: Floats, offset: Floats, cycle: Cycle, groups: Groups, half_width: int
) -> Profile:
    """The profile that explains `sold` [series, bucket], units, given `offset`.

    `offset` is what else scales demand in a bucket: the share in stock, promotion lifts, other
    profiles; 0 leaves the bucket out. `half_width` buckets on either side give the local level.
    """
    profile = flat_profile(sold.shape[0], cycle.phases)
    season = np.ones_like(sold)
    running = window_total(sold, half_width)
    for _ in range(ROUNDS):
        level = ratio(running, window_total(offset * season, half_width))
        profile = _pooled(sold, level * offset, cycle, groups)
        season = profile.at(cycle.phase)
    return profile


def _pooled(sold: Floats, expected: Floats, cycle: Cycle, groups: Groups) -> Profile:
    weight = _precision(sold, expected)[:, None]
    weighed_sold, weighed_expected = sold * weight * (expected > 0), expected * weight
    believed = 1.0 if cycle.repetitions > 1 else ONE_REPETITION
    # Sums of the finest groups add up to those of the coarser ones.
    finest, count = groups.levels[-1], groups.sizes()[-1]
    seen = _repeated(weighed_sold, finest, count, cycle)
    due = _repeated(weighed_expected, finest, count, cycle)
    factors, above = np.ones((1, cycle.phases)), np.zeros(count, dtype=np.int64)
    for codes, size in zip(groups.levels, groups.sizes(), strict=True):
        group = parents(finest, codes, count)
        base = factors[parents(group, above, size)]
        expected_here = _merged(due, group, size) * base[:, None, :]
        deviation = _deviation(_merged(seen, group, size), expected_here, cycle.near)
        deviation = believed * deviation
        factors, above = base * np.exp(deviation), group
    return Profile(factors=factors / factors.mean(axis=1, keepdims=True), group=finest)


def _merged(amounts: Floats, group: Ints, size: int) -> Floats:
    """[finest group, repetition, phase] -> the same for coarser groups."""
    flat = sum_groups(amounts.reshape(len(amounts), np.prod(amounts.shape[1:])), group, size)
    return flat.reshape(size, *amounts.shape[1:])


def _precision(sold: Floats, expected: Floats) -> Floats:
    """[series] by moments of the negative binomial around the local level."""
    seen = expected > 0
    buckets = seen.sum(axis=1).astype(np.float64)
    total = expected.sum(axis=1)
    beyond = np.where(seen, (sold - expected) ** 2, 0.0).sum(axis=1) - total
    spread = ratio(beyond, (expected**2).sum(axis=1), LEAST_SPREAD)
    mean = ratio(total, buckets)
    return 1.0 / (1.0 + mean * np.minimum(np.maximum(spread, LEAST_SPREAD), MOST_SPREAD))


def _repeated(amounts: Floats, codes: Ints, size: int, cycle: Cycle) -> Floats:
    """[group, repetition, phase]; the halves of each group where there is one repetition only."""
    if cycle.repetitions > 1:
        return _by_phase(sum_groups(amounts, codes, size), cycle)
    half = 2 * codes + np.arange(len(codes)) % 2
    summed = _by_phase(sum_groups(amounts, half, 2 * size), cycle)
    return summed.reshape(size, 2, cycle.phases)


def _by_phase(totals: Floats, cycle: Cycle) -> Floats:
    """[group, bucket] -> [group, repetition, phase]."""
    summed = np.zeros((totals.shape[0], cycle.repetitions, cycle.phases))
    for bucket, (repetition, phase) in enumerate(zip(cycle.repetition, cycle.phase, strict=True)):
        summed[:, repetition, phase] += totals[:, bucket]
    return summed


def _deviation(sold: Floats, expected: Floats, near: int) -> Floats:
    """Shrunk log-deviation per group and phase from sums [group, repetition, phase]."""
    seen = expected > 0
    observed = np.where(seen, np.log((sold + PSEUDO_UNITS) / (expected + PSEUDO_UNITS)), 0.0)
    counting = np.where(seen, 1.0 / np.maximum(expected, PSEUDO_UNITS), 0.0)
    apart = _Apart(observed=observed, counting=counting, seen=seen)
    if near == 0:
        return _believed(apart, apart.components(np.inf))
    together = apart.together(near)
    alone = _Apart(
        observed=np.where(seen, observed - together.observed, 0.0), counting=counting, seen=seen
    )
    return sum(
        (_believed(each, each.components(POOLED_PHASES)) for each in (together, alone)),
        start=np.zeros(1),
    )


@dataclass(frozen=True, kw_only=True)
class _Components:
    """Per group: variance of true deviations, and of what differs between repetitions."""

    signal: Floats
    noise: Floats  # beyond counting


def _believed(apart: "_Apart", variance: _Components) -> Floats:
    """[group, phase] the posterior mean of the true deviation."""
    noise = variance.noise[:, None, None] + apart.counting
    precision = np.where(apart.seen, 1.0 / noise, 0.0)
    total = precision.sum(axis=1)
    mean = ratio((precision * apart.observed).sum(axis=1), total)
    signal = variance.signal[:, None]
    return mean * ratio(signal * total, signal * total + 1.0)


@dataclass(frozen=True, kw_only=True)
class _Apart:
    """Log-deviations [group, repetition, phase] from what the parent's profile expects."""

    observed: Floats
    counting: Floats  # their variance by counting alone
    seen: Bools

    @property
    def weight(self) -> Floats:
        """Of a cell, 1 where counting does not blur it."""
        return np.where(self.seen, USUAL_NOISE / (USUAL_NOISE + self.counting), 0.0)

    def together(self, near: int) -> "_Apart":
        """What neighbouring phases have in common; the year is a ring."""
        weight = self.weight
        total = _ring_sum(weight, near)
        return _Apart(
            observed=ratio(_ring_sum(weight * self.observed, near), total),
            counting=ratio(_ring_sum(weight**2 * self.counting, near), total**2),
            seen=total > 0,
        )

    def components(self, pooled_phases: float) -> _Components:
        """Variances of each group, those of all standing for so many phases of its own."""
        weight = self.weight
        beyond = (weight * (self.observed**2 - self.counting)).sum(axis=(1, 2))
        whole = _drawn(beyond, weight.sum(axis=(1, 2)), pooled_phases)
        # Products of different repetitions, weighed alike: (sum)^2 - sum of squares, halved.
        share = np.sqrt(weight)
        product = share * self.observed
        both = (share.sum(axis=1) ** 2 - (share**2).sum(axis=1)).sum(axis=1)
        shared = (product.sum(axis=1) ** 2 - (product**2).sum(axis=1)).sum(axis=1)
        doubt = 0.0 if np.isinf(pooled_phases) else UNSEEN_PHASES
        signal = np.maximum(_drawn(shared, both, pooled_phases, doubt), 0.0)
        return _Components(signal=signal, noise=np.maximum(whole - signal, LEAST_NOISE))


def _drawn(amount: Floats, weight: Floats, prior: float, nothing: float = 0.0) -> Floats:
    """[group] means drawn towards that of all groups, which stands for `prior` of weight.

    That of all is itself drawn towards zero, which stands for `nothing` of weight.
    """
    common = float(amount.sum()) / max(float(weight.sum()) + nothing, 1e-12)
    if np.isinf(prior):
        return np.full(len(amount), common)
    return (amount + prior * common) / (weight + prior)


def _ring_sum(values: Floats, near: int) -> Floats:
    """Sums over neighbours of the last axis, whose end meets its beginning."""
    return sum(
        (np.roll(values, shift, axis=2) for shift in range(-near, near + 1)), start=np.zeros(1)
    )
