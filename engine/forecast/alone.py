"""Few series with a short history: each is judged by its own past alone.

Rolling origins need either many series or many of them. With neither, every weighted mean and
every damped trend of `engine.forecast.levels` forecasts each past bucket from those before it, and
speaks in proportion to how likely it made them: dynamic model averaging (Raftery, Karny & Ettler,
Technometrics 2010), older evidence fading. Errors are Student t with a scale that is learned along
the way, from a prior as broad as half the level. The first buckets therefore leave all candidates
in play and the band wide; with every further one the band narrows to what the series shows.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import gammaln

from engine.demand.arrays import Bools, Floats, Ints, ratio
from engine.forecast.assembly import Course
from engine.forecast.backtest import MOSTLY_IN_STOCK, Standpoint, collect, origins, span
from engine.forecast.classes import CLASSES
from engine.forecast.combine import STRETCHES_DAYS, Shares
from engine.forecast.levels import HALF_LIVES, OWN, TREND
from engine.forecast.noise import Errors
from engine.forecast.training import Training
from engine.model.forecast import DemandNoise

FEW_SERIES = 5  # up to so many have nobody to learn from
YOUNG_DAYS = 546  # with a year and a half, a series has been through a season
TREND_HALF_LIVES = (28.0, 56.0, 112.0)  # days
TREND_SHARE = 0.2  # prior share of all trends together; the rest is even among the means
STEADY = 30.0  # squared buckets by which a slope is drawn to zero
KEPT = 0.8  # of growth, each week ahead
FADING = 0.95  # of the evidence for a candidate, each bucket
SCALE_HALF_LIFE = 12.0  # buckets, of the scale of errors
PRIOR_CV, PRIOR_BUCKETS = 0.5, 2.0  # error over level to begin with, and what that is worth
LASTING = 0.1  # share of an error's variance that is the level's and does not pass
LEAST_PASSING = 0.0025  # variance of a bucket beyond counting, of the squared mean
MOST_CV = 2.0
FIRST = 5  # buckets from which the prior takes its level
REASON = "There are too few items with a history to compare with, so its own past alone decides."
SHORT = "It has sold for a short time only, so all methods still speak and the band is wide."


def stands_alone(training: Training) -> bool:
    """Whether there is nothing to learn from but each series itself."""
    series, buckets = training.shape
    weekly = training.bucket_days >= 7  # noqa: PLR2004  days of a week
    return weekly and 0 < series <= FEW_SERIES and buckets * training.bucket_days < YOUNG_DAYS


@dataclass(frozen=True, kw_only=True)
class Alone:
    """What each series says of itself."""

    course: Course
    noise: DemandNoise
    shares: Shares  # mean over the series of each class, to name those who speak
    errors: Errors


@dataclass(frozen=True, kw_only=True)
class _Told:
    """Each candidate after each bucket: axes [model, series, bucket]."""

    level: Floats
    slope: Floats  # per bucket
    seen: Bools  # [series, bucket] and forecast by those before it

    def path(self, bucket: int, kept: Floats) -> Floats:
        """[model, series, step] as seen after a bucket; `kept` [step] is the growth carried."""
        ahead = self.level[:, :, bucket, None] + self.slope[:, :, bucket, None] * kept
        return np.maximum(ahead, 0.0)


def speak_alone(here: Standpoint, classes: Ints, steps: int) -> Alone:
    """Level, course and noise of every series from its own past."""
    training = here.training
    kept = _growth_kept(max(steps, span(training.bucket_days)), training.bucket_days)
    demand = here.level_demand
    told = _told(here)
    usual = _usual(demand, training.weight > 0)
    scores = _scores(told, demand, usual, float(kept[0]))
    weights = _weights(scores)
    spread = _spread(told, demand, weights, usual, float(kept[0]))
    paths = told.path(-1, kept[:steps])
    now = weights[:, :, -1, None]
    path = (now * paths).sum(axis=0)
    apart = (now[:, :, 0] * (paths[:, :, 0] - path[None, :, 0]) ** 2).sum(axis=0)
    return Alone(
        course=Course(level=path[:, 0], path=path),
        noise=_noise(path[:, 0], spread, apart, (training.weight > 0).sum(axis=1)),
        shares=_shares(weights[:, :, -1], classes, training.bucket_days),
        errors=_errors(here, told, weights, kept),
    )


def _growth_kept(steps: int, bucket_days: int) -> Floats:
    """[step] how many buckets' growth is carried by then."""
    each: Floats = KEPT ** (bucket_days / 7 * np.arange(1.0, steps + 1.0))
    return np.cumsum(each)


def _ages(rows: int, columns: int) -> Floats:
    """[row, column] buckets from the column's to the row's; negative: before it."""
    after: Floats = np.arange(rows, dtype=np.float64)
    return after[:, None] - np.arange(columns, dtype=np.float64)[None, :]


def _faded(ages: Floats, per_bucket: float) -> Floats:
    """What is left of each bucket's weight; none before it."""
    left: Floats = per_bucket ** np.maximum(ages, 0.0)
    return np.where(ages >= 0, left, 0.0)


@lru_cache(maxsize=8)
def _fading(buckets: int, bucket_days: int) -> Floats:
    """[model, bucket, earlier bucket] weight of each earlier bucket, itself included."""
    ages = _ages(buckets, buckets)
    half_lives = (*HALF_LIVES.values(), *TREND_HALF_LIVES)
    return np.stack([_faded(ages, 0.5 ** (bucket_days / each)) for each in half_lives])


def _told(here: Standpoint) -> _Told:
    """Weighted means, and weighted regressions on time whose slope is drawn to zero."""
    training = here.training
    buckets = training.shape[1]
    weight = _fading(buckets, training.bucket_days)
    sold, offered = training.sold.T, (training.weight * here.shape).T
    before = -_ages(buckets, buckets)

    def summed(values: Floats, power: int) -> Floats:
        return ((weight * before**power) @ values).transpose(0, 2, 1)

    mass, units = summed(offered, 0), summed(sold, 0)
    first, second, moved = summed(offered, 1), summed(offered, 2), summed(sold, 1)
    spread = (second + STEADY) * mass - first**2
    slope = ratio(mass * moved - first * units, spread)
    slope[: len(HALF_LIVES)] = 0.0
    level = ratio(units - slope * first, mass)
    known = np.concatenate([np.zeros((len(training.sold), 1)), mass[0, :, :-1]], axis=1) > 0
    return _Told(
        level=level, slope=slope, seen=known & (training.weight >= MOSTLY_IN_STOCK)
    )  # fmt: skip


def _usual(demand: Floats, known: Bools) -> Floats:
    """[series] mean of the first buckets, at least a unit: what the prior of the scale rests on."""
    first = known & (np.cumsum(known, axis=1) <= FIRST)
    return np.maximum(ratio(np.where(first, demand, 0.0).sum(axis=1), first.sum(axis=1)), 1.0)


def _scaled(demand: Floats, said: Floats, usual: Floats) -> Floats:
    """Errors over the root of what was expected: counts of any size are alike."""
    return (demand - said) / np.sqrt(np.maximum(said, 0.2 * usual[:, None]))


def _scale(errors: Floats, seen: Bools, usual: Floats) -> tuple[Floats, Floats]:
    """Variance of scaled errors before each bucket and after all, [..., bucket + 1]; its weight."""
    buckets = errors.shape[-1]
    fade = _faded(_ages(buckets + 1, buckets) - 1, 0.5 ** (1 / SCALE_HALF_LIFE))
    prior = PRIOR_BUCKETS * (1.0 + PRIOR_CV**2 * usual)[:, None]
    evidence: Floats = PRIOR_BUCKETS + seen.astype(np.float64) @ fade.T
    return (prior + (np.where(seen, errors, 0.0) ** 2) @ fade.T) / evidence, evidence


def _scores(told: _Told, demand: Floats, usual: Floats, kept: float) -> Floats:
    """[model, series, bucket] log density of each bucket as each candidate foretold it."""
    said = np.maximum(told.level + told.slope * kept, 0.0)[:, :, :-1]
    common = np.broadcast_to(said.mean(axis=0), said.shape)
    errors = (demand[:, 1:] - said) / np.sqrt(np.maximum(common, 0.2 * usual[:, None]))
    seen = told.seen[:, 1:]
    variance, evidence = _scale(errors, seen, usual)
    variance, degrees = variance[:, :, :-1], evidence[:, :-1]
    density = gammaln((degrees + 1) / 2) - gammaln(degrees / 2) - 0.5 * np.log(degrees * variance)
    density = density - (degrees + 1) / 2 * np.log1p(errors**2 / (degrees * variance))
    nothing = np.zeros((*said.shape[:2], 1))
    return np.concatenate([nothing, np.where(seen, density, 0.0)], axis=2)


def _weights(scores: Floats) -> Floats:
    """[model, series, bucket] posterior share of each candidate after each bucket."""
    buckets = scores.shape[2]
    fade = _faded(_ages(buckets, buckets), FADING)
    trends = len(TREND_HALF_LIVES)
    prior = np.repeat([1.0 - TREND_SHARE, TREND_SHARE], [len(HALF_LIVES), trends])
    prior = prior / np.repeat([len(HALF_LIVES), trends], [len(HALF_LIVES), trends])
    logs = np.log(prior)[:, None, None] + scores @ fade.T
    shares = np.exp(logs - logs.max(axis=0))
    return shares / shares.sum(axis=0)


def _spread(told: _Told, demand: Floats, weights: Floats, usual: Floats, kept: float) -> Floats:
    """[series] variance of the scaled error of the mixture, as known after the last bucket."""
    said = (weights * np.maximum(told.level + told.slope * kept, 0.0)).sum(axis=0)[:, :-1]
    errors = _scaled(demand[:, 1:], said, usual)
    return _scale(errors, told.seen[:, 1:], usual)[0][:, -1]


def _noise(mean: Floats, spread: Floats, apart: Floats, buckets: Ints) -> DemandNoise:
    """Split into what lasts (candidates apart, and a level from few buckets) and what passes."""
    whole = spread * mean + apart
    share = np.maximum(LASTING, 1.0 / (buckets + 1.0))
    lasting = ratio(apart + share * spread * mean, mean**2, MOST_CV**2)
    cv = np.minimum(np.sqrt(lasting), MOST_CV)
    rest = ratio(whole - mean, mean**2, 1.0) - cv**2
    passing = np.clip(rest / (1.0 + cv**2), LEAST_PASSING, MOST_CV**2)
    return DemandNoise(level_cv=cv, size=1.0 / passing)


def _shares(weights: Floats, classes: Ints, bucket_days: int) -> Shares:
    means = weights[: len(HALF_LIVES)]
    named = np.concatenate([means, weights[len(HALF_LIVES) :].sum(axis=0)[None]])
    whole = np.zeros((len(CLASSES), len(STRETCHES_DAYS) + 1, len(OWN)))
    whole[:, :, list(OWN).index(TREND)] = 1.0
    for code in np.unique(classes):
        whole[code] = named[:, classes == code].mean(axis=1)
    return Shares(names=OWN, weights=whole, bucket_days=bucket_days)


def _errors(here: Standpoint, told: _Told, weights: Floats, kept: Floats) -> Errors:
    """What the mixture of each origin, as it then stood, said of the buckets after it."""
    training = here.training
    steps, rows = span(training.bucket_days), np.arange(training.shape[0])
    positions = origins(training.shape[1], training.bucket_days, training.shape[0])
    runs = [
        ((weights[:, :, at - 1, None] * told.path(at - 1, kept[:steps])).sum(axis=0)
         * here.shape[:, at : at + steps])[None]
        for at in positions
    ]  # fmt: skip
    found = collect(training, positions, (TREND,), rows, runs)
    return Errors(predicted=found.predicted[0], actual=found.actual, seen=found.seen)
