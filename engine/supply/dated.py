"""Arrivals of order lines that have a date: around it, as such dates have been kept."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import texts, whole
from engine.model.supply import LeadTimes
from engine.supply.delays import delay_rows
from engine.supply.posterior import LONGEST_DAYS, gamma_days
from engine.supply.remaining import conditional_on_waiting

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DELAYS_FROM = 5  # receipts against a date from which dates are judged by experience


def arrive_by_date(lines: pd.DataFrame, lead_times: LeadTimes, arrival: Floats, today: int) -> None:
    """Replace the rows of `arrival` [line, day] whose date says more than their lane.

    With experience (the supplier's own; with confirmed dates else everyone's) a line arrives
    around its date as such dates have been kept. A confirmed date without any experience stands
    for the lead time stated for this order, with the spread that statements are taken to have. A
    promised date without it is not believed: the lane's lead time holds.
    """
    due, kinds = whole(lines, "due_on"), texts(lines, "due_kind")
    row = delay_rows(lead_times.delays, texts(lines, "supplier"), kinds, DELAYS_FROM)
    known = np.flatnonzero((due > 0) & (row >= 0))
    _place(
        arrival,
        known,
        start=due[known] + lead_times.delay_first - today,
        pmf=lead_times.delay_pmf[row[known]],
    )
    word = np.asarray([kind == "confirmed" for kind in kinds], dtype=np.bool_)
    ordered = whole(lines, "ordered_on")
    alone = np.flatnonzero((due > 0) & (row < 0) & word & (due >= ordered))
    if len(alone):
        days = (due[alone] - ordered[alone]).astype(np.float64)
        width = min(2 * int(days.max()) + 14, LONGEST_DAYS) + 1
        pmf = gamma_days(days, lead_times.stated_spread, width)
        _place(arrival, alone, start=ordered[alone] - today, pmf=pmf)


def _place(arrival: Floats, rows: Ints, *, start: Ints, pmf: Floats) -> None:
    """Day 0 of each `pmf` lies `start` days after as-of; what lies before did not happen."""
    passed = np.maximum(-start, 0)
    ahead = np.where((start < 0)[:, None], conditional_on_waiting(pmf, passed), pmf)
    reach = arrival.shape[1] - 1
    days: Ints = np.arange(pmf.shape[1], dtype=np.int64)
    for i, first, chances in zip(rows, np.maximum(start, 0), ahead, strict=True):
        arrival[i] = 0.0
        np.add.at(arrival[i], np.minimum(int(first) + days, reach), chances)
