"""How wrong forecasts are: the error of the level, which lasts, and of each bucket, which passes.

For a sum over h buckets with mean M the excess of the variance over counting, as a share of M^2,
is 1 / (h size) + cv^2 (1 + 1 / (h size)): the first term averages out over a longer period, the
second does not. On weekly retail (VN2) backtest errors over 1 to 13 weeks follow this form. Both
parameters come from rolling-origin errors of the *cumulative* forecast, so no square root of the
lead time is ever taken.
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints
from engine.forecast.classes import CLASSES
from engine.forecast.counts import count_quantiles
from engine.model.config import QUANTILE_LEVELS
from engine.model.forecast import DemandNoise

VOLUME_EDGES = (0.5, 2.0, 8.0)  # units per bucket; errors are relative to counting below, not above
FACTORS = np.exp2(np.arange(-3.0, 3.25, 0.5))  # of the spread inside the history, tried per group
SAMPLE = 1500  # forecasts per group on which a factor is judged
LEAST_POINTS = 60  # forecasts below which a group takes the factor of all groups
LEAST_CV, MOST_CV = 0.05, 2.5
LEAST_SPREAD, MOST_SPREAD = 0.01, 8.0  # 1 / size


@dataclass(frozen=True, kw_only=True)
class Errors:
    """Combined backtest: [origin, series, step]; a window counts where seen at every step."""

    predicted: Floats
    actual: Floats
    seen: Bools


def estimate_noise(errors: Errors, spread: Floats, classes: Ints, level: Floats) -> DemandNoise:
    """Noise per series from its own history's spread, scaled per group by backtest errors.

    `spread` [series] is the variance beyond counting of single buckets around their neighbours,
    as a share of the squared mean. A group is a demand class and a volume. In each group the
    factors on the spread that make the quantiles of one-bucket and of whole-span sums score best
    (mean pinball loss) are taken; together they tell what lasts from what passes.
    """
    groups = classes * (len(VOLUME_EDGES) + 1) + np.digitize(level, VOLUME_EDGES)
    steps = errors.predicted.shape[2]
    one = _factors(errors, spread, groups, 1)
    long = _factors(errors, spread, groups, steps)
    single, summed = one * spread, long * spread
    lasting = (steps * summed - single) / (steps - 1) if steps > 1 else single / 2
    lasting = np.clip(lasting, LEAST_CV**2, MOST_CV**2)
    passing = np.clip((single - lasting) / (1.0 + lasting), LEAST_SPREAD, MOST_SPREAD)
    return DemandNoise(level_cv=np.sqrt(lasting), size=1.0 / passing)


def _factors(errors: Errors, spread: Floats, groups: Ints, steps: int) -> Floats:
    """[series] the best factor of its group for sums over the first `steps` buckets."""
    mean, actual, usable = _sums(errors, steps)
    factors = np.ones(len(spread))
    whole = _best(mean, actual, usable, spread, np.arange(len(spread)))
    for group in range((len(VOLUME_EDGES) + 1) * len(CLASSES)):
        rows = np.flatnonzero(groups == group)
        if len(rows):
            best = _best(mean, actual, usable, spread, rows)
            factors[rows] = whole if best is None else best
    return factors


def _sums(errors: Errors, steps: int) -> tuple[Floats, Floats, Bools]:
    usable = np.asarray(errors.seen[:, :, :steps].all(axis=2), dtype=np.bool_)
    mean = errors.predicted[:, :, :steps].sum(axis=2)
    return mean, errors.actual[:, :, :steps].sum(axis=2), usable & (mean > 0)


def _best(mean: Floats, actual: Floats, usable: Bools, spread: Floats, rows: Ints) -> float | None:
    origin, column = np.nonzero(usable[:, rows])
    if len(origin) < LEAST_POINTS:
        return None if len(rows) < len(spread) else 1.0
    every = max(len(origin) // SAMPLE, 1)
    origin, row = origin[::every], rows[column[::every]]
    means, actuals, own = mean[origin, row], actual[origin, row], spread[row]
    losses = np.array([_loss(means, actuals, own * factor) for factor in FACTORS])
    return _lowest(losses)


def _lowest(losses: Floats) -> float:
    """The factor at the vertex of the parabola through the best one tried and its neighbours."""
    best = int(np.argmin(losses))
    if best in (0, len(FACTORS) - 1):
        return float(FACTORS[best])
    left, middle, right = losses[best - 1 : best + 2]
    curve = left - 2.0 * middle + right
    shift = 0.5 * (left - right) / curve if curve > 0 else 0.0
    return float(FACTORS[best] * (FACTORS[1] / FACTORS[0]) ** shift)


def _loss(mean: Floats, actual: Floats, excess: Floats) -> float:
    """Mean pinball loss of negative binomial quantiles, per unit of scale."""
    quantiles = count_quantiles(mean, 1.0 / np.maximum(excess, 1e-9), QUANTILE_LEVELS)
    over = actual[:, None] - quantiles
    levels = np.asarray(QUANTILE_LEVELS)
    pinball = np.maximum(levels * over, (levels - 1.0) * over).mean(axis=1)
    return float((pinball / np.sqrt(mean + mean**2 / 4.0)).mean())


def effective_size(noise: DemandNoise) -> Floats:
    """Size of the negative binomial that a single bucket follows once the level is unknown, too.

    Moments of a gamma level times a gamma rate: 1 + 1/s = (1 + cv^2) (1 + 1/size).
    """
    lasting = noise.level_cv**2
    return 1.0 / (lasting + (1.0 + lasting) / noise.size)
