"""A snapshot with what people plan: promotions, launches and prices that no file holds yet."""

from dataclasses import replace

import pandas as pd

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
        joined["prices"] = _below(snapshot["prices"], decisions.prices)
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
