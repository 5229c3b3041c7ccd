"""Holidays and custom events: what they do to everyone's demand, and to each series'.

Many columns explain few buckets (a feast, its eve, the week before Christmas, pay days), and they
overlap, so they are estimated together: a Poisson regression of the totals over all series on the
calendar, around the local level, with a normal prior per column whose variance is learned
(automatic relevance determination, MacKay 1994, held above a floor): effects that repeat clearly
keep their size, the others shrink towards nothing. What comes often enough, such as the days of a
benefit payment, also gets a deviation per series, as strong as it exceeds the series' own noise.
"""

from dataclasses import dataclass, replace

import numpy as np

from engine.demand.arrays import Floats, sum_groups
from engine.demand.expected import local_rate
from engine.forecast.calendar import HolidayGrid
from engine.forecast.training import Training

NEAR_DAYS = 14  # on either side carry the local level
USUAL_VARIANCE = 0.002  # of an effect on the logarithm of demand before anything is known
LEAST_NOISE = 1e-4  # variance of a total around its level beyond counting
PSEUDO_UNITS = 0.5
ROUNDS = 2  # level and effects explain each other
STEPS = 10  # of reweighted least squares
LEAST_OFTEN = 30  # buckets from which a series may answer in its own way
LOWEST, HIGHEST = float(np.log(0.003)), float(np.log(8.0))


@dataclass(frozen=True, kw_only=True)
class Events:
    """Effects on the logarithm of demand of a bucket that a column covers in full."""

    common: Floats  # [column]
    own: Floats  # [series, column] beyond the common one; 0 for what is rare

    def factor(self, grid: HolidayGrid) -> Floats:
        """[series, bucket], 1 where nothing is on."""
        if not grid.share.any():
            return np.ones((len(grid.zone), grid.share.shape[1]))
        effect = (grid.share @ self.common)[grid.zone]
        for column in np.flatnonzero(self.own.any(axis=0)):
            effect += self.own[:, column, None] * grid.share[:, :, column][grid.zone]
        return np.exp(np.clip(effect, LOWEST, HIGHEST))


def no_events(series: int, grid: HolidayGrid) -> Events:
    columns = len(grid.names)
    return Events(common=np.zeros(columns), own=np.zeros((series, columns)))


def fit_events(training: Training, shape: Floats) -> Events:
    """Effects beyond `shape` [series, bucket], the season and promotions."""
    grid = training.holidays
    events = no_events(training.shape[0], grid)
    if not grid.share.any():
        return events
    for _ in range(ROUNDS):
        # The level is taken with the events in it, the effects are measured without them.
        factor = events.factor(grid)
        plain = _expected(training, shape * factor) / factor
        events = replace(events, common=_common(training, plain))
    return replace(events, own=_own(training, shape, events))


def _expected(training: Training, shape: Floats) -> Floats:
    near = max(round(training.buckets(NEAR_DAYS)), 1)
    return local_rate(training.sold, training.weight, shape, near) * training.weight


def _common(training: Training, expected: Floats) -> Floats:
    """[column] from the totals per zone, each series weighed by the precision of its counts."""
    grid = training.holidays
    weight = 1.0 / (1.0 + expected.mean(axis=1, keepdims=True))
    zones = grid.share.shape[0]
    sold = sum_groups(training.sold * weight * (expected > 0), grid.zone, zones).ravel()
    due = sum_groups(expected * weight, grid.zone, zones).ravel()
    cover = grid.share.reshape(len(sold), -1)
    used = due > PSEUDO_UNITS
    # The level is that of all days, so ordinary ones lie a little below it: hence an intercept.
    design = np.column_stack([cover, np.ones(len(cover))])[used]
    return _regressed(design, sold[used], due[used])[:-1]


def _regressed(design: Floats, sold: Floats, due: Floats) -> Floats:
    effects, noise = np.zeros(design.shape[1]), 0.01
    variance = np.full(design.shape[1], USUAL_VARIANCE)
    for _ in range(STEPS):
        effect = np.clip(design @ effects, LOWEST, HIGHEST)
        mean = np.maximum(due * np.exp(effect), PSEUDO_UNITS / 10)
        off = (sold - mean) / mean
        weight = 1.0 / (1.0 / mean + noise)
        target = effect + np.clip(off, -1.0, 3.0)
        normal = (design * weight[:, None]).T @ design + np.diag(1.0 / variance)
        effects = _solved(normal, design.T @ (weight * target))
        variance = np.maximum(USUAL_VARIANCE, effects**2)
        # The median spares the noise those days that no column explains.
        noise = max(2.2 * float(np.median(off**2)) - float(np.median(1.0 / mean)), LEAST_NOISE)
    return effects


def _solved(normal: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.solve(normal, right), dtype=np.float64)


def _own(training: Training, shape: Floats, events: Events) -> Floats:
    """[series, column] deviations of series, shrunk by how they exceed chance (James-Stein)."""
    grid = training.holidays
    own = events.own.copy()
    often = np.flatnonzero((grid.share > 0).sum(axis=1).max(axis=0, initial=0) >= LEAST_OFTEN)
    if len(often) == 0:
        return own
    expected = _expected(training, shape * events.factor(grid))
    off = np.where(expected > 0, training.sold - expected, 0.0)
    for column in often:
        cover = grid.share[:, :, column][grid.zone]
        # Against the other days, because both lie around the same level.
        contrast = cover - cover.mean(axis=1, keepdims=True)
        weight = (contrast * cover * expected).sum(axis=1)
        raw = (contrast * off).sum(axis=1)
        noise = (contrast**2 * off**2).sum(axis=1)
        total = float((weight**2).sum())
        signal = max(float((raw**2 - noise).sum()) / total, 0.0) if total > 0 else 0.0
        own[:, column] = signal * weight * raw / np.maximum(signal * weight**2 + noise, 1e-12)
    return own
