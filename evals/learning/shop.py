"""A slice of real sales as a company that imports its files anew every week."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from engine.connect.write_folder import MAPPING_FILE, write_folder
from engine.model.snapshot import CompanyProfile, Snapshot
from engine.service.importing import import_folder
from engine.service.stores import Stores
from evals.histories.frat import read_frat
from evals.histories.history import History
from evals.histories.m5 import read_m5, weekly
from evals.histories.vn2 import read_vn2

READERS: Mapping[str, Callable[[Path], History]] = {
    "frat": read_frat, "vn2": read_vn2, "m5": lambda folder: weekly(read_m5(folder)),
}  # fmt: skip
COMPANY = CompanyProfile(name="A real shop", base_currency="USD")
# The data sets agree on sales only. Terms are assumed alike for all: they move orders, which
# nobody places here, and no forecast.
PRICE, COST, LEAD_DAYS = 3.0, 2.0, 14
SUPPLIER = "EVERYTHING"
_MAPPING = f"""company:
  name: {COMPANY.name}
  base_currency: {COMPANY.base_currency}
sales_bucket: week
as_of: {{as_of}}
"""


def drawn(history: History, series: int, seed: int) -> History:
    """A random slice of so many series, in the order they had."""
    count = min(series, len(history.units))
    rows = np.random.default_rng(seed).choice(len(history.units), count, replace=False)
    return history.of(np.sort(rows))


def morning_of(day: date) -> datetime:
    return datetime.combine(day, time(7), tzinfo=UTC)


def bring_in(stores: Stores, folder: Path, known: History) -> str:
    """Write the weeks known so far as the company's files, and import them; the snapshot's id."""
    snapshot = known.snapshot()
    as_of = snapshot.as_of
    write_folder(
        folder, COMPANY, _tables(snapshot),
        files={MAPPING_FILE: _MAPPING.format(as_of=as_of.isoformat())}, replace=True,
    )  # fmt: skip
    return import_folder(stores, folder, now=morning_of(as_of)).snapshot_id


def _tables(snapshot: Snapshot) -> dict[str, pd.DataFrame]:
    """Sales, availability and what planning cannot do without, as a person would export them."""
    keys = ["date", "sku", "location"]
    places = sorted(snapshot["stock"]["location"].astype(str).unique())
    items = snapshot["items"][["sku", "category", "launch_date"]]
    return {
        "sales": snapshot["sales"][[*keys, "units"]],
        "stock": snapshot["stock"][[*keys, "in_stock_fraction"]],
        "items": items.assign(name=items["sku"], price=PRICE, unit_cost=COST),
        "locations": pd.DataFrame({"location": places, "kind": "store"}),
        "suppliers": pd.DataFrame({
            "supplier": [SUPPLIER], "name": [SUPPLIER], "lead_time_days": [LEAD_DAYS],
        }),
        "supplier_items": pd.DataFrame({
            "supplier": SUPPLIER, "sku": items["sku"], "unit_cost": COST,
        }),
    }  # fmt: skip


def first_day_after(history: History, buckets: int) -> date:
    return history.first_day + timedelta(days=buckets * history.bucket_days)
