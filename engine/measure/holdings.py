"""What is held, what it cost and what was used of it: the ground of every figure about stock."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.currency import rate_of
from engine.kernels.presence import SERIES, sold_units
from engine.model.period import Period


def held_stock(stock: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Columns sku, location, on_hand: each series' last record before a day, where it has units."""
    told = (stock["date"] < pd.Timestamp(as_of)) & stock["on_hand"].notna()
    known = stock.loc[told.to_numpy(), ["date", *SERIES, "on_hand"]]
    last = known.iloc[_last_rows(known)]
    held = last.loc[last["on_hand"] > 0, [*SERIES, "on_hand"]]
    return held.astype({"sku": object, "location": object, "on_hand": float})


def _last_rows(known: pd.DataFrame) -> NDArray[np.int64]:
    """Where each series' newest record stands, oldest first; of equal days the last row counts.

    A stock history has millions of rows: sorting it whole would take most of a figure's time.
    """
    sku, location = (pd.factorize(known[name])[0].astype(np.int64) for name in SERIES)
    both = sku * (int(location.max(initial=0)) + 1) + location
    series = np.asarray(pd.factorize(both)[0], dtype=np.int64)
    day = known["date"].to_numpy(dtype="datetime64[ns]").astype(np.int64)
    newest = np.full(int(series.max(initial=-1)) + 1, np.iinfo(np.int64).min)
    np.maximum.at(newest, series, day)
    at = np.flatnonzero(day == newest[series])
    last = np.full(len(newest), -1)
    np.maximum.at(last, series[at], at)
    return last[np.argsort(day[last], kind="stable")]


def unit_costs(items: pd.DataFrame, rates: Mapping[str, Decimal], base: str) -> pd.DataFrame:
    """Columns sku, cost (micros of the base currency, real) of items whose cost is known."""
    judged = items.dropna(subset=["unit_cost_micros"])
    rate = [float(rate_of(rates, each or base)) for each in judged["currency"]]
    return pd.DataFrame({"sku": judged["sku"], "cost": judged["unit_cost_micros"] * rate})


def used_units(sales: pd.DataFrame, bundles: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Columns sku, location, units: sold by itself or as a part of sets."""
    sold = sold_units(sales, period).astype({"sku": object, "location": object})
    parts = sold.merge(bundles, left_on="sku", right_on="bundle_sku")
    drawn = pd.DataFrame(
        {
            "sku": parts["component_sku"],
            "location": parts["location"],
            "units": parts["units"] * parts["quantity"],
        }
    )
    both = pd.concat([sold[[*SERIES, "units"]], drawn])
    return both.groupby(SERIES, observed=True)["units"].sum().reset_index()
