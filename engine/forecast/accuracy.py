"""What rolling origins say of the combined forecast, per series."""

import numpy as np

from engine.demand.arrays import Floats, Ints, ratio
from engine.forecast.backtest import Backtest
from engine.forecast.classes import CLASSES
from engine.forecast.combine import Shares, mixed
from engine.forecast.noise import Errors


def combined_errors(
    pooled: Backtest, challenger: Backtest | None, shares: Shares, classes: Ints
) -> Errors:
    """The backtest of the combination, with the shares of those who spoke scaled to 1.

    The library's models, and the challenger in large panels, run on samples only; leaving them
    out makes these errors, and the noise estimated from them, if anything too large.
    """
    columns = [shares.names.index(name) for name in pooled.names]
    predicted = pooled.predicted
    if challenger is not None:
        columns.append(shares.names.index(challenger.names[0]))
        own = np.full((1, *pooled.actual.shape), np.nan, dtype=np.float32)
        own[:, :, challenger.rows] = challenger.predicted
        predicted = np.concatenate([predicted, own])
    weights = shares.of(classes, pooled.actual.shape[2])[columns]
    runs = [mixed(predicted[:, origin], weights) for origin in range(len(pooled.actual))]
    predicted = np.stack(runs) if runs else np.zeros(pooled.actual.shape)
    return Errors(predicted=predicted, actual=pooled.actual, seen=pooled.seen)


def accuracy(errors: Errors, classes: Ints) -> tuple[Floats, Floats]:
    """WAPE and bias (forecast less actual, over actual) per series.

    A series without demand in the backtest gets its class' figures, and without those 1 and 0.
    """
    off = np.where(errors.seen, errors.predicted - errors.actual, 0.0)
    sold = np.where(errors.seen, errors.actual, 0.0).sum(axis=(0, 2))
    absolute, signed = np.abs(off).sum(axis=(0, 2)), off.sum(axis=(0, 2))
    return (
        np.where(sold > 0, ratio(absolute, sold), of_class(absolute, sold, classes, 1.0)),
        np.where(sold > 0, ratio(signed, sold), of_class(signed, sold, classes, 0.0)),
    )


def of_class(error: Floats, sold: Floats, classes: Ints, otherwise: float) -> Floats:
    """[series] error over demand of all series of the same class; `otherwise` without demand."""
    total = np.bincount(classes, weights=sold, minlength=len(CLASSES)).astype(np.float64)
    whole = np.bincount(classes, weights=error, minlength=len(CLASSES)).astype(np.float64)
    figures: Floats = ratio(whole, total, otherwise)[classes]
    return figures
