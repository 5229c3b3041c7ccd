"""Sparse series that sold more than their kind usually does: part of it was luck and will not last.

The level of a rarely sold item is known from a handful of orders, and those whose few orders came
lately stand highest: of spare parts forecast at twice the usual level, six tenths were sold at
every origin looked at. Their level is therefore drawn towards the usual one of their class as a
gamma prior is by Poisson evidence (Robbins, 1956; Efron, Large-Scale Inference, ch. 1), orders of
uneven size counting as less evidence. How strong the prior is, in units, is what brings the
backtest's forecasts of these series down to what was sold. Series below the usual level stay:
what has hardly sold for long is dying more often than unlucky.
"""

from dataclasses import replace

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints, ratio
from engine.forecast.assembly import Course
from engine.forecast.backtest import origins
from engine.forecast.classes import CLASSES
from engine.forecast.noise import Errors
from engine.forecast.training import Training

SPARSE = ("intermittent", "lumpy")
HALF_LIFE_DAYS = 63.0  # of the evidence behind a level: about a quarter's worth counts
STRENGTHS = np.array([0.0, 0.25, 0.5, 1.0, 2.0])  # units
LEAST_POINTS = 60  # backtest forecasts above the usual level; with fewer nothing is drawn


def settle(
    course: Course, errors: Errors, training: Training, shape: Floats, classes: Ints,
    spread: Floats,
) -> tuple[Course, Errors]:  # fmt: skip
    """The course and the backtest with the levels of sparse series drawn towards the usual one."""
    steps = origins(training.shape[1], training.bucket_days, training.shape[0])
    predicted, path, level = errors.predicted.copy(), course.path.copy(), course.level.copy()
    if len(steps) != len(errors.predicted):
        return course, errors
    exposure = np.stack([_exposure(training, shape, step) for step in (*steps, training.shape[1])])
    for name in SPARSE:
        rows = np.flatnonzero(classes == CLASSES.index(name))
        if len(rows) == 0:
            continue
        past = _Past(errors, exposure[:-1], spread, rows)
        strength = past.strength()
        if strength > 0:
            predicted[:, rows] *= past.share(strength)[:, :, None]
            now = _share(level[rows], exposure[-1, rows], spread[rows], strength)
            level[rows] *= now
            path[rows] *= now[:, None]
    return Course(level=level, path=path), replace(errors, predicted=predicted)


def _exposure(training: Training, shape: Floats, origin: int) -> Floats:
    """[series] buckets of level demand seen before the origin, the latest counting most."""
    age = np.arange(origin - 1, -1, -1.0)
    fade = 0.5 ** (age / training.buckets(HALF_LIFE_DAYS))
    return (training.weight[:, :origin] * shape[:, :origin] * fade).sum(axis=1)


def _share(level: Floats, exposure: Floats, spread: Floats, strength: float) -> Floats:
    """What remains of each level: the posterior mean over it, never more than all of it."""
    usual = float(level.mean())
    evidence = exposure / (1.0 + spread * level)
    drawn = ratio(strength + evidence * level, strength / max(usual, 1e-9) + evidence)
    return np.minimum(ratio(drawn, level, 1.0), 1.0)


class _Past:
    """The backtest of one class. Axes [origin, row]."""

    def __init__(self, errors: Errors, exposure: Floats, spread: Floats, rows: Ints) -> None:
        seen: Bools = errors.seen[:, rows]
        self.buckets = seen.sum(axis=2).astype(np.float64)
        self.sold = np.where(seen, errors.actual[:, rows], 0.0).sum(axis=2)
        self.expected = np.where(seen, errors.predicted[:, rows], 0.0).sum(axis=2)
        self.level = errors.predicted[:, rows].mean(axis=2)
        self.exposure, self.spread = exposure[:, rows], spread[rows]

    def share(self, strength: float) -> Floats:
        parts = zip(self.level, self.exposure, strict=True)
        return np.stack([_share(level, seen, self.spread, strength) for level, seen in parts])

    def strength(self) -> float:
        """At which the series above the usual level sold what was expected of them."""
        above = (self.level > self.level.mean(axis=1, keepdims=True)) & (self.buckets > 0)
        if int(above.sum()) < LEAST_POINTS:
            return 0.0
        weight = above / (1.0 + self.spread * self.expected)  # a giant does not decide alone
        sold = float((weight * self.sold).sum())
        due = [float((weight * self.expected * self.share(c)).sum()) for c in STRENGTHS]
        return float(np.interp(1.0, sold / np.maximum(due, 1e-9), STRENGTHS))
