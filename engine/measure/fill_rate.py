"""How much of what was wanted was sold? Fill rate."""

import pandas as pd

from engine.kernels.presence import SERIES, is_recorded, sold_units
from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.measure.missed import missed_units, waiting_of
from engine.model.period import Period


def fill_rate(
    sales: pd.DataFrame,
    stock: pd.DataFrame,
    items: pd.DataFrame,
    backorders: pd.DataFrame,
    period: Period,
) -> Kpi:
    """Units sold over units wanted: those sold and those missed while out of stock.

    Missed is estimated: usual daily sales times the missing part of each day, or the units that
    customers of the period still wait for, whichever is more.

    Sold: sales less cancellations; returns stay sold. Missed is taken per SKU and location; the
    estimate and the waiting units describe the same customers, so they are not added. Usual are
    the days fully in stock of the last eight weeks. Gift sets count as they are sold. Unknown
    where stock was recorded on less than half of the days. Higher is better.

    Frames: `sales`, `stock`, `items` and `backorders` of the data contract.
    """
    sold = float(sold_units(sales, period)["units"].sum())
    waits = waiting_of(backorders, period).groupby(SERIES)["units"].sum().astype(float)
    missed = missed_units(sales, stock, items, waits, period)
    total = float(missed["missed"].sum())
    counted = is_recorded(stock, period) or len(waits) > 0
    return Kpi(
        name="fill rate",
        # Without records of stock nobody knows what was missed: no rate, rather than a full one.
        value=ratio(sold, sold + total) if counted else None,
        unit="share",
        numerator=sold,
        denominator=sold + total,
        numerator_label="units sold",
        denominator_label="units wanted, the missed ones estimated",
        better="higher",
        definition=definition_of(fill_rate),
        parts=(
            Part(label="units missed, estimated", value=total, unit="units"),
            Part(label="units that customers wait for", value=float(waits.sum()), unit="units"),
        ),
    )
