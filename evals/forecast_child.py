"""The measured process of `qm bench forecast`: makes up series, cleans and forecasts them."""

import json
import sys
import time
from typing import Any


def main() -> None:
    series, points, seed = (int(argument) for argument in sys.argv[1:4])
    began = time.perf_counter()
    from engine.demand import clean_demand
    from engine.forecast import forecast_demand
    from engine.model.config import PlanConfig
    from engine.model.decisions import Decisions

    imported = time.perf_counter()
    from evals.demand_series import make_up

    config = PlanConfig()
    made = make_up(series, points, config.horizon, seed)
    ready, working = time.perf_counter(), time.process_time()
    panel = clean_demand(made.snapshot, config)
    cleaned = time.perf_counter()
    forecast = forecast_demand(panel, made.snapshot, config, Decisions())
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
        **_quality(made, panel, forecast),
    }
    sys.stdout.write(json.dumps(figures))


def _quality(made: Any, panel: Any, forecast: Any) -> dict[str, Any]:  # noqa: ANN401  a script
    """How good the forecast was, so that no speed is bought with it."""
    import numpy as np

    from engine.forecast.noise import effective_size
    from evals.scores import M5_LEVELS, central_shares, pinball, randomised_pit, wape

    where = [forecast.levels.index(level) for level in M5_LEVELS]
    loss = pinball(forecast.quantiles[:, :, where], made.future, M5_LEVELS).mean(axis=1)
    steps = np.abs(np.diff(np.nan_to_num(panel.observed), axis=1)).mean(axis=1)
    size = effective_size(forecast.noise)[:, None]
    pit = randomised_pit(forecast.mean, size, made.future, seed=1)
    return {
        "pinball": round(float((loss / np.maximum(steps, 1e-9))[steps > 0].mean()), 4),
        "wape": round(wape(forecast.mean, made.future), 4),
        "coverage": central_shares(pit),
    }


if __name__ == "__main__":
    main()
