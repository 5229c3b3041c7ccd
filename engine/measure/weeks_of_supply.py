"""How long does the stock last? Weeks of supply."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import pandas as pd

from engine.kernels.presence import SERIES
from engine.measure.holdings import held_stock, unit_costs, used_units
from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.money import MICROS, exponent
from engine.model.period import Period

PACE_DAYS = 56


def weeks_of_supply(
    stock: pd.DataFrame,
    sales: pd.DataFrame,
    items: pd.DataFrame,
    bundles: pd.DataFrame,
    rates: Mapping[str, Decimal],
    base: str,
    period: Period,
) -> Kpi:
    """Stock at the end of the period over what a week used of it, both at cost.

    A week is the mean of the eight weeks up to the end of the period; gift sets count as the parts
    they drew.

    Items without a cost are left out; what sold nothing counts above the line only, so idle stock
    lengthens the supply. Judged at the last stock record of the period. More is not better by
    itself: read it beside the stockout rate of the same class. Lower is better.

    Frames of the data contract; `rates` are base currency per unit of each currency.
    """
    costs = unit_costs(items, rates, base)
    held = held_stock(stock, period.end + timedelta(days=1)).merge(costs, on="sku")
    pace = Period(start=period.end - timedelta(days=PACE_DAYS - 1), end=period.end)
    used = used_units(sales, bundles, pace).merge(costs, on="sku")
    minor = 10 ** exponent(base) / MICROS
    value = float((held["on_hand"] * held["cost"]).sum()) * minor
    weekly = float((used["units"] * used["cost"]).sum()) * minor * 7 / PACE_DAYS
    moving = held.merge(used[SERIES], on=SERIES)
    idle = value - float((moving["on_hand"] * moving["cost"]).sum()) * minor
    return Kpi(
        name="weeks of supply",
        value=ratio(value, weekly) if weekly > 0 else None,
        unit="weeks",
        numerator=value,
        denominator=weekly,
        numerator_label="value of stock at cost",
        denominator_label="cost of a week's sales",
        better="lower",
        definition=definition_of(weeks_of_supply),
        parts=(Part(label="stock that sold nothing", value=idle, unit="money"),),
    )
