"""Returns and cancellations taken back in the period of the sale that they reverse."""

from dataclasses import replace

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats, Ints
from engine.demand.ledger import Ledger

SEARCH_DAYS = 60  # how long before a return its sale is looked for, where no order number tells


def date_reversals(ledger: Ledger) -> Ledger:
    """The ledger with each return and cancellation dated to the sale it reverses.

    A sale with the same order number, item and location comes first; else the latest earlier sale
    of exactly as many units within 60 days, each sale taken once. What matches nothing keeps its
    own date.
    """
    back = np.flatnonzero(ledger.reversal)
    if len(back) == 0:
        return ledger
    day = ledger.day.copy()
    matched = _by_order(ledger, back)
    day[back[matched >= 0]] = matched[matched >= 0]
    open_rows = back[matched < 0]
    matched = _by_units(ledger, open_rows)
    day[open_rows[matched >= 0]] = matched[matched >= 0]
    return replace(ledger, day=day)


def _by_order(ledger: Ledger, back: Ints) -> Ints:
    """Day of the first sale under the same order, item and location; -1 without one."""
    frame = pd.DataFrame({"order": ledger.order, "place": ledger.place, "day": ledger.day})
    reversals = frame.iloc[back]
    orders = set(reversals["order"].dropna())
    sale = (ledger.units > 0) & ~ledger.test
    candidates = frame[sale & frame["order"].isin(orders).to_numpy()]
    first = candidates.groupby(["order", "place"], sort=True)["day"].min()
    keys = pd.MultiIndex.from_frame(reversals[["order", "place"]])
    found = first.reindex(keys).to_numpy(dtype=np.float64)
    known = ~np.isnan(found) & (found <= ledger.day[back])
    return np.where(known, found, -1).astype(np.int64)


def _by_units(ledger: Ledger, back: Ints) -> Ints:
    """Day of the latest earlier sale of as many units, each sale used once; -1 without one."""
    sale = np.flatnonzero((ledger.units > 0) & ~ledger.test)
    sale = sale[np.isin(ledger.place[sale], ledger.place[back])]
    if len(sale) == 0 or len(back) == 0:
        return np.full(len(back), -1)
    right = _units_frame(ledger, sale).assign(sale=sale, sold=ledger.day[sale])
    left = _units_frame(ledger, back).assign(position=np.arange(len(back)))
    pairs = pd.merge_asof(
        left.sort_values(["day", "position"]),
        right.sort_values(["day", "sale"]),
        on="day",
        by=["place", "units"],
        tolerance=SEARCH_DAYS,
    ).dropna(subset=["sale"])
    pairs = pairs.drop_duplicates("sale")
    found = np.full(len(back), -1)
    found[pairs["position"].to_numpy(dtype=np.int64)] = pairs["sold"].to_numpy(dtype=np.int64)
    return found


def _units_frame(ledger: Ledger, rows: Ints) -> pd.DataFrame:
    units = np.abs(ledger.units[rows])
    return pd.DataFrame({"day": ledger.day[rows], "place": ledger.place[rows], "units": units})


def carry_back(net: Floats) -> tuple[Floats, Floats]:
    """Demand without negative buckets: what a bucket lacks is taken from the buckets before it.

    Returns the matrix and, per series, the units that no earlier sale covers. The sum of the
    matrix less those units is the sum of the input.
    """
    short = np.flatnonzero((net < 0).any(axis=1))
    uncovered = np.zeros(net.shape[0])
    if len(short) == 0:
        return net, uncovered
    carried = net[short].copy()
    owed = np.zeros(len(short))
    for bucket in range(net.shape[1] - 1, -1, -1):
        balance = carried[:, bucket] - owed
        carried[:, bucket] = np.maximum(balance, 0.0)
        owed = np.maximum(-balance, 0.0)
    whole = net.copy()
    whole[short] = carried
    uncovered[short] = owed
    return whole, uncovered
