"""Through which channels each series sells: shares with shrinkage, and what promotions move.

A channel's share is read from recent weeks, drawn towards its category at the location, that
towards the location, that towards the company. It moves with the season as the shares of its
category at the location moved a year ago. A promotion on one channel takes a share of what the
other channels would have sold; that share is what they sold while such promotions ran against what
they should have, pooled by category and drawn to zero: the total is held, only its parts move.
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Floats, Ints, clipped, ratio, sum_groups
from engine.demand.expected import local_rate
from engine.demand.groups import Groups, parents
from engine.forecast.training import Training

HALF_LIFE_DAYS = 56.0
SHARE_PRIOR = 20.0  # units at which a group's own shares count half
SEASON_PRIOR = 200.0  # units in a window at which its shares count half against the year's
SEASON_DAYS, LATELY_DAYS = 35, 56  # window of a season's share; what recent shares stand for
LEAST_SEASON_DAYS = 546  # a year and a half: with less, no season of shares can be seen
TAKEN_PRIOR = 50.0  # expected units of the other channels at which what they lost counts half
MOST_TAKEN, MOST_GIVEN = 0.9, -0.5
NEAR_DAYS = 28


@dataclass(frozen=True, kw_only=True)
class Sold:
    """[series, channel, bucket] units by channel, and which channel was promoted by itself."""

    units: Floats
    promoted: Floats  # share of the bucket; 0 for promotions on all channels
    place: Ints  # [series] location


@dataclass(frozen=True, kw_only=True)
class Mix:
    """`share` [series, channel] now, `season` [series, channel, step], `taken` [series]."""

    share: Floats
    season: Floats
    taken: Floats


def learn_mix(sold: Sold, training: Training, season: Floats, steps: int) -> Mix:
    """Shares and what moves them; `season` [series, bucket] is that of total demand."""
    nest = _nest(sold.place, training.groups)
    alone = sold.promoted.sum(axis=1) > 0
    quiet = np.where(alone[:, None, :], 0.0, sold.units)
    age = np.arange(training.shape[1] - 1, -1, -1.0)
    recent = quiet @ (0.5 ** (age / training.buckets(HALF_LIFE_DAYS)))
    share = _shrunk_shares(recent, nest)
    return Mix(
        share=share,
        season=_season(quiet, nest, training, steps),
        taken=_taken(sold, share, training, season),
    )


def _nest(place: Ints, groups: Groups) -> tuple[Ints, ...]:
    """Company, location, and each level of the category tree within the location."""
    levels = [np.zeros(len(place), dtype=np.int64), place]
    for codes in groups.levels[1:]:
        both = place * (int(codes.max(initial=0)) + 1) + codes
        levels.append(np.unique(both, return_inverse=True)[1].astype(np.int64))
    return tuple(levels)


def _shrunk_shares(units: Floats, nest: tuple[Ints, ...]) -> Floats:
    """[series, channel] adding up to 1, from the company down to the series."""
    count, channels = units.shape
    share: Floats = np.full((1, channels), 1.0 / channels)
    above = np.zeros(count, dtype=np.int64)
    alone: Ints = np.arange(count, dtype=np.int64)
    for codes in (*nest, alone):
        size = int(codes.max(initial=-1)) + 1
        mine = sum_groups(units, codes, size) + SHARE_PRIOR * share[parents(codes, above, size)]
        share, above = ratio(mine, mine.sum(axis=1, keepdims=True)), codes
    return share


def _season(units: Floats, nest: tuple[Ints, ...], training: Training, steps: int) -> Floats:
    """[series, channel, step] share a year before each step over that a year before these weeks."""
    count, channels, buckets = units.shape
    year = round(training.buckets(364))
    if buckets * training.bucket_days < LEAST_SEASON_DAYS:
        return np.ones((1, channels, steps))
    codes = nest[min(2, len(nest) - 1)]
    size = int(codes.max(initial=-1)) + 1
    grouped = sum_groups(units.reshape(count, channels * buckets), codes, size)
    running = np.cumsum(grouped.reshape(size, channels, buckets), axis=2)
    running = np.concatenate([np.zeros((size, channels, 1)), running], axis=2)
    wide = max(round(training.buckets(SEASON_DAYS) / 2), 1)
    centre: Ints = buckets - year + np.arange(steps, dtype=np.int64)
    centre -= year * (centre + wide >= buckets)
    usual = _window(running, np.array([buckets - year]), np.array([buckets]))
    usual = ratio(usual, usual.sum(axis=1, keepdims=True), 1.0 / channels)
    then = _shares_in(running, centre - wide, centre + wide + 1, usual)
    lately = max(round(training.buckets(LATELY_DAYS)), 1)
    now = np.array([buckets - year])
    return (then / _shares_in(running, now - lately, now, usual))[codes]


def _shares_in(running: Floats, first: Ints, last: Ints, usual: Floats) -> Floats:
    """[group, channel, window] shares, drawn towards the year's."""
    units = _window(running, first, last) + SEASON_PRIOR * usual
    return np.maximum(units, 1e-9) / np.maximum(units.sum(axis=1, keepdims=True), 1e-9)


def _window(running: Floats, first: Ints, last: Ints) -> Floats:
    end = running.shape[2] - 1
    return running[:, :, np.clip(last, 0, end)] - running[:, :, np.clip(first, 0, end)]


def _taken(sold: Sold, share: Floats, training: Training, season: Floats) -> Floats:
    """[series] part of the other channels' demand that a promotion on one channel takes."""
    alone = sold.promoted.max(axis=1, initial=0.0)  # [series, bucket]
    if not (alone > 0).any():
        return np.zeros(len(share))
    quiet = np.where((alone > 0) | (training.levers.promoted > 0), 0.0, training.weight)
    near = max(round(training.buckets(NEAR_DAYS)), 1)
    base = local_rate(training.sold, quiet, season, near) * training.weight
    others = sold.promoted <= 0  # [series, channel, bucket]
    expected = base * (others * share[:, :, None]).sum(axis=1) * alone
    lost = expected - (sold.units * others).sum(axis=1) * alone
    both = np.column_stack([lost.sum(axis=1), expected.sum(axis=1)])
    taken, above = np.zeros(1), np.zeros(len(share), dtype=np.int64)
    for codes in training.groups.levels:
        size = int(codes.max(initial=-1)) + 1
        sums = sum_groups(both, codes, size)
        prior = taken[parents(codes, above, size)]
        pulled = (sums[:, 0] + TAKEN_PRIOR * prior) / (sums[:, 1] + TAKEN_PRIOR)
        taken, above = clipped(pulled, MOST_GIVEN, MOST_TAKEN), codes
    return taken[above]
