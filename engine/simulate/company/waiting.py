"""Customers who wait for stock, and the caps on this and the coming weeks' buying."""

from datetime import timedelta

import numpy as np
import pandas as pd

from engine.simulate.company.catalogue import Catalogue
from engine.simulate.company.days import Days, Ints, stream
from engine.simulate.company.demand import Wanted
from engine.simulate.company.flow import Flow
from engine.simulate.company.places import LOCATIONS, WAREHOUSE, Series

WEEKLY_CAP_PER_SKU = 125.0  # GBP; 50,000 for 400 SKUs


def backorder_table(
    seed: int, catalogue: Catalogue, series: Series, wanted: Wanted, flow: Flow, days: Days
) -> pd.DataFrame:
    """Contract table `backorders`: web and trade orders of the last weeks that found nothing.

    Only items with goods under way: the shop takes no order for what it has not ordered itself.
    """
    random = stream(seed, "backorders")
    day, slot, row = _unserved(random, series, wanted, flow, days)
    placed = days.at(day + days.end - 20) + pd.to_timedelta(
        random.integers(8 * 60, 22 * 60, len(day)), unit="min"
    )
    paid = (random.random(len(day)) < 0.75) & (slot == 0)
    arrival = (flow.received[days.end + 1 :] > 0).argmax(axis=0)[row] + 1
    promised = day + np.maximum(arrival + 20 - day - random.integers(-3, 6, len(day)), 3)
    start = days.at(promised + days.end - 20)
    return pd.DataFrame(
        {
            "order_line": [f"W{900_000 + place}-1" for place in range(len(day))],
            "sku": np.array(catalogue.skus, dtype=object)[series.item[row]],
            "location": LOCATIONS[WAREHOUSE],
            "channel": np.where(slot == 0, "web", "wholesale"),
            "units": _missed(wanted, flow, days)[day, slot, row].astype(np.int64),
            "ordered_at": placed,
            "paid_at": (placed + pd.to_timedelta(3, unit="min")).where(paid),
            "promised_from": start,
            "promised_to": start + pd.Timedelta(days=4),
            "contact_ref": [f"customer-{random.integers(10_000, 99_999)}" for _ in day],
        }
    )


def _missed(wanted: Wanted, flow: Flow, days: Days) -> Ints:
    """[day, slot, series] of the last three weeks."""
    recent = slice(days.end - 20, days.end + 1)
    return np.maximum(wanted.units[recent] - flow.sold[recent], 0).astype(np.int64)


def _unserved(
    random: np.random.Generator, series: Series, wanted: Wanted, flow: Flow, days: Days
) -> tuple[Ints, Ints, Ints]:
    """Day, slot and series of up to sixty orders that wait for goods under way."""
    under_way = flow.received[days.end + 1 :].sum(axis=0) > 0
    empty = (flow.on_hand[days.end] == 0) & under_way & (series.location == WAREHOUSE)
    missed = _missed(wanted, flow, days) * empty[None, None, :]
    missed[:, 1] = 0  # the marketplace takes no order without stock
    day, slot, row = np.nonzero(missed)
    kept = np.sort(random.permutation(len(day))[:60])
    return day[kept], slot[kept], row[kept]


def budget_table(days: Days, skus: int) -> pd.DataFrame:
    """Contract table `budgets`: one cap on all buying for this week and the four after it."""
    weeks = [days.last + timedelta(days=1 + 7 * week) for week in range(5)]
    names = [f"{day.isocalendar().year}-W{day.isocalendar().week:02d}" for day in weeks]
    return pd.DataFrame(
        {
            "scope": "total",
            "period": names,
            "cap": round(WEEKLY_CAP_PER_SKU * skus, -2),
            "currency": "GBP",
            "owner": "finance",
        }
    )
