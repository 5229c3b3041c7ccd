"""Is a forecast still on track: value added over the naive forecast, tracking signal, drift.

All of it from the rolling origins, which know at each origin only what was known then. Errors are
actual less forecast, so a positive signal says that demand ran above the forecast.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from engine.demand.arrays import Bools, Floats, Ints, ratio
from engine.forecast.accuracy import of_class
from engine.forecast.backtest import origins, spacing
from engine.forecast.noise import Errors
from engine.forecast.training import Training
from engine.model.forecast import DemandNoise

ALARM = 4.0  # mean absolute deviations; Brown (1963), Silver, Pyke & Thomas, 4th ed., ch. 3
NAIVE_DAYS = 7  # the naive forecast repeats the last week: it keeps the weekday
# A drift is also outside what chance explains: one series in a thousand on each side.
OUTSIDE = float(ndtri(0.999))
LEAST_BUCKETS = 4
LEAST_EXPECTED = 2.0  # units since the latest origin


@dataclass(frozen=True, kw_only=True)
class Tracking:
    """Per series; nothing is missing.

    Without a backtest to tell from, the naive error is that of the class (1 where the class has
    none either), and signal and drift are 0: no alarm.
    """

    units: Floats  # sold in the buckets of the backtest, each as often as it was forecast
    naive_wape: Floats  # of repeating the last week, on the same buckets as the backtest
    signal: Floats  # sum of errors over mean absolute error, consecutive buckets
    drift_units: Floats  # actual less forecast since the latest origin, where it is an alarm
    drift_share: Floats  # of what was forecast for those buckets


def track(errors: Errors, training: Training, noise: DemandNoise, classes: Ints) -> Tracking:
    """Signals of the combined backtest; origins run from the latest to the earliest.

    The tracking signal alone cries wolf: the sum of unbiased errors over 32 weeks has a standard
    deviation of 7 mean absolute deviations. A drift therefore is an alarm of the signal that also
    lies outside what the forecast's own noise allows for the sum since the latest origin.
    """
    series = training.shape[0]
    if len(errors.actual) == 0:
        none = np.zeros(series)
        return Tracking(
            units=none, naive_wape=np.ones(series), signal=none, drift_units=none, drift_share=none
        )  # fmt: skip
    off = np.where(errors.seen, errors.actual - errors.predicted, 0.0)
    signal = _signal(off, errors.seen, training.bucket_days)
    units, share = _drift(errors, off, noise)
    drifts = (np.abs(signal) >= ALARM) & (np.sign(units) == np.sign(signal))
    return Tracking(
        units=np.where(errors.seen, errors.actual, 0.0).sum(axis=(0, 2)),
        naive_wape=_naive_wape(errors, training, classes),
        signal=signal,
        drift_units=np.where(drifts, units, 0.0),
        drift_share=np.where(drifts, share, 0.0),
    )


def _signal(off: Floats, seen: Bools, bucket_days: int) -> Floats:
    """Over buckets that follow each other.

    Of every origin but the latest only the steps up to the next origin, which takes over there.
    """
    steps = spacing(bucket_days, len(off[0]))
    parts = [off[0], *(off[k][:, :steps] for k in range(1, len(off)))]
    counted = [seen[0], *(seen[k][:, :steps] for k in range(1, len(seen)))]
    each = np.concatenate(parts, axis=1)
    count = np.concatenate(counted, axis=1).sum(axis=1).astype(np.float64)
    deviation = ratio(np.abs(each).sum(axis=1), count)
    return np.where(count >= LEAST_BUCKETS, ratio(each.sum(axis=1), deviation), 0.0)


def _drift(errors: Errors, off: Floats, noise: DemandNoise) -> tuple[Floats, Floats]:
    """Units and share off since the latest origin, 0 where noise may explain them."""
    expected = np.where(errors.seen[0], errors.predicted[0], 0.0)
    units, total = off[0].sum(axis=1), expected.sum(axis=1)
    lasting = noise.level_cv**2
    passing = (1.0 + lasting) * (expected**2).sum(axis=1) / noise.size
    spread = np.sqrt(total + lasting * total**2 + passing)
    # What was hardly on sale at the origin had no forecast to run away from.
    outside = (np.abs(units) > OUTSIDE * spread) & (total >= LEAST_EXPECTED)
    share = ratio(units, total)
    return np.where(outside, units, 0.0), np.where(outside, share, 0.0)


def _naive_wape(errors: Errors, training: Training, classes: Ints) -> Floats:
    """WAPE of repeating what sold in the last week before each origin."""
    lag = max(NAIVE_DAYS // training.bucket_days, 1)
    steps = errors.actual.shape[2]
    at = origins(training.shape[1], training.bucket_days, training.shape[0])[: len(errors.actual)]
    wrong, sold = np.zeros(training.shape[0]), np.zeros(training.shape[0])
    for number, origin in enumerate(at):
        known = origin - lag + np.arange(steps, dtype=np.int64) % lag
        rate = ratio(training.sold[:, known], training.weight[:, known])
        seen = errors.seen[number]
        wrong += np.where(seen, np.abs(errors.actual[number] - rate), 0.0).sum(axis=1)
        sold += np.where(seen, errors.actual[number], 0.0).sum(axis=1)
    return np.where(sold > 0, ratio(wrong, sold), of_class(wrong, sold, classes, 1.0))


def columns(tracking: Tracking) -> dict[str, Floats]:
    """As further columns of `Forecast.series`."""
    return {
        "backtest_units": tracking.units,
        "naive_wape": tracking.naive_wape,
        "tracking_signal": tracking.signal,
        "drift_units": tracking.drift_units,
        "drift_share": tracking.drift_share,
    }
