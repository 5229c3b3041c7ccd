"""Where is cash asleep? Stock that outlasts a horizon at its present pace."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd

from engine.kernels.presence import SERIES
from engine.measure.holdings import held_stock, unit_costs, used_units
from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.money import MICROS, exponent
from engine.model.period import Period

SLOW_DAYS = 180


def cash_in_slow_movers(
    stock: pd.DataFrame,
    sales: pd.DataFrame,
    items: pd.DataFrame,
    bundles: pd.DataFrame,
    rates: Mapping[str, Decimal],
    base: str,
    as_of: date,
    days: int = SLOW_DAYS,
) -> Kpi:
    """Value at cost of the stock that would last longer than the last 180 days' sales.

    Slow is what has more units on hand at a location than were sold there in 180 days, which
    includes what sold nothing; all of its stock counts.

    Judged at the last stock record before the as-of date. Gift sets count as the parts they drew.
    Items launched within those days are too new to judge and are left out above and below the
    line; so are items without a cost. Lower is better.

    Frames: `stock`, `sales`, `items` and `bundles` of the data contract. `rates` are base
    currency per unit of each currency.
    """
    held = held_stock(stock, as_of).merge(_old_enough(items, rates, base, as_of, days), on="sku")
    used = used_units(sales, bundles, Period(start=as_of - timedelta(days=days), end=as_of))
    held = held.merge(used, on=SERIES, how="left").fillna({"units": 0.0})
    minor = 10 ** exponent(base) / MICROS
    value = (held["on_hand"] * held["cost"] * minor).round().astype(np.int64)
    slow = held["on_hand"] > held["units"]
    asleep, total = int(value[slow].sum()), int(value.sum())
    dead = slow & (held["units"] <= 0)
    return Kpi(
        name="cash in slow movers",
        value=float(asleep) if len(held) else None,
        unit="money",
        numerator=float(asleep),
        denominator=float(total),
        numerator_label="value of slow stock at cost",
        denominator_label="value of all stock judged, at cost",
        better="lower",
        definition=definition_of(cash_in_slow_movers),
        parts=(
            Part(label="share of stock value", value=ratio(asleep, total) or 0.0, unit="share"),
            Part(label="of it without a sale", value=float(value[dead].sum()), unit="money"),
            Part(label="slow series", value=float(slow.sum()), unit="count"),
        ),
    )


def _old_enough(
    items: pd.DataFrame, rates: Mapping[str, Decimal], base: str, as_of: date, days: int
) -> pd.DataFrame:
    """Columns sku, cost (micros of the base currency) of items that are old enough to judge."""
    new = items["launch_date"] > pd.Timestamp(as_of) - pd.Timedelta(days=days)
    return unit_costs(items[~new], rates, base)
