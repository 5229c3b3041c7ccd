"""The catalogue of a run: what can be asked about, and what is known of one item."""

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import pandas as pd
import pyarrow as pa
from rapidfuzz import fuzz, process

from engine.errors import UnknownName
from engine.model.forecast import Forecast
from engine.model.snapshot import Snapshot
from engine.service.reading import RunHeader
from engine.service.stores import Stores
from engine.store.blobs import BlobStore

# One row per SKU x location of a run, sorted by (sku, location).
CATALOGUE = (
    "sku", "location", "name", "category", "status", "supplier", "supplier_name", "location_name",
    "price_micros", "unit_cost_micros",  # base currency
    "on_hand", "reserved",
    "stock_known",  # False: on hand was assumed
    "mean_weekly_units",  # of the forecast's first four weeks
    "confidence",
)  # fmt: skip


def catalogue_table(snapshot: Snapshot, forecast: Forecast) -> pa.Table:
    """The catalogue of a plan: every forecast series with what a person asks about it first."""
    series = forecast.series
    weekly = forecast.mean[:, : max(28 // forecast.bucket_days, 1)].mean(axis=1)
    rows = series[
        ["sku", "location", "name", "category", "status", "price_micros", "unit_cost_micros"]
    ].assign(confidence=series["confidence"], mean_weekly_units=weekly * 7 / forecast.bucket_days)
    rows = rows.merge(_latest_stock(snapshot), on=["sku", "location"], how="left")
    rows["stock_known"] = rows["on_hand"].notna()
    for column in ("on_hand", "reserved"):
        rows[column] = rows[column].fillna(0).astype("int64")
    rows = rows.merge(_preferred_supplier(snapshot), on="sku", how="left")
    places = snapshot["locations"].set_index("location")["name"]
    rows["location_name"] = rows["location"].map(places)
    return pa.Table.from_pandas(rows[list(CATALOGUE)], preserve_index=False)


def _latest_stock(snapshot: Snapshot) -> pd.DataFrame:
    stock = snapshot["stock"].astype({"sku": "object", "location": "object"})
    known = stock[stock["on_hand"].notna()].sort_values("date", kind="stable")
    last = known.drop_duplicates(["sku", "location"], keep="last")
    return last[["sku", "location", "on_hand", "reserved"]]


def _preferred_supplier(snapshot: Snapshot) -> pd.DataFrame:
    offers = snapshot["supplier_items"].sort_values(["sku", "rank", "supplier"], kind="stable")
    first = offers.drop_duplicates("sku")[["sku", "supplier"]]
    names = snapshot["suppliers"].set_index("supplier")["name"]
    return first.assign(supplier_name=first["supplier"].map(names))


@dataclass(frozen=True, kw_only=True)
class ItemMatch:
    sku: str
    name: str
    category: str
    score: float  # 0 to 100, how well the text fits


def catalogue(stores: Stores, run: RunHeader) -> pd.DataFrame:
    """The run's catalogue, columns CATALOGUE; shared, nobody writes into it."""
    return _catalogue(stores.blobs, run.artefacts["catalogue"])


def find_items(stores: Stores, run: RunHeader, text: str, limit: int = 5) -> list[ItemMatch]:
    """Items that fit free text by SKU, name or category, best first.

    An exact SKU (any case) is one match of score 100. Otherwise the score is rapidfuzz's
    token-set ratio against "SKU name", which forgives word order, plurals and typing errors.
    """
    items = _items(stores.blobs, run.artefacts["catalogue"])
    wanted = text.strip().casefold()
    exact = items.index[items["sku"].str.casefold() == wanted]
    if len(exact):
        return [_match(items, int(exact[0]), 100.0)]
    found = process.extract(
        wanted, items["haystack"], scorer=fuzz.WRatio, limit=limit, score_cutoff=55
    )
    ranked = sorted(found, key=lambda hit: (-round(hit[1], 3), str(hit[0])))
    return [_match(items, int(hit[2]), float(hit[1])) for hit in ranked]


def item_rows(stores: Stores, run: RunHeader, sku: str) -> pd.DataFrame:
    """The item at each of its locations; raises UnknownName with the nearest SKUs."""
    rows = catalogue(stores, run)
    found = rows[rows["sku"] == sku]
    if found.empty:
        raise UnknownName("SKU", sku, [m.sku for m in find_items(stores, run, sku, 3)])
    return found


@lru_cache(maxsize=8)
def _catalogue(blobs: BlobStore, name: str) -> pd.DataFrame:
    return blobs.get_table(name).to_pandas()


@lru_cache(maxsize=8)
def _items(blobs: BlobStore, name: str) -> pd.DataFrame:
    rows = _catalogue(blobs, name).drop_duplicates("sku").reset_index(drop=True)
    names = rows["sku"] + " " + rows["name"].fillna("") + " " + rows["category"].fillna("")
    return rows.assign(haystack=names.str.casefold())


def _match(items: pd.DataFrame, position: int, score: float) -> ItemMatch:
    row = cast("dict[str, str | None]", items.iloc[position].to_dict())
    return ItemMatch(
        sku=str(row["sku"]),
        name=str(row["name"] or row["sku"]),
        category=str(row["category"] or ""),
        score=score,
    )
