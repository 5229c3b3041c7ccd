"""Coefficients of many series, each drawn towards its group's as far as its evidence is thin.

A series' coefficients are its item's plus a deviation, an item's those of its category plus a
deviation, and so on up to the company, whose own have a wide prior around zero. Deviations are
normal with a variance per level and coefficient that the data decide (expectation maximisation,
Dempster, Laird and Rubin 1977; the two sweeps over the tree are those of a multiscale Kalman
filter, Chou, Willsky and Benveniste 1994). What was never tried stays at exactly zero.
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Floats, Ints
from engine.demand.groups import parents

LEAST, MOST = 1e-4, 4.0  # variance of deviations
LEARNERS = 4000  # series that decide the variances; evenly spaced beyond that


@dataclass(frozen=True, kw_only=True)
class Normal:
    """Normal equations per series or group: `matrix` [row, k, k] times b equals `vector` [row, k].

    They are the precision and precision-weighted mean of independent evidence, so those of a group
    are sums over its members.
    """

    matrix: Floats
    vector: Floats

    def divided(self, by: float) -> "Normal":
        """The same coefficients from evidence that counts for less."""
        return Normal(matrix=self.matrix / by, vector=self.vector / by)

    def at(self, rows: Ints) -> "Normal":
        return Normal(matrix=self.matrix[rows], vector=self.vector[rows])


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How far coefficients are believed to lie from what is above them, as variances.

    `company` [k]: of the company's own around zero. `variance` [level, k]: of the deviations of
    each level, from the one below the company down to the series.
    """

    company: Floats
    variance: Floats


def learned_spread(
    evidence: Normal, nest: tuple[Ints, ...], spread: Spread, rounds: int = 3
) -> Spread:
    """Variances by expectation maximisation over (a sample of) the series."""
    every = max(len(evidence.vector) // LEARNERS, 1)
    rows = np.arange(0, len(evidence.vector), every)
    part, nested = evidence.at(rows), tuple(_renumbered(codes[rows]) for codes in nest)
    for _ in range(rounds):
        spread = _sweep(part, nested, spread).spread
    return spread


def shrunk(evidence: Normal, nest: tuple[Ints, ...], spread: Spread) -> Floats:
    """[series, k] coefficients; `nest` has codes per series, from general to the series itself."""
    return _sweep(evidence, nest, spread).mean


@dataclass(frozen=True, kw_only=True)
class _Swept:
    mean: Floats  # [series, k]
    spread: Spread


def _sweep(evidence: Normal, nest: tuple[Ints, ...], spread: Spread) -> _Swept:
    """Evidence up the tree, then posterior means down; variances from what deviations were."""
    above = [_parents_of(nest, level) for level in range(len(nest))]
    own = [evidence]
    for level in range(len(nest) - 1, -1, -1):
        seen = _seen_from_above(own[0], spread.variance[level])
        own.insert(0, _summed(seen, above[level]))
    matrix = own[0].matrix[0] + np.diag(1.0 / spread.company)
    mean: Floats = np.asarray(np.linalg.solve(matrix, own[0].vector[0]), dtype=np.float64)[None]
    variances: list[Floats] = []
    for level, group in enumerate(above):
        here, variance = own[level + 1], spread.variance[level]
        mean, variance = _deviated(here, mean[group], variance)
        variances.append(variance)
    learned = Spread(company=spread.company, variance=np.stack(variances))
    return _Swept(mean=mean, spread=learned)


def _seen_from_above(own: Normal, variance: Floats) -> Normal:
    """What a row says of its parent, its own deviation integrated out: (I + A V)^-1 (A, b)."""
    width = len(variance)
    blurred = np.eye(width) + own.matrix * variance
    both = np.concatenate([own.matrix, own.vector[:, :, None]], axis=2)
    solved = np.asarray(np.linalg.solve(blurred, both), dtype=np.float64)
    return Normal(matrix=solved[:, :, :width], vector=solved[:, :, width])


def _deviated(own: Normal, prior: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Posterior mean of each row, and the variance that its deviations suggest."""
    width = len(variance)
    blurred = np.eye(width) + variance[:, None] * own.matrix
    surprise = own.vector - np.einsum("gkl,gl->gk", own.matrix, prior)
    right = np.concatenate(
        [
            (variance * surprise)[:, :, None],
            np.broadcast_to(np.diag(variance), (len(prior), width, width)),
        ],
        axis=2,
    )
    solved = np.linalg.solve(blurred, right)
    moved, left = solved[:, :, 0], np.diagonal(solved[:, :, 1:], axis1=1, axis2=2)
    # Rows without evidence on a coefficient say nothing of how much rows differ.
    told = np.diagonal(own.matrix, axis1=1, axis2=2) > 0
    total = np.where(told, moved**2 + left, 0.0).sum(axis=0)
    rows = told.sum(axis=0)
    found = np.divide(total, rows, out=variance.copy(), where=rows > 1)
    return prior + moved, np.clip(found, LEAST, MOST)


def _summed(normal: Normal, group: Ints) -> Normal:
    size = int(group.max(initial=-1)) + 1
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    firsts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    matrix = np.zeros((size, *normal.matrix.shape[1:]))
    vector = np.zeros((size, normal.vector.shape[1]))
    matrix[ordered[firsts]] = np.add.reduceat(normal.matrix[order], firsts, axis=0)
    vector[ordered[firsts]] = np.add.reduceat(normal.vector[order], firsts, axis=0)
    return Normal(matrix=matrix, vector=vector)


def _parents_of(nest: tuple[Ints, ...], level: int) -> Ints:
    """The group above of each group of a level; the company for the first."""
    size = int(nest[level].max(initial=-1)) + 1
    if level == 0:
        return np.zeros(size, dtype=np.int64)
    return parents(nest[level], nest[level - 1], size)


def _renumbered(codes: Ints) -> Ints:
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)
