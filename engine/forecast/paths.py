"""Simulated demand with common random numbers.

A path of a series draws one level factor (mean 1; a gamma, now and then a wider one) and then a
count per bucket (negative binomial given the level: a gamma rate, then Poisson). Its randomness is
a scrambled Sobol point set shared by all series, shifted digit by digit with a key that depends on
nothing but the seed and the series' name. A series' paths are therefore the same whichever rows
are asked for, in whichever order, on whichever worker; under a changed mean each path moves
smoothly, which is what comparing two plans needs. Randomised quasi-Monte Carlo: Owen, Monte Carlo
theory, ch. 17.
"""

from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from engine.demand.arrays import Floats, Ints
from engine.errors import InvalidInput
from engine.forecast import strata
from engine.model.forecast import Forecast

Words = NDArray[np.uint16]
Keys = NDArray[np.uint64]
CHUNK_CELLS = 1 << 19  # (series x path) cells worked on at once; they stay near the processor
_SOBOL_SEED = 20261122  # of the shared point set; the plan's seed enters the keys


def demand_paths(forecast: Forecast, rows: Ints, paths: int, seed: int) -> NDArray[np.int32]:
    """Units per [row, path, step]; `rows` are positions in `forecast.series`."""
    if paths < 1:
        raise InvalidInput(f"paths must be at least 1, got {paths}; 256 is usual.")
    steps = forecast.mean.shape[1]
    drawn = np.zeros((len(rows), paths, steps), dtype=np.int32)
    at_once = max(CHUNK_CELLS // paths, 1)
    for first in range(0, len(rows), at_once):
        part = rows[first : first + at_once]
        drawn[first : first + at_once] = _draw(forecast, part, paths, seed)
    return drawn


def _draw(forecast: Forecast, rows: Ints, paths: int, seed: int) -> NDArray[np.int32]:
    steps = forecast.mean.shape[1]
    key = series_keys(forecast, rows, seed)
    order, shift = _visits(key, paths), _shifts(key, 1 + 2 * steps)
    points = _points(1 + 2 * steps, paths)
    noise = forecast.noise.of(rows)
    tables = strata.level_tables(noise.level_cv, noise.wide)
    level = strata.look_up(tables, points[0].take(order) ^ shift[:, :1])
    passing = strata.gamma_tables(np.sqrt(1.0 / noise.size))
    mean = forecast.mean[rows].astype(np.float32)
    drawn = np.empty((len(rows), steps, paths), dtype=np.int32)
    for step in range(steps):
        rate = strata.look_up(passing, points[1 + step].take(order) ^ shift[:, 1 + step, None])
        rate *= level if noise.level_share is None else _shared(level, noise.level_share[:, step])
        rate *= mean[:, step, None]
        counted = 1 + steps + step  # the dimension that turns the rate into a count
        drawn[:, step] = strata.poisson(rate, points[counted].take(order) ^ shift[:, counted, None])
    return drawn.transpose(0, 2, 1)


def _shared(level: strata.Singles, share: Floats) -> strata.Singles:
    """The level factor of a step that has only a share of the level's error."""
    shared = 1.0 + share[:, None] * (level.astype(np.float64) - 1.0)
    return shared.astype(np.float32)


def series_keys(forecast: Forecast, rows: Ints, seed: int) -> Keys:
    """A 64-bit key per series from the seed and its names; independent of position."""
    sku, location = forecast.series["sku"].to_numpy(), forecast.series["location"].to_numpy()
    names = (f"{seed}\x1f{sku[row]}\x1f{location[row]}".encode() for row in rows)
    digests = b"".join(blake2b(name, digest_size=8).digest() for name in names)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _mixed(words: Keys) -> Keys:
    """SplitMix64's finaliser: every bit of the input moves half the bits of the output."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def _shifts(key: Keys, dimensions: int) -> Words:
    """Digital shift per [series, dimension]."""
    counter = np.arange(1, dimensions + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (_mixed(key[:, None] + counter) >> np.uint64(48)).astype(np.uint16)


def _visits(key: Keys, paths: int) -> Ints:
    """[series, path] the order in which each series visits the points, shuffled by its key.

    Without it, path p would be high for many series at once.
    """
    counter = np.arange(1, paths + 1, dtype=np.uint64) * np.uint64(0x5851F42D4C957F2D)
    return np.argsort(_mixed(key[:, None] ^ counter), axis=1, kind="stable")


@lru_cache(maxsize=4)
def _points(dimensions: int, paths: int) -> Words:
    """[dimension, path] scrambled Sobol points as 16-bit words."""
    from scipy.stats.qmc import Sobol

    sampler = Sobol(dimensions, scramble=True, rng=np.random.default_rng(_SOBOL_SEED))
    uniform: Floats = sampler.random_base2(int(np.ceil(np.log2(paths))) if paths > 1 else 0)
    return np.ascontiguousarray((uniform[:paths].T * 65536.0).astype(np.uint16))
