"""The waterfall from baseline to forecast, in the published order, adding up exactly."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats
from engine.kernels.waterfall import over_steps
from engine.model.forecast import DRIVERS, Forecast

HORIZON_DRIVERS = ("sku", "location", "driver", "units", "percent")


def waterfall(stages: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Drivers [series, step, driver] and the mean that they add up to.

    `stages[k]` is the forecast with inputs 1 .. k + 1 in force and the later ones neutral; each
    driver is a stage less the one before. The mean is the sum of the drivers as numpy adds them,
    so that it is met to the last bit.
    """
    levels = np.stack(stages, axis=-1)
    drivers = np.diff(levels, axis=-1, prepend=0.0)
    # Where everything cancels, the differences leave dust; the last driver takes it back.
    ended = levels[..., -1] <= 0
    drivers[ended, -1] -= drivers.sum(axis=-1)[ended]
    mean = drivers.sum(axis=-1)
    dust = (mean < 0) | (ended & (mean != 0))
    drivers[dust] = 0.0
    return drivers, np.where(dust, 0.0, mean)


def horizon_drivers(forecast: Forecast, steps: int | None = None) -> pd.DataFrame:
    """Per series and driver: units over the first `steps` buckets, and percent of the baseline.

    Units add up to the forecast over those buckets; percentages are of the baseline's units, so
    they add up to the forecast as a percentage of the baseline. Without a baseline the percentage
    is missing.
    """
    units, percent = over_steps(forecast.drivers, steps)
    series = forecast.series
    count = len(DRIVERS)
    return pd.DataFrame(
        {
            "sku": np.repeat(series["sku"].to_numpy(dtype=object), count),
            "location": np.repeat(series["location"].to_numpy(dtype=object), count),
            "driver": np.tile(np.array(DRIVERS, dtype=object), len(series)),
            "units": units.ravel(),
            "percent": percent.ravel(),
        },
        columns=list(HORIZON_DRIVERS),
    )
