"""The measured process of `qm bench forecast`: cleans and forecasts the series."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.model.forecast import Forecast
    from evals.bench_series import Drawn


def main() -> None:
    series, points, seed, compared = (int(argument) for argument in sys.argv[1:5])
    folder = Path(sys.argv[5]) if len(sys.argv) > 5 else None
    began = time.perf_counter()
    from engine.demand import clean_demand
    from engine.forecast import forecast_demand
    from engine.model.config import PlanConfig
    from engine.model.decisions import Decisions

    imported = time.perf_counter()
    from evals.bench_series import series_of

    config = PlanConfig()
    drawn = series_of(folder, series, points, seed)
    ready, working = time.perf_counter(), time.process_time()
    panel = clean_demand(drawn.snapshot, config)
    cleaned = time.perf_counter()
    forecast = forecast_demand(panel, drawn.snapshot, config, Decisions())
    done, worked = time.perf_counter(), time.process_time()
    stages = {
        "imports": imported - began,
        "clean demand": cleaned - ready,
        "forecast": done - cleaned,
    }
    figures = {
        "seconds": round(sum(stages.values()), 2),
        "processor_seconds": round(worked - working, 2),  # of the two steps, whatever else runs
        "stages": {stage: round(seconds, 2) for stage, seconds in stages.items()},
        **_quality(drawn, forecast, compared),
    }
    sys.stdout.write(json.dumps(figures))


def _quality(drawn: "Drawn", forecast: "Forecast", compared: int) -> dict[str, Any]:
    """How good the forecast was, so that no speed is bought with it.

    `pinball_compared` is over the first series only: those that the peer is given, if any.
    """
    import numpy as np

    from evals.bench_series import scales
    from evals.calibration.pit import forecast_pit
    from evals.scores import M5_LEVELS, central_shares, scaled_pinball, wape

    where = [forecast.levels.index(level) for level in M5_LEVELS]
    loss = scaled_pinball(forecast.quantiles[:, :, where], drawn.future, scales(drawn.units))
    scored = np.isfinite(drawn.future)
    pit = forecast_pit(forecast, drawn.future, seed=1)
    return {
        "pinball": round(float(np.nanmean(loss)), 4),
        "pinball_compared": round(float(np.nanmean(loss[: compared or None])), 4),
        "wape": round(wape(forecast.mean[scored], drawn.future[scored]), 4),
        "coverage": central_shares(pit[scored]),
    }


if __name__ == "__main__":
    main()
