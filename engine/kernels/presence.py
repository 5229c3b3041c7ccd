"""How much of each day an item could be bought, and what it usually sells when it can."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from engine.model.period import Period

USUAL_DAYS = 56  # before the end of the period, from which the usual sales are learnt
SERIES = ["sku", "location"]
_ALL_DAY = 0.999


def presence(stock: pd.DataFrame, items: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Columns date, sku, location, present: share of the day in stock, 0 to 1.

    Where the share was not recorded, a day counts as in stock if units were on hand in the
    evening. Items that are planned or discontinued are left out: they may be out of stock.
    """
    rows = _within(stock, period)
    gone = set(items.loc[items["status"].isin(["planned", "discontinued"]), "sku"])
    rows = rows[~rows["sku"].isin(gone)]
    recorded = rows["in_stock_fraction"].clip(0, 1)
    by_evening = (rows["on_hand"] > 0).astype(float)
    return rows[["date", *SERIES]].assign(present=recorded.fillna(by_evening))


def is_recorded(stock: pd.DataFrame, period: Period) -> bool:
    """Whether stock was recorded on at least half of the period's days (or weeks).

    The step of the records is their usual distance; one stock-take is no record of a month.
    """
    days = np.unique(stock["date"].to_numpy(dtype="datetime64[D]"))
    step = max(int(np.median(np.diff(days).astype(np.int64))), 1) if len(days) > 1 else 1
    inside = (days >= np.datetime64(period.start)) & (days <= np.datetime64(period.end))
    return bool(inside.sum() * step * 2 >= period.days)


def sold_units(sales: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Columns date, sku, location, units: sales less cancellations; returns stay sold."""
    rows = _within(sales, period)
    kept = rows[rows["kind"].isin(["sale", "cancellation"])]
    # Codes of the values that occur: a category that sold nothing is no row here.
    return kept.groupby(["date", *SERIES], observed=True)["units"].sum().reset_index()


def lost_units(
    sales: pd.DataFrame, stock: pd.DataFrame, items: pd.DataFrame, period: Period
) -> pd.DataFrame:
    """Columns sku, location, lost: units that would have sold while out of stock, estimated.

    The missing share of each day times the usual sales: the mean of the days in stock from dawn
    to dusk among the USUAL_DAYS up to the end of the period.
    """
    usual = usual_daily(sales, stock, items, period.end)
    days = presence(stock, items, period)
    missing = (1 - days["present"]).groupby([days["sku"], days["location"]], observed=True).sum()
    lost = missing.mul(usual).dropna()
    return lost[lost > 0].rename("lost").reset_index()


def usual_daily(
    sales: pd.DataFrame, stock: pd.DataFrame, items: pd.DataFrame, last: date
) -> "pd.Series[float]":
    """By sku and location: mean units on the days fully in stock of the USUAL_DAYS up to `last`."""
    learning = Period(start=last - timedelta(days=USUAL_DAYS - 1), end=last)
    days = presence(stock, items, learning)
    whole = days[days["present"] >= _ALL_DAY]
    count = whole.groupby(SERIES, observed=True)["present"].size()
    sold = sold_units(sales, learning).merge(
        whole.astype({"sku": object, "location": object}), on=["date", *SERIES]
    )
    units = sold.groupby(SERIES, observed=True)["units"].sum()
    return units.reindex(count.index, fill_value=0).clip(lower=0) / np.maximum(count, 1)


def _within(frame: pd.DataFrame, period: Period) -> pd.DataFrame:
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    return frame[(frame["date"] >= start) & (frame["date"] <= end)]
