"""How long was it not there? Days out of stock over days."""

import pandas as pd

from engine.kernels.presence import is_recorded, presence
from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.period import Period


def time_out_of_stock(stock: pd.DataFrame, items: pd.DataFrame, period: Period) -> Kpi:
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
        name="time out of stock",
        value=ratio(out, len(days)) if is_recorded(stock, period) else None,
        unit="share",
        numerator=out,
        denominator=float(len(days)),
        numerator_label="series-days out of stock",
        denominator_label="series-days of active items",
        better="lower",
        definition=definition_of(time_out_of_stock),
        parts=(Part(label="series out of stock at some time", unit="count",
                    value=float((series < 1).sum())),),
    )  # fmt: skip
