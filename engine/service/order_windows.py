"""When an order that is written now should arrive, by what its supplier has shown."""

from typing import cast

import numpy as np
import pandas as pd

from engine.errors import InvalidInput
from engine.kernels.columns import texts
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot
from engine.promise.windows import LEVEL
from engine.purchase.terms import LeadRange
from engine.supply import lane_rows, lead_times


def lead_ranges(
    snapshot: Snapshot, lines: pd.DataFrame, *, default_lead_time_days: float
) -> dict[tuple[str, str, str], LeadRange]:
    """Open days to arrival of each ranked buy, by (supplier, sku, location).

    The middle LEVEL of its lane's lead time. Empty where the data know no supplier by that name.
    """
    if lines.empty:
        return {}
    known = lead_times(snapshot, PlanConfig(default_lead_time_days=default_lead_time_days))
    keys = [texts(lines, name) for name in ("supplier", "sku", "location")]
    try:
        rows = lane_rows(known, *keys)
    except InvalidInput:
        return {}
    reached = np.cumsum(known.pmf[rows], axis=1)
    reached /= reached[:, -1:]
    tail = (1 - LEVEL) / 2
    low = np.argmax(reached >= tail, axis=1)
    high = np.argmax(reached >= 1 - tail, axis=1)
    ends = zip(cast("list[int]", low.tolist()), cast("list[int]", high.tolist()), strict=True)
    return {
        key: LeadRange(low=first, high=last)
        for key, (first, last) in zip(zip(*keys, strict=True), ends, strict=True)
    }
