"""Which items are clean enough to begin with, and what each of the others lacks."""

from datetime import timedelta

import numpy as np
import pandas as pd

from engine.kernels.presence import is_recorded
from engine.model.money import MICROS
from engine.model.period import Period
from engine.model.snapshot import Snapshot

YEAR_DAYS, LEAST_SOLD_WEEKS, LEAST_RECEIPTS = 364, 26, 3
# What an item must have, and how it is got.
LACKS = {
    "history": f"sold in fewer than {LEAST_SOLD_WEEKS} weeks of the last year: begin later, it is "
    "planned by its category meanwhile",
    "cost": "no unit cost: add unit_cost to items or supplier_items",
    "price": "no price: add price to items",
    "supplier": "nobody sells it to us: add a row to supplier_items",
    "packs": "no pack or minimum stated: add case_pack and minimum_units to supplier_items",
    "stock": "stock is not recorded: bring in the stock history",
    "lead time": f"fewer than {LEAST_RECEIPTS} deliveries and no lead time stated: add receipts, "
    "or lead_time_days to suppliers",
    "no doubts": "the import or the demand has doubts about it: see qm corrections list",
}


def readiness(snapshot: Snapshot, doubted: set[str]) -> pd.DataFrame:
    """One row per active item: sku, revenue (of a year, base currency), a column per key of LACKS.

    `doubted` are SKUs with findings that nobody has cleared. Best first: clean ones by revenue,
    then those that lack least.
    """
    items = snapshot["items"]
    # A set is made of its parts: it is neither bought nor stocked.
    sets = set(snapshot["bundles"]["bundle_sku"].astype(str))
    rows = items[items["status"] == "active"][["sku"]].astype(str).drop_duplicates()
    rows = rows[~rows["sku"].isin(sets)]
    skus = rows["sku"]
    last = pd.Timestamp(snapshot.as_of)
    sales = snapshot["sales"]
    recent = sales[
        (sales["date"] >= last - pd.Timedelta(days=YEAR_DAYS)) & (sales["kind"] == "sale")
    ]
    by_sku = recent.assign(sku=recent["sku"].astype(str), week=recent["date"].dt.to_period("W"))
    weeks = by_sku.groupby("sku")["week"].nunique()
    revenue = by_sku.groupby("sku")["net_revenue_micros"].sum() / MICROS
    known = items.assign(sku=items["sku"].astype(str)).drop_duplicates("sku").set_index("sku")
    offers = snapshot["supplier_items"]
    found = rows.assign(
        revenue=skus.map(revenue).fillna(0.0),
        history=skus.map(weeks).fillna(0) >= LEAST_SOLD_WEEKS,
        cost=skus.map(known["unit_cost_micros"].notna()).fillna(value=False)
        | skus.isin(_stated(offers, "unit_cost_micros")),
        price=skus.map(known["price_micros"].notna()).fillna(value=False)
        | skus.isin(revenue.index),
        supplier=skus.isin(set(offers["sku"].astype(str))),
        packs=skus.isin(_stated(offers, "case_pack")),
        stock=skus.isin(_stocked(snapshot)),
        **{"lead time": skus.isin(_delivered(snapshot))},
        **{"no doubts": ~skus.isin(doubted)},
    )
    lacking = (~found[list(LACKS)].astype(bool)).sum(axis=1)
    order = np.lexsort((found["sku"], -found["revenue"], lacking))
    return found.assign(lacking=lacking).iloc[order].reset_index(drop=True)


def _stated(offers: pd.DataFrame, column: str) -> set[str]:
    return set(offers.loc[offers[column].notna(), "sku"].astype(str))


def _stocked(snapshot: Snapshot) -> set[str]:
    """Items whose stock was counted on the last fortnight's days or so."""
    stock = snapshot["stock"]
    last = snapshot.as_of - timedelta(days=1)
    period = Period(start=last - timedelta(days=55), end=last)
    if not is_recorded(stock, period):
        return set()
    recent = stock[stock["date"] >= pd.Timestamp(last - timedelta(days=14))]
    return set(recent.dropna(subset=["on_hand"])["sku"].astype(str))


def _delivered(snapshot: Snapshot) -> set[str]:
    """Items with enough deliveries of their own, or whose supplier states a lead time."""
    lines = snapshot["receipts"].merge(snapshot["purchase_orders"], on=["po", "line"])
    counts = lines["sku"].astype(str).value_counts()
    stated = snapshot["suppliers"].dropna(subset=["lead_time_days"])["supplier"]
    offers = snapshot["supplier_items"]
    by_supplier = offers[offers["supplier"].isin(stated) | offers["lead_time_days"].notna()]
    return set(counts[counts >= LEAST_RECEIPTS].index) | set(by_supplier["sku"].astype(str))
