"""Gamma and Poisson variates from 16-bit words, by tables over 2,048 equally likely strata."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincinv, ndtri, pdtr

from engine.demand.arrays import Floats

Words = NDArray[np.uint16]
Singles = NDArray[np.float32]
BITS = 11
STRATA = 1 << BITS
_REST = np.uint16((1 << (16 - BITS)) - 1)  # the low bits of a word
_CVS = np.linspace(0.0, 4.0, 81)  # coefficients of variation in the gamma table
LARGEST_TABLED = 64.0  # Poisson means up to here by table, larger ones by expansion
PER_ROOT = 160  # table rows per unit of the square root of the mean


def gamma_tables(cv: Floats) -> Singles:
    """[series, stratum] mean-1 gamma values of each series; their mean is exactly 1."""
    position = np.clip(cv / _CVS[1], 0.0, len(_CVS) - 1.001)
    below = position.astype(np.intp)
    part = (position - below).astype(np.float32)[:, None]
    table = _gamma_table()
    return table[below] * (1 - part) + table[below + 1] * part


def look_up(tables: Singles, words: Words) -> Singles:
    """[series, path] values of each series' own table."""
    own = (np.arange(len(tables), dtype=np.int64) << BITS)[:, None]
    # The index is within bounds by construction; "clip" spares numpy the check.
    return tables.ravel().take((words >> (16 - BITS)) + own, mode="clip")


def unit_gamma(cv: Floats, words: Words) -> Singles:
    return look_up(gamma_tables(cv), words)


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
