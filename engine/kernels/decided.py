"""A snapshot with what people plan: promotions, launches and prices that no file holds yet."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pandas as pd

from engine.kernels.columns import reals
from engine.model.decisions import Decisions
from engine.model.snapshot import Snapshot


def with_decided(snapshot: Snapshot, decisions: Decisions) -> Snapshot:
    """The snapshot with the decisions' promotions, launches and prices among its own.

    Past ones join as well: what sold on a promotion that only a person told us of is no season. A
    promotion that a file brings later beside ours changes nothing, because overlapping promotions
    do not add up. The snapshot's id stays: it names the data; decisions have their own digest.
    """
    joined = {
        "promotions": _below(snapshot["promotions"], decisions.promotions),
        "items": _launched(snapshot["items"], decisions.launches),
    }
    if "prices" in snapshot.tables:
        joined["prices"] = _priced(snapshot, decisions.prices)
    changed = {name: frame for name, frame in joined.items() if frame is not snapshot[name]}
    return replace(snapshot, tables={**snapshot.tables, **changed}) if changed else snapshot


def _below(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The table with further rows in its own columns and types."""
    if rows.empty:
        return table
    fitted = rows.reindex(columns=table.columns).astype(table.dtypes.to_dict())
    return pd.concat([table, fitted], ignore_index=True) if len(table) else fitted


def _launched(items: pd.DataFrame, launches: pd.DataFrame) -> pd.DataFrame:
    """Items with their planned launch date; one that no file knows is added as planned.

    A new item without a category takes the one of its analogue.
    """
    if launches.empty:
        return items
    planned = launches.drop_duplicates("sku", keep="last").set_index("sku")
    dates = items["sku"].map(planned["launch_date"])
    known = items.assign(
        launch_date=dates.where(dates.notna(), items["launch_date"]).astype("datetime64[ns]")
    )
    fresh = planned[~planned.index.isin(items["sku"])].reset_index()
    like = fresh["analogue"].map(items.drop_duplicates("sku").set_index("sku")["category"])
    named = fresh["category"].notna() & (fresh["category"] != "")
    rows = fresh.assign(
        category=fresh["category"].where(named, like), status="planned", units_per_record=1
    )
    rows = rows.assign(currency=None, renamed_from=None)
    return _below(known, rows)


def _priced(snapshot: Snapshot, planned: pd.DataFrame) -> pd.DataFrame:
    """The price list with planned prices; one that ends gives way to the price before it.

    Where nothing states a price before it, the item's own price comes back.
    """
    listed = snapshot["prices"]
    if planned.empty:
        return listed
    rows: list[dict[str, object]] = []
    for row in cast("list[dict[str, Any]]", planned.to_dict("records")):
        named = {"sku": row["sku"], "location": row["location"], "currency": None}
        starts, ends = row["start_date"], row["end_date"]
        rows.append({**named, "valid_from": starts, "price_micros": row["price_micros"]})
        before = _before(snapshot, row)
        if not pd.isna(ends) and before is not None:
            after = ends + pd.Timedelta(days=1)
            rows.append({**named, "valid_from": after, "price_micros": before})
    # Ours come last and the later row wins: a price of today's file may be what we change.
    keys = ["valid_from", "sku", "location"]
    both = _below(listed, pd.DataFrame(rows))
    return both.drop_duplicates(keys, keep="last").reset_index(drop=True)


def _before(snapshot: Snapshot, planned: Mapping[str, Any]) -> float | None:
    """The list price on the day before a planned one begins, in micros; None where unknown."""
    listed, items, sku = snapshot["prices"], snapshot["items"], str(planned["sku"])
    place = planned["location"] if isinstance(planned["location"], str) else ""
    earlier = (listed["sku"] == sku) & (listed["valid_from"] < planned["start_date"])
    before = _chosen(listed, earlier & listed["location"].fillna("").isin(["", place]))
    before = before.sort_values("valid_from", kind="stable")
    own = _chosen(items, items["sku"] == sku)
    # In the order of time: the item's own price is what holds where no list says otherwise.
    stated = [*reals(own, "price_micros"), *reals(before, "price_micros")]
    prices = [float(price) for price in stated if not np.isnan(price)]
    return prices[-1] if prices else None


def _chosen(frame: pd.DataFrame, kept: "pd.Series[bool]") -> pd.DataFrame:
    return frame[kept]
