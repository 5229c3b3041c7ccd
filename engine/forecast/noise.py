"""How wrong forecasts are: the error of the level, which lasts, and of each bucket, which passes.

For a sum over h buckets with mean M the excess of the variance over counting, as a share of M^2,
is 1 / (h size) + cv^2 (1 + 1 / (h size)): the first term averages out over a longer period, the
second does not. On weekly retail (VN2) backtest errors over 1 to 13 weeks follow this form. Both
come from rolling-origin errors of single buckets and of sums together, so no square root of the
lead time is ever taken. How often a level is far off (see `engine.forecast.mixture`) comes from
the same errors.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

from engine.demand.arrays import Bools, Floats, Ints, clipped, ratio
from engine.forecast.classes import CLASSES
from engine.forecast.mixture import WIDE_SHARE, Excess
from engine.model.forecast import DemandNoise

VOLUME_EDGES = (0.5, 2.0, 8.0)  # units per bucket; errors are relative to counting below, not above
SAMPLE = 1200  # sums per group and window on which the noise is judged
PRIOR_POINTS = 200.0  # sums for which the noise of all series stands in a group
EARLIEST_WEIGHT = 0.25  # of the earliest origin against the latest
LEAST_CV, MOST_CV, MOST_WIDE = 0.05, 2.5, 3.5
LEAST_SPREAD, MOST_SPREAD = 0.01, 8.0  # 1 / size
# Logarithms of what is estimated: cv^2 and 1 / size over the series' own spread, wide cv over cv.
_START = np.array([-1.5, -0.3, 0.5])
_LEAST, _MOST = np.array([-6.0, -5.0, 0.0]), np.array([3.0, 3.0, 3.0])
SURE = 2.0  # standard errors by which errors must be smaller than expected to narrow a band
AS_EXPECTED = 40.0  # sums that are taken to have been as large as expected
WIDTHS_TRIED = 13  # of the wide level, from the likeliest down to the narrow one
_LOOSENESS = 0.003  # pull towards the start, where there is nothing else to go by


@dataclass(frozen=True, kw_only=True)
class Errors:
    """Combined backtest: [origin, series, step]; a window counts where seen at every step."""

    predicted: Floats
    actual: Floats
    seen: Bools


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Sums over some steps of the backtest, one entry per origin and series that counts."""

    mean: Floats
    actual: Floats
    squares: Floats  # sum of squared bucket means, as a share of the squared mean
    row: Ints  # position of the series
    weight: Floats  # how much it says of the errors to come

    def of(self, chosen: Bools) -> "Sums":
        """Evenly spaced entries of the chosen series, fewer than twice `SAMPLE`."""
        at = np.flatnonzero(chosen[self.row])
        at = at[:: max(len(at) // SAMPLE, 1)]
        return Sums(
            mean=self.mean[at], actual=self.actual[at], squares=self.squares[at],
            row=self.row[at], weight=self.weight[at],
        )  # fmt: skip


def estimate_noise(errors: Errors, spread: Floats, classes: Ints, level: Floats) -> DemandNoise:
    """Noise per series from its own history's spread, scaled per group by backtest errors.

    `spread` [series] is the variance beyond counting of single buckets around their neighbours,
    as a share of the squared mean. A group is a demand class and a volume. In each group three
    factors on the spread are those under which first, middle and whole-span sums of the backtest
    are likeliest together; groups with few of them keep close to the factors of all series.
    """
    windows = _windows(errors)
    groups = classes * (len(VOLUME_EDGES) + 1) + np.digitize(level, VOLUME_EDGES)
    everyone = np.ones(len(spread), dtype=np.bool_)
    whole = _likeliest([window.of(everyone) for window in windows], spread, _START, _LOOSENESS)
    factors = np.repeat(whole[None, :], len(spread), axis=0)
    for group in range((len(VOLUME_EDGES) + 1) * len(CLASSES)):
        chosen = groups == group
        points = min(int(chosen[window.row].sum()) for window in windows) if chosen.any() else 0
        if points:
            mine = [window.of(chosen) for window in windows]
            found = _likeliest(mine, spread, whole, PRIOR_POINTS / points / 10.0)
            factors[chosen] = _no_wider_than_seen(mine, spread, found)
    return _noise(factors, spread)


def _noise(factors: Floats, spread: Floats) -> DemandNoise:
    scaled = np.exp(factors)
    cv = clipped(np.sqrt(scaled[..., 0] * spread), LEAST_CV, MOST_CV)
    wide = np.maximum(np.minimum(cv * scaled[..., 2], MOST_WIDE), cv)
    size = 1.0 / clipped(scaled[..., 1] * spread, LEAST_SPREAD, MOST_SPREAD)
    return DemandNoise(level_cv=cv, size=size, wide_cv=wide)


def _windows(errors: Errors) -> list[Sums]:
    """The first step, the middle one, the first quarter and the whole span of every origin."""
    steps = errors.predicted.shape[2]
    spans = ((0, 1), (steps // 2, 1), (0, max(steps // 4, 1)), (0, steps))
    return [_sums(errors, first, count) for first, count in spans]


def _sums(errors: Errors, first: int, count: int) -> Sums:
    part = slice(first, first + count)
    buckets = errors.predicted[:, :, part]
    mean = buckets.sum(axis=2)
    usable = errors.seen[:, :, part].all(axis=2) & (mean > 0)
    squares = ratio((buckets**2).sum(axis=2), mean**2)
    origin, row = np.nonzero(usable)
    return Sums(
        mean=mean[usable],
        actual=errors.actual[:, :, part].sum(axis=2)[usable],
        squares=squares[usable],
        row=row,
        # Forecasts get better as history grows: the earliest origin tells least of today's.
        weight=EARLIEST_WEIGHT ** (origin / max(len(mean) - 1, 1)),
    )


def _likeliest(windows: list[Sums], spread: Floats, prior: Floats, pull: float) -> Floats:
    """Factors (logarithms) that make the sums likeliest, drawn towards the prior."""

    def loss(factors: Floats) -> float:
        held = np.clip(factors, _LEAST, _MOST)
        off = float((((held - prior) ** 2).sum() + ((factors - held) ** 2).sum()) * pull)
        noise = _noise(held, spread)
        return off - sum(_likelihood(window, noise) for window in windows if len(window.row))

    steps = prior + np.vstack([np.zeros(3), 0.4 * np.eye(3)])
    found = minimize(
        loss, prior, method="Nelder-Mead",
        options={"maxfev": 120, "xatol": 0.03, "fatol": 1e-4, "initial_simplex": steps},
    )  # fmt: skip
    return np.clip(np.asarray(found.x, dtype=np.float64), _LEAST, _MOST)


def _no_wider_than_seen(windows: list[Sums], spread: Floats, factors: Floats) -> Floats:
    """Factors that expect no larger squared errors than the backtest allows.

    Where units come ten at a time, or not at all, a likelihood explains the many empty buckets by
    levels near nothing, and pays with levels far above anything that was ever sold. A variance
    that errors rule out is not believed; errors larger than expected widen nothing here, because
    a few of them decide a variance and the likelihood has weighed them.
    """
    tried = _narrower(factors)
    seen = np.array([_most_seen(windows, _noise(each, spread)) for each in tried])
    place = np.interp(1.0, np.maximum.accumulate(seen), np.arange(len(tried), dtype=np.float64))
    below = min(int(place), len(tried) - 2)
    return tried[below] + (float(place) - below) * (tried[below + 1] - tried[below])


def _narrower(factors: Floats) -> Floats:
    """[step, 3] first the wide level down to the narrow one, then all variances to a quarter."""
    wide: Floats = np.linspace(float(factors[2]), 0.0, WIDTHS_TRIED)
    less: Floats = np.linspace(0.0, float(np.log(4.0)), WIDTHS_TRIED // 2)[1:, None]
    narrowing = np.column_stack([np.tile(factors[:2], (WIDTHS_TRIED, 1)), wide])
    return np.vstack([narrowing, [factors[0], factors[1], 0.0] - less * [1.0, 1.0, 0.0]])


def _most_seen(windows: list[Sums], noise: DemandNoise) -> float:
    """Squared errors over their expectation, as high as chance between series lets them be.

    `AS_EXPECTED` of them are taken to be as expected. Sums of one series overlap, so a series is
    one observation.
    """
    seen, points = np.zeros(len(noise.size)), np.zeros(len(noise.size))
    for sums in windows:
        passing = sums.squares / noise.size[sums.row]
        excess = _excess(noise.level_cv[sums.row], noise.wide[sums.row], passing).whole
        expected = sums.mean + excess * sums.mean**2
        square = sums.weight * (sums.actual - sums.mean) ** 2 / expected
        seen += np.bincount(sums.row, square, len(seen))
        points += np.bincount(sums.row, sums.weight, len(points))
    total = AS_EXPECTED + float(points.sum())
    share = (AS_EXPECTED + float(seen.sum())) / total
    error = float(np.sqrt(((seen - share * points) ** 2).sum())) / total
    return share + SURE * error


def _likelihood(sums: Sums, noise: DemandNoise) -> float:
    """Mean log-likelihood of the sums."""
    passing = sums.squares / noise.size[sums.row]
    excess = _excess(noise.level_cv[sums.row], noise.wide[sums.row], passing)
    narrow = _log_chance(sums.actual, sums.mean, excess.narrow) + np.log(1.0 - WIDE_SHARE)
    wide = _log_chance(sums.actual, sums.mean, excess.wide) + np.log(WIDE_SHARE)
    each: Floats = np.logaddexp(narrow, wide) * sums.weight
    return float(each.sum() / sums.weight.sum())


def _log_chance(count: Floats, mean: Floats, excess: Floats) -> Floats:
    """Logarithm of the negative binomial density, continued to fractions of a unit.

    Without what depends on the count alone, which favours no noise over another.
    """
    size = 1.0 / excess
    counted = gammaln(count + size) - gammaln(size)
    return counted + size * np.log(size / (size + mean)) + count * np.log(mean / (size + mean))


def _excess(cv: Floats, wide: Floats, passing: Floats) -> Excess:
    """Moments of a gamma level times what passes: e = cv^2 + (1 + cv^2) passing."""
    return Excess(narrow=cv**2 + (1.0 + cv**2) * passing, wide=wide**2 + (1.0 + wide**2) * passing)


def bucket_excess(noise: DemandNoise) -> Excess:
    """[series, 1 or step] variance beyond counting of single buckets."""
    share: Floats = (
        np.ones((len(noise.size), 1)) if noise.level_share is None else noise.level_share
    )
    cv, wide = noise.level_cv[:, None] * share, noise.wide[:, None] * share
    return _excess(cv, wide, (1.0 / noise.size)[:, None])


def sum_excess(noise: DemandNoise, rows: Ints, parts: Floats, whole: Floats) -> Excess:
    """[row] of a sum over buckets with means `whole` [row, bucket], of which `parts` count.

    The level is common to all buckets, what passes is independent between them. A bucket that
    counts in part brings that part of its mean and of its variance.
    """
    mean = parts.sum(axis=1)
    passing = ratio((parts * whole).sum(axis=1), mean**2) / noise.size[rows]
    share: Floats = np.ones(len(rows))
    if noise.level_share is not None:
        steps = noise.level_share.shape[1]
        at: Ints = np.minimum(np.arange(parts.shape[1], dtype=np.int64), steps - 1)
        share = ratio((noise.level_share[rows][:, at] * parts).sum(axis=1), mean, 1.0)
    return _excess(noise.level_cv[rows] * share, noise.wide[rows] * share, passing)


def effective_size(noise: DemandNoise) -> Floats:
    """[series] size of a negative binomial with the variance of a single bucket.

    Of the first step, where the error of the level differs between steps.
    """
    whole: Floats = 1.0 / bucket_excess(noise).whole[:, 0]
    return whole
