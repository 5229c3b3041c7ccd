"""The peer process of `qm bench forecast`: statsforecast's AutoETS with conformal intervals."""
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from evals.bench_series import HELD_OUT, carried_forward, scales, series_of
from evals.scores import M5_LEVELS, Floats, scaled_pinball

JOBS, WINDOWS, WARMING = 2, 4, 40


def main() -> None:
    series, points, seed, compared = (int(argument) for argument in sys.argv[1:5])
    folder = Path(sys.argv[5]) if len(sys.argv) > 5 else None
    drawn = series_of(folder, series, points, seed)
    units = carried_forward(drawn.units[:compared])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # constant series make optimisers complain, not fail
        autoets_quantiles(units[:WARMING], HELD_OUT)
        began = time.perf_counter()
        quantiles = autoets_quantiles(units, HELD_OUT)
        seconds = time.perf_counter() - began
    loss = scaled_pinball(quantiles, drawn.future[:compared], scales(drawn.units[:compared]))
    figures = {"seconds": round(seconds, 2), "pinball": round(float(np.nanmean(loss)), 4)}
    sys.stdout.write(json.dumps(figures))


def autoets_quantiles(units: Floats, steps: int) -> Floats:
    """[series, step, M5 level] of AutoETS(season_length=1) with 4 conformal windows, 2 processes.

    Never below zero: a shop would not read a negative quantile either.
    """
    from statsforecast import StatsForecast
    from statsforecast.models import AutoETS
    from statsforecast.utils import ConformalIntervals

    intervals = ConformalIntervals(h=steps, n_windows=WINDOWS)
    model = AutoETS(season_length=1, prediction_intervals=intervals)
    count, points = units.shape
    frame = pd.DataFrame({
        "unique_id": np.repeat(np.arange(count), points),
        "ds": np.tile(np.arange(1, points + 1), count),
        "y": units.ravel(),
    })  # fmt: skip
    widths = sorted({round(100 * abs(1 - 2 * level)) for level in M5_LEVELS} - {0})
    engine = StatsForecast(models=[model], freq=1, n_jobs=JOBS)
    found = engine.forecast(df=frame, h=steps, level=widths).sort_values(["unique_id", "ds"])
    columns = [found[_column(level)].to_numpy(dtype=np.float64) for level in M5_LEVELS]
    return np.maximum(np.stack(columns, axis=-1).reshape(count, steps, -1), 0.0)


def _column(level: float) -> str:
    width = round(100 * abs(1 - 2 * level))
    if width == 0:
        return "AutoETS"
    return f"AutoETS-{'lo' if level < 0.5 else 'hi'}-{width}"


if __name__ == "__main__":
    main()
