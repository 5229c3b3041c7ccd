"""Lead times as past deliveries corrected them: a supplier's whole distribution moved by days."""

from dataclasses import replace

import numpy as np
import pandas as pd

from engine.model.supply import LeadTimes


def shifted(times: LeadTimes, learnt: pd.DataFrame) -> LeadTimes:
    """Lanes of suppliers with a correction in force arrive so many days later (or sooner).

    Columns of `learnt`: engine.model.decisions.LEARNT, of which the kind lead_time counts. What
    would fall outside the days of the distribution is put on its first or last one.
    """
    rows = learnt[learnt["kind"] == "lead_time"]
    days = dict(zip(rows["scope"].astype(str), rows["value"].astype(float), strict=True))
    if not days:
        return times
    pmf, last = times.pmf.copy(), times.pmf.shape[1] - 1
    each = np.arange(last + 1, dtype=np.int64).astype(np.int64)
    move = times.lanes["supplier"].astype(str).map(days).fillna(0.0).round().astype(int)
    for lane in np.flatnonzero(move.to_numpy() != 0).tolist():
        target = np.clip(each + int(move.iloc[lane]), 0, last)
        moved = np.zeros(last + 1)
        np.add.at(moved, target, times.pmf[lane])
        pmf[lane] = moved
    mean = pmf @ each.astype(np.float64)
    lanes = times.lanes.assign(
        mean_days=np.where(move != 0, mean, times.lanes["mean_days"].astype(float))
    )
    return replace(times, lanes=lanes, pmf=pmf)
