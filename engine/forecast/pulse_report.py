"""Open pulses as a frame: for whom, how large, since when, how sure, and why."""

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats
from engine.forecast.learned import Learned
from engine.forecast.pulse_alarms import alarms_of, lines_of
from engine.forecast.pulse_causes import causes_of
from engine.model.forecast import DRIVERS, PULSES, no_pulses

NEAR_DAYS = 28


def pulse_report(learned: Learned, drivers: Floats, findings: pd.DataFrame) -> pd.DataFrame:
    """Columns PULSES, one row per series with an open alarm, in the order of the series."""
    watch, training = learned.pulses.watch, learned.here.training
    if watch is None:
        return no_pulses()
    alarms = alarms_of(watch, lines_of(watch))
    # What is known to be phantom stock has its own exception, and is no fall of demand.
    series = learned.series
    rows = np.flatnonzero((alarms.direction != 0) & ~_phantom(series, findings))
    steps = max(NEAR_DAYS // training.bucket_days, 1)
    began = training.shape[1] - alarms.begun[rows]
    return pd.DataFrame(
        {
            "sku": series["sku"].to_numpy(dtype=object)[rows],
            "location": series["location"].to_numpy(dtype=object)[rows],
            "direction": alarms.direction[rows],
            "size": alarms.size[rows],
            "began": training.starts[began],
            "noise": alarms.noise[rows],
            "units": drivers[rows, :steps, DRIVERS.index("pulse")].sum(axis=1),
            "cause": causes_of(training, rows, alarms.direction[rows], alarms.begun[rows]),
        },
        columns=list(PULSES),
    )


def _phantom(series: pd.DataFrame, findings: pd.DataFrame) -> Bools:
    told = findings[findings["code"] == "phantom-stock"]
    keys = pd.MultiIndex.from_frame(told[["sku", "location"]])
    return pd.MultiIndex.from_frame(series[["sku", "location"]]).isin(keys)
