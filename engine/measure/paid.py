"""What customers took and paid for, net of what they cancelled, day by day and once each."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from engine.kernels.presence import SERIES
from engine.simulate.rows import Floats, Rows


@dataclass(frozen=True, kw_only=True)
class Paid:
    """Axes [day, series]: units, and the net revenue of one of them in micros."""

    sold: Floats = field(repr=False)
    sold_price: Floats = field(repr=False)
    shipped: Floats = field(repr=False)  # to customers who had waited
    shipped_price: Floats = field(repr=False)
    away: Floats = field(repr=False)  # units out in the evening that are cancelled later


def paid_units(rows: Rows, sales: pd.DataFrame, items: pd.DataFrame, shipped: pd.DataFrame) -> Paid:
    """Units by day of sale or shipment; a sale to somebody who waited counts as shipped only.

    A cancellation is taken off the sale it cancels, found by its order id and series, else off its
    own day. Returns stay sold: what came back was there to be bought.
    """
    names = {"sku": object, "location": object}
    mine = sales[rows_of(rows, sales)].astype(names)
    waited = pd.MultiIndex.from_frame(shipped[["order_id", *SERIES]].astype(str))
    keys = pd.MultiIndex.from_frame(mine[["order_id", *SERIES]].astype(str))
    mine = mine[~keys.isin(waited)]
    listed = items.set_index("sku")["price_micros"].astype(float).to_dict()
    net = _net(mine)
    units = _grid(rows, net, "date", net["units"])
    price = net["sku"].map(listed).astype(float)
    revenue = (
        net["net_revenue_micros"]
        .astype(float)
        .fillna(net["price_micros"].astype(float).fillna(price).fillna(0.0) * net["units"])
    )
    value = _grid(rows, net, "date", revenue)
    usual = rows.series["sku"].map(listed).astype(float).fillna(0.0).to_numpy(dtype=np.float64)
    units = np.maximum(units, 0.0)
    each: Floats = np.tile(usual, (rows.days, 1)).astype(np.float64)
    np.divide(value, units, where=units > 0, out=each)
    return Paid(
        sold=units,
        sold_price=np.maximum(each, 0.0),
        shipped=_grid(rows, shipped, "shipped_on", shipped["units"]),
        away=_away(rows, mine),
        shipped_price=np.tile(usual, (rows.days, 1)).astype(np.float64),
    )


def rows_of(rows: Rows, sales: pd.DataFrame) -> "pd.Series[bool]":
    """Sales and cancellations of the items in question."""
    skus = set(rows.series["sku"])
    return sales["sku"].isin(skus) & sales["kind"].isin(["sale", "cancellation"])


def _away(rows: Rows, sales: pd.DataFrame) -> Floats:
    """[day, series] units of sales that are cancelled later: sold by now and not yet back."""
    moved = _net(sales)
    cancels = (sales["kind"] == "cancellation").to_numpy(dtype=np.bool_)
    out = _grid(rows, moved[cancels], "date", -moved.loc[cancels, "units"])
    back = _grid(rows, sales[cancels], "date", -sales.loc[cancels, "units"])
    return np.cumsum(out - back, axis=0)


def _net(sales: pd.DataFrame) -> pd.DataFrame:
    """Sales, with each cancellation moved to the day of the sale that it cancels."""
    sold = sales[sales["kind"] == "sale"].dropna(subset=["order_id"])
    days = sold.groupby(["order_id", *SERIES])["date"].first().rename("sold_on")
    joined = sales.join(days, on=["order_id", *SERIES])
    cancels = (joined["kind"] == "cancellation") & joined["sold_on"].notna()
    return joined.assign(date=joined["date"].where(~cancels, joined["sold_on"]))


def _grid(rows: Rows, frame: pd.DataFrame, when: str, values: "pd.Series[float]") -> Floats:
    """Sums [day, series]; what belongs to no series or day is left out."""
    total = np.zeros((rows.days, len(rows.series)))
    row, day = rows.place(frame), rows.day_of(frame[when])
    inside = (row >= 0) & (day >= 0) & (day < rows.days)
    np.add.at(total, (day[inside], row[inside]), values.to_numpy(dtype=np.float64)[inside])
    return total
