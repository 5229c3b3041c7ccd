"""Lead times as somebody supposes them: a supplier slower, faster, more or less regular."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.kernels.columns import reals, texts
from engine.model.supply import LeadTimes

Floats = NDArray[np.float64]


def with_lead_time(
    lead_times: LeadTimes, supplier: str, *, later_days: int = 0, spread: float = 1.0
) -> LeadTimes:
    """Every lane of a supplier moved by `later_days` and spread `spread` times around its mean.

    The mean moves by exactly `later_days`, except where days below zero would be needed: those
    become day zero. How receipts keep to dates that were confirmed stays as it was.
    """
    lanes = lead_times.lanes
    mine = np.asarray([each == supplier for each in texts(lanes, "supplier")], dtype=np.bool_)
    if not mine.any():
        return lead_times
    moved = _moved(lead_times.pmf[mine], later_days, spread)
    width = max(moved.shape[1], lead_times.pmf.shape[1])
    pmf = np.zeros((len(lanes), width))
    pmf[:, : lead_times.pmf.shape[1]] = lead_times.pmf
    pmf[mine] = 0.0
    pmf[mine, : moved.shape[1]] = moved
    days = np.arange(moved.shape[1], dtype=np.float64)
    mean: Floats = moved @ days
    named: dict[str, Floats] = {
        "stated_days": np.maximum(reals(lanes, "stated_days")[mine] + later_days, 0.0),
        "mean_days": mean,
        "sd_days": np.sqrt(np.maximum(moved @ days**2 - mean**2, 0.0)),
    }
    told = {name: reals(lanes, name) for name in named}
    for name, values in named.items():
        told[name][mine] = values
    return replace(lead_times, lanes=lanes.assign(**told), pmf=pmf)


def _moved(pmf: Floats, later_days: int, spread: float) -> Floats:
    """[lane, day]: each day's chance at its new place, shared between the two days around it."""
    days = np.arange(pmf.shape[1], dtype=np.float64)
    mean = (pmf @ days)[:, None]
    target = np.maximum(mean + spread * (days[None, :] - mean) + later_days, 0.0)
    used = np.where(pmf > 0, target, 0.0)
    moved = np.zeros((len(pmf), int(np.ceil(used.max(initial=0.0))) + 2))
    low = np.floor(used).astype(np.int64)
    rows = np.broadcast_to(np.arange(len(pmf))[:, None], pmf.shape)
    np.add.at(moved, (rows, low), pmf * (low + 1 - used))
    np.add.at(moved, (rows, low + 1), pmf * (used - low))
    return moved
