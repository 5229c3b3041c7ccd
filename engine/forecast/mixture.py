"""Counts whose rate is mostly near its mean and now and then far off: two negative binomials.

Forecast errors have heavier tails than one gamma level gives: most items stay near their forecast,
some fall silent or take off. With chance `WIDE_SHARE` the level is drawn from a wider gamma with
the same mean, so the count is a mixture of two negative binomials with one mean. On daily and
weekly retail this brings the central 80 and 95 % of sums over weeks to their stated shares, which
one negative binomial misses by up to fifteen points.

The distribution function is a weighted mean of two incomplete beta functions. Quantiles come from
a table over mean, narrow spread and ratio of the spreads, solved once on a coarse grid.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, ndtri

from engine.demand.arrays import Floats, Ints
from engine.forecast.counts import CVS, LOG_MEANS, NEVER, POWER, WILDEST, log_quantiles

Singles = NDArray[np.float32]
WIDE_SHARE = 0.15  # chance of the wide level
# Wide over narrow coefficient of variation; between them the table is interpolated.
_RATIOS = np.array([1.0, 1.5, 2.25, 3.5, 5.5, 9.0, 15.0, 30.0])
_EVERY = 2  # the mixture is solved at every second mean and spread, and interpolated in between
_NODES = (
    1e-4, 0.001, 0.003, 0.01, 0.025, 0.06, 0.12, 0.2, 0.3, 0.4, 0.5,
    0.6, 0.7, 0.8, 0.88, 0.94, 0.975, 0.99, 0.997, 0.999, 0.9999,
)  # fmt: skip
LEAST_EXCESS = 1e-6  # of the squared mean; below it a count is Poisson


@dataclass(frozen=True, kw_only=True)
class Excess:
    """Variance beyond counting, as a share of the squared mean, of the two parts; any shape."""

    narrow: Floats
    wide: Floats

    @property
    def whole(self) -> Floats:
        """Of the mixture: both parts have one mean, so their variances average."""
        return (1.0 - WIDE_SHARE) * self.narrow + WIDE_SHARE * self.wide

    def at(self, part: slice) -> "Excess":
        return Excess(narrow=self.narrow[part], wide=self.wide[part])


def chance_at_most(counts: Floats, mean: Floats, excess: Excess) -> Floats:
    """P(demand <= counts); 0 below nothing."""
    below = _at_most(counts, mean, excess.narrow)
    return (1.0 - WIDE_SHARE) * below + WIDE_SHARE * _at_most(counts, mean, excess.wide)


def _at_most(counts: Floats, mean: Floats, excess: Floats) -> Floats:
    """Negative binomial, continued to real counts above -1."""
    size = 1.0 / np.maximum(excess, LEAST_EXCESS)
    mean = np.maximum(mean, NEVER)
    share = betainc(size, np.maximum(counts + 1.0, 1e-12), size / (size + mean))
    return np.asarray(share, dtype=np.float64)


def mixture_quantiles(mean: Floats, excess: Excess, levels: tuple[float, ...]) -> Floats:
    """Quantiles [..., level] as whole numbers; `mean` and `excess` broadcast to one shape."""
    mean, narrow, wide = np.broadcast_arrays(mean, excess.narrow, excess.wide)
    shape = mean.shape
    table = quantile_table(levels)
    cells = [
        _position((np.log(np.maximum(mean, NEVER)) - LOG_MEANS[0]) / (LOG_MEANS[1] - LOG_MEANS[0]),
                  len(LOG_MEANS)),
        _position(_row(np.sqrt(narrow)), len(CVS)),
        _position(_layer(narrow, wide), len(_RATIOS)),
    ]  # fmt: skip
    log_counts = _interpolated(table, cells)
    counts = np.maximum(np.ceil(np.expm1(log_counts.astype(np.float64)) - 1e-4), 0.0)
    return np.where(mean.ravel()[:, None] > NEVER, counts, 0.0).reshape(*shape, len(levels))


def _row(cv: Floats) -> Floats:
    wild = np.minimum(cv / WILDEST, 1.0)
    return wild ** (1.0 / POWER) * (len(CVS) - 1)


def _layer(narrow: Floats, wide: Floats) -> Floats:
    """Position among the ratios, on a logarithmic scale."""
    ratio = np.sqrt(np.maximum(wide, LEAST_EXCESS) / np.maximum(narrow, LEAST_EXCESS))
    return np.interp(np.log(ratio), np.log(_RATIOS), np.arange(len(_RATIOS), dtype=np.float64))


def _position(place: Floats, size: int) -> tuple[Ints, Floats]:
    """Lower neighbour and the share of the upper one, flat."""
    held = np.clip(place.ravel(), 0.0, size - 1.001)
    below = held.astype(np.int64)
    return below, held - below


def _interpolated(table: Singles, cells: list[tuple[Ints, Floats]]) -> Singles:
    """Trilinear in (mean, spread, ratio) over a table [ratio, spread, mean, level]."""
    (mean, up_mean), (row, up_row), (layer, up_layer) = cells
    flat = table.reshape(-1, table.shape[-1])
    found: Singles = np.zeros((len(mean), table.shape[-1]), dtype=np.float32)
    for a in (0, 1):
        for b in (0, 1):
            at = ((layer + a) * len(CVS) + row + b) * len(LOG_MEANS) + mean
            weight = np.where(a, up_layer, 1 - up_layer) * np.where(b, up_row, 1 - up_row)
            for c in (0, 1):
                share = (weight * np.where(c, up_mean, 1 - up_mean)).astype(np.float32)
                found += share[:, None] * flat.take(at + c, axis=0)
    return found


@lru_cache(maxsize=4)
def quantile_table(levels: tuple[float, ...]) -> Singles:
    """log(1 + x) [ratio, spread, mean, level], x the real count at which F reaches the level."""
    base = log_quantiles(levels)
    layers = [base]
    nodes = log_quantiles(_NODES, _EVERY)
    cvs, means = CVS[::_EVERY], np.exp(LOG_MEANS[::_EVERY])
    for ratio in _RATIOS[1:]:
        solved = _solved(nodes, cvs, means, float(ratio), np.asarray(levels))
        layers.append(_spread_out(solved, base.shape))
    return np.stack(layers).astype(np.float32)


def _solved(nodes: Floats, cvs: Floats, means: Floats, ratio: float, levels: Floats) -> Floats:
    """[spread, mean, level] by inverting F over the quantiles of both parts together."""
    wide = np.minimum(ratio * cvs, WILDEST)
    other = np.stack([np.interp(wide, cvs, nodes[:, m, n])
                      for m in range(len(means)) for n in range(len(_NODES))], axis=1)  # fmt: skip
    both = np.sort(np.concatenate([nodes, other.reshape(nodes.shape)], axis=2), axis=2)
    excess = Excess(narrow=(cvs**2)[:, None, None], wide=(wide**2)[:, None, None])
    chance = chance_at_most(np.expm1(both), means[None, :, None], excess)
    normal = ndtri(np.clip(chance, 1e-9, 1 - 1e-9))
    wanted = ndtri(levels)
    rows = zip(normal.reshape(-1, normal.shape[-1]), both.reshape(-1, both.shape[-1]), strict=True)
    solved = np.stack([np.interp(wanted, known, place) for known, place in rows])
    return solved.reshape(len(cvs), len(means), len(levels))


def _spread_out(coarse: Floats, shape: tuple[int, ...]) -> Floats:
    """Linear between the cells that were solved."""
    whole = np.empty(shape)
    whole[::_EVERY, ::_EVERY] = coarse
    whole[1::_EVERY, ::_EVERY] = 0.5 * (coarse[:-1] + coarse[1:])
    whole[:, 1::_EVERY] = 0.5 * (whole[:, :-1:_EVERY] + whole[:, 2::_EVERY])
    return whole
