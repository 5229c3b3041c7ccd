"""How long a replay's own orders take: what the supplier has usually needed."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.calendar import SupplierCalendar
from engine.kernels.columns import texts
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot
from engine.simulate.policy import LeadDays
from engine.supply import lane_rows, lead_times, supplier_calendars

USUAL = 0.5  # as likely to be quicker as slower


def usual_lead_days(known: Snapshot, config: PlanConfig, *, level: float = USUAL) -> LeadDays:
    """The `level` quantile of each order's lead time as learnt from `known`, past closures.

    Every order of a supplier is equally late or early: the same for every policy that is
    compared, and the same each time.
    """
    times, calendars = lead_times(known, config), supplier_calendars(known)
    quantile = (np.cumsum(times.pmf, axis=1) >= level - 1e-12).argmax(axis=1)

    def lead_days(orders: pd.DataFrame, day: date, /) -> NDArray[np.int64]:
        suppliers = texts(orders, "supplier")
        rows = lane_rows(times, suppliers, texts(orders, "sku"), texts(orders, "location"))
        start = day.toordinal()
        days = [
            int(calendars.get(supplier, SupplierCalendar()).arrival_days(start, int(need))[-1])
            for supplier, need in zip(suppliers, quantile[rows], strict=True)
        ]
        return np.asarray(days, dtype=np.int64) - start

    return lead_days
