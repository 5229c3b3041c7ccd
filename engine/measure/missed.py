"""What customers did not find: estimated from usual sales, or counted from who waits."""

import pandas as pd

from engine.kernels.presence import SERIES, lost_units
from engine.model.period import Period


def missed_units(
    sales: pd.DataFrame,
    stock: pd.DataFrame,
    items: pd.DataFrame,
    waiting: "pd.Series[float]",
    period: Period,
) -> pd.DataFrame:
    """Columns lost, waiting, missed by (sku, location): missed is the larger of the other two.

    The estimate (usual daily sales times the missing part of each day) and those who wait describe
    the same customers, so they are not added. `waiting` is by (sku, location).
    """
    lost = lost_units(sales, stock, items, period).set_index(SERIES)["lost"]
    both = pd.concat([lost, waiting.rename("waiting")], axis=1).fillna(0.0)
    return both.assign(missed=both.max(axis=1) if len(both) else 0.0)


def waiting_of(backorders: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Rows of backorders that were placed in the period."""
    placed = backorders["ordered_at"]
    end = pd.Timestamp(period.end) + pd.Timedelta(days=1)
    return backorders[(placed >= pd.Timestamp(period.start)) & (placed < end)]
