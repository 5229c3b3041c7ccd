"""Gamma and Poisson variates from 16-bit words, by tables over 2,048 equally likely strata."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincinv, ndtri, pdtr

from engine.demand.arrays import Floats
from engine.forecast.mixture import WIDE_SHARE

Words = NDArray[np.uint16]
Singles = NDArray[np.float32]
BITS = 11
STRATA = 1 << BITS
_REST = np.uint16((1 << (16 - BITS)) - 1)  # the low bits of a word
_CVS = np.linspace(0.0, 4.0, 81)  # coefficients of variation in the gamma table
_RATIOS = np.array([1.0, 1.5, 2.25, 3.5, 5.5, 9.0, 15.0, 30.0])  # wide over narrow
_POINTS = np.unique(np.r_[np.geomspace(1e-7, 0.02, 60), np.linspace(0.02, 0.98, 240),
                          1.0 - np.geomspace(1e-7, 0.02, 60)])  # fmt: skip
LARGEST_TABLED = 64.0  # Poisson means up to here by table, larger ones by expansion
PER_ROOT = 160  # table rows per unit of the square root of the mean


def solve_tables() -> None:
    """Solve the tables once for all who are forked from here."""
    _mixture_table()
    _poisson_table()


def gamma_tables(cv: Floats) -> Singles:
    """[series, stratum] mean-1 gamma values of each series; their mean is exactly 1."""
    position = np.clip(cv / _CVS[1], 0.0, len(_CVS) - 1.001)
    below = position.astype(np.intp)
    part = (position - below).astype(np.float32)[:, None]
    table = _gamma_table()
    return table[below] * (1 - part) + table[below + 1] * part


def level_tables(narrow: Floats, wide: Floats) -> Singles:
    """[series, stratum] mean-1 values of a gamma that is wide with chance `WIDE_SHARE`.

    `narrow` and `wide` are the coefficients of variation of the two parts.
    """
    across = np.clip(narrow / _CVS[1], 0.0, len(_CVS) - 1.001)
    ratio = np.maximum(wide, 1e-3) / np.maximum(narrow, 1e-3)
    up = np.interp(np.log(ratio), np.log(_RATIOS), np.arange(len(_RATIOS), dtype=np.float64))
    up = np.minimum(up, len(_RATIOS) - 1.001)
    column, layer = across.astype(np.intp), up.astype(np.intp)
    part = (across - column).astype(np.float32)[:, None]
    rise = (up - layer).astype(np.float32)[:, None]
    table = _mixture_table()
    low = table[layer, column] * (1 - part) + table[layer, column + 1] * part
    if not rise.any():
        return low
    high = table[layer + 1, column] * (1 - part) + table[layer + 1, column + 1] * part
    return low * (1 - rise) + high * rise


def look_up(tables: Singles, words: Words) -> Singles:
    """[series, path] values of each series' own table."""
    own = (np.arange(len(tables), dtype=np.int64) << BITS)[:, None]
    # The index is within bounds by construction; "clip" spares numpy the check.
    return tables.ravel().take((words >> (16 - BITS)) + own, mode="clip")


@lru_cache(maxsize=1)
def _gamma_table() -> Singles:
    """[cv, stratum] mean of each stratum of a gamma variate with mean 1."""
    edges = np.linspace(0.0, 1.0, STRATA + 1)
    table = np.ones((len(_CVS), STRATA))
    for row in range(1, len(_CVS)):
        shape = float(_CVS[row]) ** -2.0
        # E[X; X below q] of a gamma is the distribution function with one more of shape.
        partial = np.asarray(gammainc(shape + 1.0, gammaincinv(shape, edges)), dtype=np.float64)
        table[row] = np.diff(partial) * STRATA
    return table.astype(np.float32)


@lru_cache(maxsize=1)
def _mixture_table() -> Singles:
    """[ratio, narrow cv, stratum] mean of each stratum of the mixture of two gammas, mean 1.

    The share of the mean below each stratum's edge is read off at the same points as the
    distribution function, so no equation is solved; the strata average to exactly 1.
    """
    edges = np.linspace(0.0, 1.0, STRATA + 1)
    table = np.empty((len(_RATIOS), len(_CVS), STRATA), dtype=np.float32)
    table[0] = _gamma_table()
    for layer, ratio in enumerate(_RATIOS[1:], start=1):
        for column, narrow in enumerate(_CVS):
            table[layer, column] = _mixture_row(max(float(narrow), 1e-2), float(ratio), edges)
    return table


def _mixture_row(narrow: float, ratio: float, edges: Floats) -> Floats:
    parts = ((1.0 - WIDE_SHARE, narrow), (WIDE_SHARE, min(narrow * ratio, float(_CVS[-1]))))
    points = np.unique(np.concatenate([gammaincinv(cv**-2.0, _POINTS) * cv**2 for _, cv in parts]))
    below: Floats = np.zeros(len(points))
    mean: Floats = np.zeros(len(points))
    for weight, cv in parts:
        shape = cv**-2.0
        below += weight * np.asarray(gammainc(shape, points * shape), dtype=np.float64)
        mean += weight * np.asarray(gammainc(shape + 1.0, points * shape), dtype=np.float64)
    ends = (np.zeros(1), np.ones(1))
    known, gained = (np.concatenate([ends[0], part, ends[1]]) for part in (below, mean))
    return np.diff(np.asarray(np.interp(edges, known, gained), dtype=np.float64)) * STRATA


def poisson(mean: Singles, words: Words) -> NDArray[np.int32]:
    """Poisson counts; monotone in the mean for a given word.

    Between two rows of the table the low bits of the word decide, so the mean is kept.
    """
    dither = ((words & _REST).astype(np.float32) + np.float32(0.5)) * np.float32(1 / (_REST + 1.0))
    root = np.sqrt(np.minimum(mean, np.float32(LARGEST_TABLED))) * np.float32(PER_ROOT)
    cell = ((root + dither).astype(np.int64) << BITS) | (words >> (16 - BITS))
    counts = _poisson_table().ravel().take(cell, mode="clip").astype(np.int32)
    large = mean > LARGEST_TABLED
    if large.any():
        counts[large] = _expanded(mean[large].astype(np.float64), words[large])
    return counts


def _expanded(mean: Floats, words: Words) -> NDArray[np.int32]:
    """Cornish-Fisher to the skewness: mean + z sqrt(mean) + (z^2 - 1) / 6."""
    z = ndtri((words + 0.5) / 65536.0)
    return np.rint(mean + z * np.sqrt(mean) + (z**2 - 1.0) / 6.0).astype(np.int32)


@lru_cache(maxsize=1)
def _poisson_table() -> NDArray[np.int16]:
    """[root of the mean, stratum] count at the middle of each stratum."""
    size = round(float(np.sqrt(LARGEST_TABLED)) * PER_ROOT) + 2
    roots = np.linspace(0.0, (size - 1) / PER_ROOT, size)
    counts = np.arange(120.0)  # beyond any stratum of the largest tabled mean
    middles = (np.linspace(0.0, STRATA - 1.0, STRATA) + 0.5) / STRATA
    below = np.asarray(pdtr(counts[None, :], (roots**2)[:, None]), dtype=np.float64)
    rows = [np.searchsorted(below[root], middles) for root in range(size)]
    return np.stack(rows).astype(np.int16)
