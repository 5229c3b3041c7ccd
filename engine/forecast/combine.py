"""Which candidates speak, and how loudly, in each demand class and distance: weights by backtest.

Weights minimise the squared error of the combination over rolling origins, each error measured
against the variance of a count with that mean, so that large series do not decide alone. They are
not negative and sum to 1 (Bates and Granger's combination, constrained as in Timmermann 2006). The
next week leans on what just happened, the next quarter on what lasts, so each stretch of the
horizon has its own. A class is drawn towards the weights of all classes, and those towards equal
shares of the medium half-lives, where there is little to go by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from engine.demand.arrays import Bools, Floats, Ints, ratio, spaced
from engine.forecast.backtest import Backtest, Predictions
from engine.forecast.classes import CLASSES
from engine.forecast.levels import TREND

SAMPLE = 400  # series per demand class on which the library's models are tried
LIBRARY: Mapping[str, tuple[str, ...]] = {
    "smooth": (),
    "erratic": (),
    "intermittent": ("Croston-SBA", "TSB"),
    "lumpy": ("Croston-SBA", "TSB"),
}
CHALLENGER = "boosted trees"  # may speak in every class
# Below it, trees that learned chance cannot be told from trees that know something.
CHALLENGER_LEAST = 0.25
STRETCHES_DAYS = (7, 14, 28)  # ends of the stretches of the horizon; the last one goes on for ever
FITTED_ON = 4000  # series per demand class, evenly spaced
# Points of one series overlap from origin to origin, so that some hundred of them are few.
PRIOR_POINTS = 60.0  # backtest points for which the prior shares stand
CLASS_POINTS = 30.0  # and those for which the weights of all classes stand in each class
PRIOR = ("last month", "last two months", "last season")  # neither nervous nor asleep
LEAST_SHARE = 0.02  # a candidate with less is left out
ONE = 1e3  # how strictly weights sum to 1 inside the least-squares problem


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Weights [class, stretch, model]; over models they sum to 1. Models are named."""

    names: tuple[str, ...]
    weights: Floats
    bucket_days: int

    def of(self, classes: Ints, steps: int) -> Floats:
        """[model, series, step] the weight of each model for series of these classes."""
        return self.weights[classes][:, stretches(steps, self.bucket_days)].transpose(2, 0, 1)

    def overall(self) -> Floats:
        """[class, model] over all stretches, to say which models speak at all."""
        return self.weights.mean(axis=1)


def stretches(steps: int, bucket_days: int) -> Ints:
    """The stretch of the horizon that each step belongs to, by its last day."""
    return np.digitize((np.arange(steps) + 1) * bucket_days, STRETCHES_DAYS, right=True)


def samples(classes: Ints) -> dict[str, Ints]:
    """Rows on which each library model is tried: evenly spaced through each class, sorted."""
    chosen: dict[str, list[Ints]] = {}
    for code, name in enumerate(CLASSES):
        rows = np.flatnonzero(classes == code)
        picked = spaced(rows, SAMPLE)
        for model in LIBRARY[name]:
            chosen.setdefault(model, []).append(picked)
    return {model: np.sort(np.concatenate(parts)) for model, parts in sorted(chosen.items())}


def learn_shares(
    pooled: Backtest, library: Mapping[str, Backtest], classes: Ints, bucket_days: int
) -> Shares:
    """Shares of every candidate in every class and stretch."""
    names = (*pooled.names, *library)
    stretch = stretches(pooled.actual.shape[2], bucket_days)
    parts = [spaced(np.flatnonzero(classes == code), FITTED_ON) for code in range(len(CLASSES))]
    everyone, flat = np.sort(np.concatenate(parts)), _prior(pooled.names)
    within = [stretch == part for part in range(len(STRETCHES_DAYS) + 1)]
    common = [_fit(_points([pooled], everyone, steps), flat, PRIOR_POINTS) for steps in within]
    weights = np.zeros((len(CLASSES), len(within), len(names)))
    for code, rows in enumerate(parts):
        tried = [library[model] for model in LIBRARY[CLASSES[code]] if model in library]
        if CHALLENGER in library:
            tried.append(library[CHALLENGER])
        columns, found = _of_class([pooled, *tried], names, rows, within, common)
        if CHALLENGER in library and found[:, -1].mean() < CHALLENGER_LEAST:
            columns, found = _of_class([pooled, *tried[:-1]], names, rows, within, common)
        weights[code][:, columns] = found
    return Shares(names=names, weights=weights, bucket_days=bucket_days)


def _of_class(
    runs: Sequence[Backtest],
    names: Sequence[str],
    rows: Ints,
    within: Sequence[Bools],
    common: Sequence[Floats],
) -> tuple[list[int], Floats]:
    """Positions of these models, and [stretch, model] their weights where all were tried."""
    for run in runs[1:]:
        rows = np.intersect1d(rows, run.rows)
    newer = np.zeros(len(runs) - 1)  # they have to earn their share
    found = [
        _fit(_points(runs, rows, steps), np.concatenate([shares, newer]), CLASS_POINTS)
        for steps, shares in zip(within, common, strict=True)
    ]
    return [names.index(name) for run in runs for name in run.names], np.stack(found)


def _prior(pooled: Sequence[str]) -> Floats:
    """Equal shares of the medium half-lives; the others and the library have to earn theirs."""
    usual = np.isin(np.array(pooled, dtype=str), PRIOR).astype(np.float64)
    if not usual.any():
        usual = (np.array(pooled, dtype=str) != TREND).astype(np.float64)
    return usual / usual.sum()


@dataclass(frozen=True, kw_only=True)
class Points:
    """Mean demand per bucket of a stretch: predicted [model, point], what came, and its weight."""

    predicted: Floats
    actual: Floats
    weight: Floats  # share of the stretch that was seen


def _points(runs: Sequence[Backtest], rows: Ints, within: Bools) -> Points:
    first = runs[0]
    seen = first.seen[:, rows][:, :, within]
    count = seen.sum(axis=2).astype(np.float64)
    actual = ratio(np.where(seen, first.actual[:, rows][:, :, within], 0.0).sum(axis=2), count)
    means = [
        ratio(np.where(seen, model[:, :, within], 0.0).sum(axis=2, dtype=np.float64), count)
        for run in runs
        for model in run.predicted[:, :, np.searchsorted(run.rows, rows)]
    ]
    predicted = np.stack([mean.ravel() for mean in means])
    weight = (count / max(int(within.sum()), 1)).ravel()
    usable = (weight > 0) & np.isfinite(predicted).all(axis=0)
    return Points(
        predicted=predicted[:, usable], actual=actual.ravel()[usable], weight=weight[usable]
    )


def _fit(points: Points, prior: Floats, prior_points: float) -> Floats:
    """Non-negative least squares with the sum held at 1 and a pull towards the prior."""
    if len(points.actual) == 0:
        return prior
    mean = points.predicted.mean(axis=0)
    scale = np.sqrt(points.weight / (mean + mean**2 / 4.0 + 0.1))
    design, target = (points.predicted * scale).T, points.actual * scale
    size = np.sqrt(float((design**2).sum()) / design.shape[1] / len(target))
    pull = np.sqrt(prior_points) * max(size, 1e-9)
    hold = ONE * np.linalg.norm(design) + ONE
    eye = np.eye(len(prior))
    stacked = np.vstack([design, pull * eye, hold * np.ones((1, len(prior)))])
    wanted = np.concatenate([target, pull * prior, [hold]])
    # Normal equations keep the problem at the number of candidates, whatever the sample.
    factor = np.asarray(np.linalg.qr(np.column_stack([stacked, wanted]), mode="r"))
    weights: Floats = nnls(factor[:, :-1], factor[:, -1])[0]
    kept: Floats = np.where(weights >= LEAST_SHARE, weights, 0.0)
    total = float(kept.sum())
    return kept * (1.0 / total) if total > 0 else prior


def mixed(values: Predictions, shares: Floats) -> Floats:
    """Weighted mean over models of [model, series, step]; a NaN gives its share to the others.

    `shares` is [model, series, step] or broadcasts to it.
    """
    known = np.isfinite(values)
    weight = shares * known
    total = weight.sum(axis=0)
    finite = np.nan_to_num(values)
    weighted = ratio((weight * finite).sum(axis=0), total)
    equal = ratio(finite.sum(axis=0, dtype=np.float64), known.sum(axis=0).astype(np.float64))
    return np.where(total > 0, weighted, equal)
