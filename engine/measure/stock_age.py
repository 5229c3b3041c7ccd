"""How old is the stock? First in, first out: what is left came last."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd

from engine.measure.holdings import held_stock, unit_costs
from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.money import MICROS, exponent
from engine.model.period import Period

# Upper end of each layer in days; the last holds everything older.
LAYERS = (30, 90, 180, 365)


def stock_age(
    stock: pd.DataFrame,
    purchase_orders: pd.DataFrame,
    receipts: pd.DataFrame,
    items: pd.DataFrame,
    rates: Mapping[str, Decimal],
    base: str,
    first_day: date,
    period: Period,
) -> Kpi:
    """Mean age of the stock in days since it was received, weighed by its value at cost.

    First in, first out: what is left of an item is what came last.

    Layers are made per SKU over all locations, for a move between them makes nothing younger. What
    is held beyond all receipts on record is as old as the records at least. Items without a cost
    are left out. The parts are the money in each layer. Judged at the last stock record of the
    period. Lower is better. Frames of the data contract; `first_day` is the first day of records.
    """
    today = pd.Timestamp(period.end)
    held = held_stock(stock, period.end + timedelta(days=1))
    units = held.groupby("sku")["on_hand"].sum().reset_index()
    layers = _layers(units, purchase_orders, receipts, today, pd.Timestamp(first_day))
    valued = layers.merge(unit_costs(items, rates, base), on="sku")
    minor = 10 ** exponent(base) / MICROS
    value = valued["units"] * valued["cost"] * minor
    total = float(value.sum())
    days = float((value * valued["age"]).sum())
    return Kpi(
        name="stock age",
        value=ratio(days, total),
        unit="days",
        numerator=days,
        denominator=total,
        numerator_label="value of stock at cost times its days since receipt",
        denominator_label="value of stock at cost",
        better="lower",
        definition=definition_of(stock_age),
        parts=_parts(valued["age"], value),
    )


def _layers(
    held: pd.DataFrame,
    orders: pd.DataFrame,
    receipts: pd.DataFrame,
    today: pd.Timestamp,
    first: pd.Timestamp,
) -> pd.DataFrame:
    """Columns sku, units, age: the newest receipts that make up what is held, and what is older."""
    came = receipts[receipts["received_on"] <= today].merge(
        orders[["po", "line", "sku"]], on=["po", "line"]
    )
    came = came.merge(held, on="sku").sort_values(["sku", "received_on"], ascending=[True, False])
    before = came.groupby("sku")["units"].cumsum() - came["units"]
    left = np.clip(came["on_hand"] - before, 0, came["units"])
    found = came.assign(age=(today - came["received_on"]).dt.days, units=left)
    placed = found.groupby("sku")["units"].sum().reindex(held["sku"]).fillna(0.0).to_numpy()
    rest = held.assign(units=held["on_hand"] - placed, age=max((today - first).days, 0))
    both = pd.concat([found[["sku", "units", "age"]], rest[["sku", "units", "age"]]])
    return both[both["units"] > 0]


def _parts(age: "pd.Series[float]", value: "pd.Series[float]") -> tuple[Part, ...]:
    place = np.searchsorted(LAYERS, age.to_numpy(dtype=np.float64), side="left")
    money = np.bincount(place, weights=value.to_numpy(dtype=np.float64), minlength=len(LAYERS) + 1)
    starts = (0, *(each + 1 for each in LAYERS))
    labels = [
        *(f"{low} to {high} days" for low, high in zip(starts, LAYERS, strict=False)),
        f"over {LAYERS[-1]} days",
    ]
    return tuple(
        Part(label=label, value=float(each), unit="money")
        for label, each in zip(labels, money, strict=True)
    )
