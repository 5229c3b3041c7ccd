"""Snapshots for demand and forecast tests: say the sales, get every table of the contract."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from engine.model.contract import BY_NAME, TABLES, Kind
from engine.model.snapshot import Bucket, CompanyProfile, Snapshot

AS_OF = date(2026, 11, 23)  # a Monday
_DTYPES: Mapping[Kind, str] = {
    "text": "object", "list": "object", "integer": "float64", "money": "float64",
    "real": "float64", "date": "datetime64[ns]", "instant": "datetime64[ns]", "flag": "bool",
}  # fmt: skip
_CATEGORICAL = {"sales", "stock", "traffic"}


def table(name: str, rows: pd.DataFrame | Sequence[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """A typed frame of one table; columns not given get their default or nothing."""
    given = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    given = given.reset_index(drop=True)
    columns: dict[str, pd.Series] = {}
    for column in BY_NAME[name].columns:
        values = given.get(column.stored, pd.Series([column.default] * len(given), dtype=object))
        if column.default is not None:
            values = values.where(values.notna(), column.default)
        typed = values.astype(_DTYPES[column.kind])
        if _DTYPES[column.kind] == "object":
            typed = typed.where(typed.notna(), None)
        columns[column.stored] = typed
    frame = pd.DataFrame(columns)
    if name in _CATEGORICAL:
        for key in {"sku", "location", "channel"} & set(frame.columns):
            frame[key] = frame[key].astype("category")
    return frame


@cache
def empty_table(name: str) -> pd.DataFrame:
    """Shared: nobody writes into the frames of a snapshot."""
    return table(name)


def snapshot(
    *,
    as_of: date = AS_OF,
    first_day: date | None = None,
    sales_bucket: Bucket = "day",
    **rows: pd.DataFrame | Sequence[Mapping[str, Any]],
) -> Snapshot:
    """A snapshot with the given tables; the others are empty. Items follow from sales."""
    tables = {
        t.name: table(t.name, rows[t.name]) if t.name in rows else empty_table(t.name)
        for t in TABLES
    }
    if "items" not in rows:
        names = sorted(set(tables["sales"]["sku"].astype(str)))
        tables["items"] = table("items", [{"sku": name, "category": "goods"} for name in names])
    dates = tables["sales"]["date"]
    first = first_day or (dates.min().date() if len(dates) else as_of)
    return Snapshot(
        id="test",
        company=CompanyProfile(name="Test", base_currency="GBP"),
        first_day=first,
        as_of=as_of,
        sales_bucket=sales_bucket,
        tables=tables,
    )


def days_before(count: int, as_of: date = AS_OF) -> pd.DatetimeIndex:
    """The last `count` days before the as-of date."""
    return pd.date_range(end=as_of - timedelta(days=1), periods=count)


def daily_sales(sku: str, units: Sequence[float], *, location: str = "MAIN") -> pd.DataFrame:
    """One sale a day, the last on the day before the as-of date; days with zero have no row."""
    values = np.asarray(units)
    frame = pd.DataFrame({"date": days_before(len(values)), "sku": sku, "location": location})
    return frame.assign(units=values, order_id=None, kind="sale", channel="web")[values != 0]


def daily_stock(
    sku: str,
    on_hand: Sequence[float],
    *,
    location: str = "MAIN",
    fraction: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Stock at the end of each day, the last on the day before the as-of date."""
    frame = pd.DataFrame({"date": days_before(len(on_hand)), "sku": sku, "location": location})
    return frame.assign(on_hand=np.asarray(on_hand, dtype=float), in_stock_fraction=fraction)
