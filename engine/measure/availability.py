"""Was it there when customers wanted it? Stockout rate and fill rate."""

import pandas as pd

from engine.kernels.presence import is_recorded, lost_units, presence, sold_units
from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.period import Period


def stockout_rate(stock: pd.DataFrame, items: pd.DataFrame, period: Period) -> Kpi:
    """Share of the period's series-days on which an active item was out of stock.

    A series is a SKU at a location. Sold out at noon is half a day, where that was recorded.

    Series-days are those with a stock record. Where no in-stock share was recorded, a day counts
    by its evening. Where stock is recorded by week, the days are weeks. Unknown where stock was
    recorded on less than half of the days. Lower is better.

    Frames: `stock` and `items` of the data contract.
    """
    days = presence(stock, items, period)
    out = float((1 - days["present"]).sum())
    series = days.groupby(["sku", "location"], observed=True)["present"].mean()
    return Kpi(
        name="stockout rate",
        value=ratio(out, len(days)) if is_recorded(stock, period) else None,
        unit="share",
        numerator=out,
        denominator=float(len(days)),
        numerator_label="series-days out of stock",
        denominator_label="series-days of active items",
        better="lower",
        definition=definition_of(stockout_rate),
        parts=(Part(label="series out of stock at some time", unit="count",
                    value=float((series < 1).sum())),),
    )  # fmt: skip


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
    lost = lost_units(sales, stock, items, period).set_index(["sku", "location"])["lost"]
    waiting = _waiting(backorders, period)
    both = pd.concat([lost, waiting], axis=1).fillna(0.0)
    missed = float(both.max(axis=1).sum()) if len(both) else 0.0
    counted = is_recorded(stock, period) or len(waiting) > 0
    return Kpi(
        name="fill rate",
        # Without records of stock nobody knows what was missed: no rate, rather than a full one.
        value=ratio(sold, sold + missed) if counted else None,
        unit="share",
        numerator=sold,
        denominator=sold + missed,
        numerator_label="units sold",
        denominator_label="units wanted, the missed ones estimated",
        better="higher",
        definition=definition_of(fill_rate),
        parts=(
            Part(label="units missed, estimated", value=missed, unit="units"),
            Part(label="units that customers wait for", value=float(waiting.sum()), unit="units"),
        ),
    )


def _waiting(backorders: pd.DataFrame, period: Period) -> "pd.Series[float]":
    placed = backorders["ordered_at"]
    end = pd.Timestamp(period.end) + pd.Timedelta(days=1)
    rows = backorders[(placed >= pd.Timestamp(period.start)) & (placed < end)]
    units = rows.groupby(["sku", "location"])["units"].sum()
    return units.astype(float).rename("waiting")
