"""A global LightGBM model through mlforecast: the peer that most teams would try first.

One model for all series, on lags and rolling means of the series itself and the calendar; it
forecasts recursively, each step from its own earlier ones. Needs the optional extra `ml`.
"""

import warnings

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SEED = 7
SPANS = {1: (7, 14, 28, 56, 364), 7: (1, 2, 4, 8, 13, 26, 52), 30: (1, 2, 3, 6, 12)}
ROUNDS, LEAVES, RATE = 200, 31, 0.06


def boosted(history: Floats, bucket_days: int, steps: int, threads: int = 1) -> Floats:
    """[series, step] mean; `history` [series, bucket] is NaN before a series begins.

    `bucket_days` is 1, 7 or 30. A series that never began is forecast at 0; a gap inside a history
    is filled with the value before it.
    """
    from lightgbm import LGBMRegressor
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import RollingMean

    spans = [span for span in SPANS[bucket_days] if 2 * span + steps < history.shape[1]]
    model = LGBMRegressor(
        objective="poisson", n_estimators=ROUNDS, num_leaves=LEAVES, learning_rate=RATE,
        random_state=SEED, n_jobs=threads, deterministic=True, force_row_wise=True, verbosity=-1,
    )  # fmt: skip
    learner = MLForecast(
        models={"boosted": model}, freq=1, lags=[1, *(span for span in spans if span > 1)],
        lag_transforms={1: [RollingMean(span, min_samples=1) for span in spans if span > 1]},
        date_features=[weekday] if bucket_days == 1 else None,
    )  # fmt: skip
    long = _long(history)
    mean = np.zeros((len(history), steps))
    if len(long) == 0:
        return mean
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # mlforecast passes arrays where LightGBM expects names
        learner.fit(long, static_features=[], dropna=True)
        said = learner.predict(steps)
    rows = said["unique_id"].to_numpy(dtype=np.int64)
    step = np.tile(np.arange(steps), len(said) // steps)
    mean[rows, step] = np.maximum(said["boosted"].to_numpy(dtype=np.float64), 0.0)
    return mean


def weekday(bucket: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days are counted from any day; only which ones are a week apart matters."""
    return np.asarray(bucket) % 7


def _long(history: Floats) -> pd.DataFrame:
    """One row per series and bucket from the series' first number on, in order."""
    filled = pd.DataFrame(history).ffill(axis=1).to_numpy()
    row, bucket = np.nonzero(np.isfinite(filled))
    return pd.DataFrame({"unique_id": row, "ds": bucket, "y": filled[row, bucket]})
