"""Which candidates speak, and how loudly, in each demand class: weights by backtest.

Weights minimise the squared error of the combination over rolling origins, each error measured
against the variance of a count with that mean, so that large series do not decide alone. They are
not negative and sum to 1 (Bates and Granger's combination, constrained as in Timmermann 2006),
drawn towards equal shares of the pooled candidates where there is little to go by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from engine.demand.arrays import Floats, Ints, ratio
from engine.forecast.backtest import Backtest
from engine.forecast.classes import CLASSES
from engine.forecast.levels import TREND

SAMPLE = 400  # series per demand class on which the library's models are tried
LIBRARY: Mapping[str, tuple[str, ...]] = {
    "smooth": ("optimised SES",),
    "erratic": ("optimised SES",),
    "intermittent": ("Croston-SBA", "TSB", "optimised SES"),
    "lumpy": ("Croston-SBA", "TSB", "optimised SES"),
}
CHALLENGER = "boosted trees"  # may speak in every class
# Below it, trees that learned chance cannot be told from trees that know something.
CHALLENGER_LEAST = 0.25
PRIOR_POINTS = 30.0  # backtest points for which the equal shares stand
LEAST_SHARE = 0.05  # a candidate with less is left out
ONE = 1e3  # how strictly weights sum to 1 inside the least-squares problem


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Weights [class, model]; each row sums to 1. Models are named."""

    names: tuple[str, ...]
    weights: Floats


def samples(classes: Ints) -> dict[str, Ints]:
    """Rows on which each library model is tried: evenly spaced through each class, sorted."""
    chosen: dict[str, list[Ints]] = {}
    for code, name in enumerate(CLASSES):
        rows = np.flatnonzero(classes == code)
        picked = rows[:: max(len(rows) // SAMPLE, 1)][:SAMPLE]
        for model in LIBRARY[name]:
            chosen.setdefault(model, []).append(picked)
    return {model: np.sort(np.concatenate(parts)) for model, parts in sorted(chosen.items())}


def learn_shares(pooled: Backtest, library: Mapping[str, Backtest], classes: Ints) -> Shares:
    """Shares of every candidate in every class."""
    names = (*pooled.names, *library)
    weights = np.zeros((len(CLASSES), len(names)))
    for code, name in enumerate(CLASSES):
        allowed = [model for model in (*LIBRARY[name], CHALLENGER) if model in library]
        prior = _prior(pooled.names, names)
        tried = [library[model] for model in allowed]
        weights[code] = _fit(pooled, tried, names, code, classes, prior)
        if CHALLENGER in allowed and weights[code, names.index(CHALLENGER)] < CHALLENGER_LEAST:
            weights[code] = _fit(pooled, tried[:-1], names, code, classes, prior)
    return Shares(names=names, weights=weights)


def _prior(pooled: Sequence[str], names: Sequence[str]) -> Floats:
    """Equal shares for the flat means; the library and the trend have to earn theirs."""
    flat = np.array([1.0 if name in pooled and name != TREND else 0.0 for name in names])
    return flat / flat.sum()


def _fit(
    pooled: Backtest,
    tried: Sequence[Backtest],
    names: Sequence[str],
    code: int,
    classes: Ints,
    prior: Floats,
) -> Floats:
    rows = (
        tried[0].rows[classes[tried[0].rows] == code] if tried else np.flatnonzero(classes == code)
    )
    columns = [pooled.predicted[model][:, rows] for model in range(len(pooled.names))]
    columns += [_of_rows(run, rows) for run in tried]
    model_of = [*range(len(pooled.names)), *(names.index(run.names[0]) for run in tried)]
    predicted = np.stack(columns).reshape(len(columns), -1)
    actual, seen = pooled.actual[:, rows].ravel(), pooled.seen[:, rows].ravel()
    usable = seen & np.isfinite(predicted).all(axis=0)
    shares = prior.copy()
    if usable.any():
        solved = _solve(predicted[:, usable], actual[usable], prior[model_of])
        shares = np.zeros(len(names))
        shares[model_of] = solved
    return shares


def _of_rows(run: Backtest, rows: Ints) -> Floats:
    """Predictions of a library model for some of the rows it was tried on."""
    return run.predicted[0][:, np.searchsorted(run.rows, rows)]


def _solve(predicted: Floats, actual: Floats, prior: Floats) -> Floats:
    """Non-negative least squares with the sum held at 1 and a pull towards the prior."""
    mean = predicted.mean(axis=0)
    scale = 1.0 / np.sqrt(mean + mean**2 / 4.0 + 0.1)
    design, target = (predicted * scale).T, actual * scale
    size = np.sqrt(float((design**2).sum()) / design.shape[1] / max(len(target), 1))
    pull = np.sqrt(PRIOR_POINTS) * max(size, 1e-9)
    eye = np.eye(len(prior))
    hold = ONE * np.linalg.norm(design) + ONE
    stacked = np.vstack([design, pull * eye, hold * np.ones((1, len(prior)))])
    wanted = np.concatenate([target, pull * prior, [hold]])
    # Normal equations keep the problem at the number of candidates, whatever the sample.
    factor = np.asarray(np.linalg.qr(np.column_stack([stacked, wanted]), mode="r"))
    weights: Floats = nnls(factor[:, :-1], factor[:, -1])[0]
    kept: Floats = np.where(weights >= LEAST_SHARE, weights, 0.0)
    total = float(kept.sum())
    return kept * (1.0 / total) if total > 0 else prior


def mixed(values: Floats, shares: Floats) -> Floats:
    """Weighted mean over models of [model, series, step]; a NaN gives its share to the others.

    `shares` is [model, series].
    """
    known = np.isfinite(values)
    weight = shares[:, :, None] * known
    total = weight.sum(axis=0)
    finite = np.nan_to_num(values)
    weighted = ratio((weight * finite).sum(axis=0), total)
    equal = ratio(finite.sum(axis=0), known.sum(axis=0).astype(np.float64))
    return np.where(total > 0, weighted, equal)
