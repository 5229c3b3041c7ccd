"""statsforecast's AutoETS as a peer; the library is loaded when it is called."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def autoets(history: Floats, season: int, steps: int, *, jobs: int = 2) -> Floats:
    """[series, step] mean forecast, never below 0; each series from its first sale on.

    `history` is [series, bucket] with NaN before a series begins. A series without any sale is
    forecast at 0; one on which the model fails gets its mean (statsforecast's fallback).
    """
    from statsforecast import StatsForecast
    from statsforecast.models import AutoETS, HistoricAverage

    sold = np.nan_to_num(history)
    begun = np.maximum.accumulate(sold > 0, axis=1)
    row, bucket = np.nonzero(begun)
    frame = pd.DataFrame({"unique_id": row, "ds": bucket, "y": sold[row, bucket]})
    model = AutoETS(season_length=season)
    engine = StatsForecast(models=[model], freq=1, n_jobs=jobs, fallback_model=HistoricAverage())
    result = engine.forecast(df=frame, h=steps)
    forecast = np.zeros((len(history), steps))
    step = result.groupby("unique_id", observed=True).cumcount().to_numpy()
    forecast[result["unique_id"].to_numpy(), step] = result["AutoETS"].to_numpy()
    return np.maximum(np.nan_to_num(forecast), 0.0)
