"""What customers wanted: recorded sales, and what the engine's clean demand adds for lost time."""

import numpy as np

from engine.demand import clean_demand
from engine.model.config import PlanConfig
from engine.model.panel import DemandPanel
from engine.model.snapshot import Snapshot
from engine.simulate.rows import Floats, Ints, Rows, presence_grid


def recovered_demand(rows: Rows, snapshot: Snapshot, sold: Ints, config: PlanConfig) -> Ints:
    """Units wanted [day, series]: `sold` and what was missed while out of stock.

    Missed in a bucket is its clean demand (engine.demand, the same that the plan learns from) less
    what was sold in it, spread over the time the series was recorded out of stock and rounded so
    that a series' total is kept. Peaks stay: customers who came did come, whatever the forecast
    makes of them. Demand that phantom stock hid stays hidden, since the books would serve it.
    """
    panel = clean_demand(snapshot, config)
    missed = np.maximum(np.nan_to_num(panel.clean - np.maximum(panel.observed, 0.0)), 0.0)
    absent = _absent(rows, snapshot)
    bucket = _bucket_of(rows, panel)
    inside = bucket >= 0
    found = rows.place(panel.series)
    per_bucket = np.zeros((missed.shape[1], len(rows.series)))
    per_bucket[:, found[found >= 0]] = missed.T[:, found >= 0]
    out = np.zeros_like(per_bucket)
    np.add.at(out, bucket[inside], absent[inside])
    share = np.divide(absent[inside], out[bucket[inside]], where=absent[inside] > 0,
                      out=np.zeros_like(absent[inside]))  # fmt: skip
    lost = np.zeros(sold.shape)
    lost[inside] = share * per_bucket[bucket[inside]]
    whole = np.floor(np.cumsum(lost, axis=0) + 0.5)
    return sold + np.diff(whole, axis=0, prepend=0.0).astype(np.int64)


def _absent(rows: Rows, snapshot: Snapshot) -> Floats:
    """Share of each day that a series on record was out of stock; ended items are not missed."""
    items, stock = snapshot["items"], snapshot["stock"]
    gone = set(items.loc[items["status"].isin(["planned", "discontinued"]), "sku"])
    kept = stock[~stock["sku"].isin(gone)]
    everywhere = np.ones((rows.days, len(rows.series)), np.int64)
    return 1.0 - presence_grid(rows, kept, everywhere)


def _bucket_of(rows: Rows, panel: DemandPanel) -> Ints:
    """Position in the panel of each day of the rows; -1 before its first bucket."""
    starts = panel.starts.to_numpy(dtype="datetime64[D]")
    days = rows.dates(np.arange(rows.days)).to_numpy(dtype="datetime64[D]")
    return (np.searchsorted(starts, days, side="right") - 1).astype(np.int64)
