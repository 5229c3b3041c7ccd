"""What is held, what it cost and what was used of it: the ground of every figure about stock."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pandas as pd

from engine.kernels.currency import rate_of
from engine.kernels.presence import SERIES, sold_units
from engine.model.period import Period


def held_stock(stock: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Columns sku, location, on_hand: each series' last record before a day, where it has units."""
    known = stock[stock["date"] < pd.Timestamp(as_of)].dropna(subset=["on_hand"])
    last = known.sort_values("date").groupby(SERIES, observed=True).tail(1)
    held = last.loc[last["on_hand"] > 0, [*SERIES, "on_hand"]]
    return held.astype({"sku": object, "location": object, "on_hand": float})


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
