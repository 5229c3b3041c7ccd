"""M5 arrays as a snapshot: what a planner would have had on the morning after the last day."""

import numpy as np
import pandas as pd

from engine.model.snapshot import Snapshot
from evals.m5.files import M5Data
from evals.snapshots import snapshot_of

MICROS = 1e6


def snapshot_at(data: M5Data, cut: int) -> Snapshot:
    """Sales of the first `cut` days; calendar and shelf prices also of the days after.

    Both were given to everyone ahead of the scored days in M5; here they are plans. Stock was
    never recorded, so every day counts as in stock.
    """
    return snapshot_of(
        f"m5-{data.store}",
        as_of=data.days[cut].date(),
        bucket="day",
        sales=_sales(data, cut),
        prices=_prices(data),
        holidays=data.events,
        items=pd.DataFrame({"sku": list(data.items), "category": _categories(data)}),
        locations=pd.DataFrame({"location": [data.store], "kind": ["store"]}),
    )


def _categories(data: M5Data) -> list[str]:
    """FOODS_3_001 -> FOODS/FOODS_3."""
    parts = [item.rsplit("_", 2) for item in data.items]
    return [f"{category}/{category}_{department}" for category, department, _ in parts]


def _sales(data: M5Data, cut: int) -> pd.DataFrame:
    row, day = np.nonzero(data.units[:, :cut])
    paid = data.price[row, day]
    return pd.DataFrame({
        "date": data.days[day],
        "sku": pd.Categorical.from_codes(row, categories=list(data.items)),
        "location": pd.Categorical.from_codes(np.zeros(len(row), np.int8), [data.store]),
        "units": data.units[row, day],
        "price_micros": paid * MICROS,
        "kind": "sale",
    })  # fmt: skip


def _prices(data: M5Data) -> pd.DataFrame:
    """One row per change of the shelf price."""
    before = np.column_stack([np.full(len(data.price), np.nan), data.price[:, :-1]])
    row, day = np.nonzero(np.isfinite(data.price) & (data.price != before))
    return pd.DataFrame({
        "valid_from": data.days[day],
        "sku": np.array(data.items, dtype=object)[row],
        "location": data.store,
        "price_micros": data.price[row, day] * MICROS,
    })  # fmt: skip
